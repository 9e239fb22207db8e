/** The call of a conversation as a program of one's own. */
import { Modal, SegmentedControl, Select, Stack, Switch, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useWords } from '../../i18n';
import { bodyOf, type Settings } from '../../lib/chat';
import { asking, type Lane, question, settingsOf } from '../../lib/lanes';
import { FLAVOURS, type Flavour, LANGUAGE, snippet } from '../../lib/snippets';
import { Listing } from './Prose';
import type { State } from './store';

const NAMES: Record<Flavour, string> = {
  curl: 'curl',
  openai: 'Python · OpenAI',
  anthropic: 'Python · Anthropic',
  'openai-js': 'JavaScript · OpenAI',
  'anthropic-js': 'JavaScript · Anthropic',
};

export function Snippet(props: {
  lane: Lane | undefined;
  turn: (lane: string | null) => void;
  state: State;
  gateway: string;
}): ReactNode {
  const { t } = useWords();
  const { lane, state } = props;
  const [flavour, setFlavour] = useState<Flavour>('curl');
  const [stream, setStream] = useState(false);
  return (
    <Modal
      opened={lane !== undefined}
      onClose={() => props.turn(null)}
      title={t('play.code')}
      size="xl"
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {lane && (
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('play.code.detail')}
          </Text>
          {state.lanes.length > 1 && (
            <Select
              label={t('play.code.lane')}
              value={lane.id}
              onChange={(value) => value && props.turn(value)}
              allowDeselect={false}
              data={state.lanes.map((each, index) => ({
                value: each.id,
                label: `${index + 1} · ${each.model}`,
              }))}
            />
          )}
          <div className="flavours">
            <SegmentedControl
              aria-label={t('play.code.flavour')}
              value={flavour}
              onChange={(value) => setFlavour(value as Flavour)}
              data={FLAVOURS.map((each) => ({ value: each, label: NAMES[each] }))}
            />
          </div>
          <Switch
            label={t('play.code.stream')}
            checked={stream}
            onChange={(event) => setStream(event.currentTarget.checked)}
          />
          <Listing
            text={textOf(flavour, lane, state.settings, state, props.gateway, stream, t('play.example'))}
            language={LANGUAGE[flavour]}
            label={NAMES[flavour]}
            tall
          />
        </Stack>
      )}
    </Modal>
  );
}

/** Of the question being written, else of the last one asked, else of an example. */
function textOf(
  flavour: Flavour,
  lane: Lane,
  settings: Settings,
  state: State,
  gateway: string,
  stream: boolean,
  example: string,
): string {
  const written = state.draft.trim() !== '' || state.images.length > 0;
  const draft = written
    ? question(state.draft.trim(), state.images)
    : lane.said.length === 0
      ? question(example, [])
      : null;
  const body = bodyOf(lane.model, asking(lane, draft), settingsOf(lane, settings));
  return snippet(flavour, gateway, body, stream);
}
