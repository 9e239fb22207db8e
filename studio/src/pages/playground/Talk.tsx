/** What was said in one conversation. It scrolls along with an answer only for those who read its end. */
import { Button } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useWords } from '../../i18n';
import type { Lane } from '../../lib/lanes';
import { Asked } from './Asked';
import type { Known } from './known';
import { Told } from './Told';

const NEAR_END = 60;

export function Talk(props: { lane: Lane; known: Known; children: ReactNode }): ReactNode {
  const { t } = useWords();
  const { lane } = props;
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const [away, setAway] = useState(false);
  const asked = lane.said.filter((each) => each.kind === 'question').length;
  const toEnd = (): void => box.current?.scrollTo({ top: box.current.scrollHeight });
  useEffect(() => {
    // A question just asked is what its reader wants to see.
    if (asked > 0) follows.current = true;
  }, [asked]);
  useEffect(() => {
    const at = box.current;
    if (!at || lane.said.length === 0) return;
    if (follows.current) at.scrollTo({ top: at.scrollHeight });
    // What was said may have become less: then there is nothing to scroll to.
    if (at.scrollHeight - at.scrollTop - at.clientHeight < NEAR_END) setAway(false);
  }, [lane.said]);
  const several =
    new Set(lane.said.map((each) => (each.kind === 'answer' ? each.model : lane.model))).size > 1;
  return (
    <div className="talkbox">
      {/* biome-ignore lint/a11y/useSemanticElements: a section would be a landmark for every conversation */}
      <div
        className="talk"
        ref={box}
        role="group"
        aria-label={t('play.talk', { model: lane.model })}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
        tabIndex={0}
        onScroll={({ currentTarget: at }) => {
          follows.current = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR_END;
          setAway(!follows.current);
        }}
      >
        {lane.said.length === 0 && props.children}
        {lane.said.map((said, index) => {
          const last = index === lane.said.length - 1;
          return said.kind === 'question' ? (
            <Asked key={said.id} lane={lane.id} question={said} busy={lane.busy} />
          ) : (
            <Told
              key={said.id}
              lane={lane.id}
              answer={said}
              last={last}
              several={several}
              waking={last ? props.known.sleeps(said.model) : null}
              busy={lane.busy}
            />
          );
        })}
      </div>
      {away && lane.said.length > 0 && (
        <Button
          className="tolast"
          size="compact-sm"
          radius="xl"
          variant="default"
          leftSection={<IconArrowDown size={14} />}
          onClick={toEnd}
        >
          {t('play.tolast')}
        </Button>
      )}
    </div>
  );
}
