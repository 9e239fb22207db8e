/** What stands where no conversation is yet: where models come from, what can be tried, what others were asked. */
import { Button, Text, Title } from '@mantine/core';
import { IconBraces, IconMessages, IconPlug, IconRobotOff, IconTool } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Sentence, useWords } from '../../i18n';
import type { Settings } from '../../lib/chat';
import type { Lane } from '../../lib/lanes';
import { SCHEMA_EXAMPLE } from '../../lib/schema';
import { TOOL_EXAMPLE } from '../../lib/tools';
import { Empty } from '../../ui/states';
import type { Known } from './known';
import { store } from './store';

export function NoModels(props: { known: Known }): ReactNode {
  const { t } = useWords();
  const { may } = props.known;
  const pulls = may('models.write');
  const adds = may('providers.write');
  return (
    <section className="card nomodels">
      <Empty
        icon={<IconRobotOff size={20} />}
        title={t('play.nomodels')}
        action={
          (pulls || adds) && (
            <div className="row">
              {pulls && (
                <Button renderRoot={(rest) => <Link to="/models" search={{ tab: 'local' }} {...rest} />}>
                  {t('play.nomodels.pull')}
                </Button>
              )}
              {adds && (
                <Button
                  variant="default"
                  leftSection={<IconPlug size={16} />}
                  renderRoot={(rest) => <Link to="/providers" {...rest} />}
                >
                  {t('play.nomodels.add')}
                </Button>
              )}
            </div>
          )
        }
      >
        {pulls || adds ? t('play.nomodels.detail') : t('play.nomodels.ask')}
      </Empty>
    </section>
  );
}

const TRIES: { icon: typeof IconTool; word: Sentence; draft: Sentence; settings: Partial<Settings> }[] = [
  { icon: IconMessages, word: 'play.try.ask', draft: 'play.try.ask.draft', settings: {} },
  {
    icon: IconBraces,
    word: 'play.try.json',
    draft: 'play.try.json.draft',
    settings: { schema: SCHEMA_EXAMPLE, tools: '' },
  },
  {
    icon: IconTool,
    word: 'play.try.tools',
    draft: 'play.try.tools.draft',
    settings: { tools: TOOL_EXAMPLE, schema: '' },
  },
];

/** In the only conversation: what could be asked. */
export function Tries(props: { settings: Settings; focus: () => void }): ReactNode {
  const { t } = useWords();
  return (
    <div className="tries">
      <Title order={2}>{t('play.empty')}</Title>
      <Text size="sm" c="dimmed">
        {t('play.empty.detail')}
      </Text>
      <div className="row">
        {TRIES.map(({ icon: Icon, word, draft, settings }) => (
          <button
            key={word}
            type="button"
            className="try"
            onClick={() => {
              store.set({ draft: t(draft), settings: { ...props.settings, ...settings } });
              props.focus();
            }}
          >
            <Icon size={16} aria-hidden />
            <span>
              {t(word)}
              <small>{t(draft)}</small>
            </span>
          </button>
        ))}
      </div>
    </div>
  );
}

/** In a conversation beside one that has begun: how it can begin alike. */
export function Beside(props: { lane: Lane; other: Lane }): ReactNode {
  const { t } = useWords();
  const { lane, other } = props;
  return (
    <div className="tries">
      <Title order={2}>{t('play.beside')}</Title>
      <Text size="sm" c="dimmed">
        {t('play.beside.detail')}
      </Text>
      <div className="row">
        <Button
          variant="default"
          size="xs"
          disabled={!lane.model || lane.busy}
          onClick={() => store.askAlso(lane.id, other)}
        >
          {t('play.beside.ask')}
        </Button>
        <Button
          variant="default"
          size="xs"
          onClick={() =>
            store.change(lane.id, (now) => ({
              ...now,
              said: other.said.filter((each) => each.kind === 'question' || each.end !== null),
            }))
          }
        >
          {t('play.beside.copy')}
        </Button>
      </div>
    </div>
  );
}
