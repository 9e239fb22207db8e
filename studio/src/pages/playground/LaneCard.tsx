/** One conversation: with whom, what was said, what it used. */
import { ActionIcon, Badge, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconAdjustments,
  IconCode,
  IconCopyPlus,
  IconDots,
  IconEraser,
  IconPlayerStop,
  IconX,
} from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { memo, type ReactNode, useEffect, useRef } from 'react';
import { useWords } from '../../i18n';
import { freshLane, type Lane, lastAnswer, MOST_LANES } from '../../lib/lanes';
import type { Known } from './known';
import { Meter } from './Meter';
import { Picker } from './Picker';
import { store } from './store';
import { Talk } from './Talk';

export const LaneCard = memo(function LaneCard(props: {
  lane: Lane;
  number: number;
  count: number;
  shown: boolean;
  known: Known;
  settle: (lane: string) => void;
  code: (lane: string) => void;
  children: ReactNode;
}): ReactNode {
  const { t } = useWords();
  const { lane, known, count } = props;
  const queries = useQueryClient();
  const was = useRef(lane.busy);
  const slept = known.sleeps(lane.model) !== null;
  useEffect(() => {
    if (was.current && !lane.busy && slept) void queries.invalidateQueries({ queryKey: ['models'] });
    was.current = lane.busy;
  }, [lane.busy, slept, queries]);
  const undoable = (message: string, undo: () => void): void => {
    const id = `undo-${lane.id}`;
    notifications.show({
      position: 'top-center',
      id,
      message: (
        <span className="undo">
          {message}
          <button
            type="button"
            className="undoes"
            onClick={() => {
              undo();
              notifications.hide(id);
            }}
          >
            {t('play.undo')}
          </button>
        </span>
      ),
    });
  };
  const remove = (): void => undoable(t('play.removed', { model: lane.model }), store.remove(lane.id));
  return (
    <section
      className="card lane"
      id={`lane-${lane.id}`}
      aria-label={t('play.lane', { count: props.number })}
      data-shown={props.shown || undefined}
    >
      <header>
        <Picker
          known={known}
          value={lane.model}
          choose={(model) => store.change(lane.id, (now) => ({ ...now, model }))}
        />
        {lane.own && (
          <Badge color="gray" className="own">
            {t('play.own.short')}
          </Badge>
        )}
        {lane.busy && count > 1 && (
          <ActionIcon
            aria-label={t('play.stop.one', { model: lane.model })}
            onClick={() => store.stopOne(lane.id)}
          >
            <IconPlayerStop size={16} />
          </ActionIcon>
        )}
        <Menu position="bottom-end" shadow="md" width={260}>
          <Menu.Target>
            <ActionIcon aria-label={t('play.lane.menu', { count: props.number })}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconAdjustments size={15} />} onClick={() => props.settle(lane.id)}>
              {t('play.own')}
            </Menu.Item>
            <Menu.Item leftSection={<IconCode size={15} />} onClick={() => props.code(lane.id)}>
              {t('play.code')}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconCopyPlus size={15} />}
              disabled={count >= MOST_LANES}
              onClick={() =>
                store.add({
                  ...freshLane(lane.model, lane.own),
                  said: lane.said.filter((each) => each.kind === 'question' || each.end !== null),
                })
              }
            >
              {t('play.duplicate')}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconEraser size={15} />}
              disabled={lane.said.length === 0 || lane.busy}
              onClick={() => {
                store.change(lane.id, (now) => ({ ...now, said: [] }));
                undoable(t('play.cleared'), () =>
                  store.change(lane.id, (now) => ({ ...now, said: [...lane.said, ...now.said] })),
                );
              }}
            >
              {t('play.clear.one')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        {count > 1 && (
          <ActionIcon aria-label={t('play.remove', { model: lane.model })} onClick={remove}>
            <IconX size={16} />
          </ActionIcon>
        )}
      </header>
      <Talk lane={lane} known={known}>
        {props.children}
      </Talk>
      <footer>
        <Meter answer={lastAnswer(lane)} known={known} />
      </footer>
    </section>
  );
});
