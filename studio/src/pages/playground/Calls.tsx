/** The tools that a model calls, as cards: the reader plays the tool and types what it gives back. */
import { Badge, Button, Textarea } from '@mantine/core';
import { IconTool } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useWords } from '../../i18n';
import { type Answer, type Call, open } from '../../lib/chat';
import { pretty } from '../../lib/tools';
import { Listing } from './Prose';

/** What each tool gave back last, so that the next call of it can be answered alike. */
const lastResults = new Map<string, string>();
const SAMPLE = '{"ok": true}';

export function Calls(props: {
  answer: Answer;
  /** Whether the conversation stands here and goes on with the results. */
  waiting: boolean;
  give: (results: Record<string, string>) => void;
}): ReactNode {
  const { t } = useWords();
  const { answer, waiting } = props;
  const [typed, setTyped] = useState<Record<string, string>>({});
  const asked = waiting ? open(answer) : [];
  const textFor = (call: Call): string => typed[call.id] ?? lastResults.get(call.name) ?? '';
  const go = (): void => {
    const results = { ...answer.results };
    for (const call of asked) results[call.id] = textFor(call) || SAMPLE;
    // Only now: calls of the same tool at the same time are not answered alike unasked.
    for (const call of asked) lastResults.set(call.name, results[call.id] ?? SAMPLE);
    props.give(results);
  };
  return (
    <form
      className="calls"
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
    >
      {answer.calls.map((call) => {
        const given = answer.results[call.id];
        const wanted = asked.includes(call);
        return (
          <section key={call.id} className="call" aria-label={t('play.calls', { tool: call.name })}>
            <header>
              <IconTool size={15} aria-hidden />
              <b className="mono clip">{call.name}</b>
              {answer.end === null ? (
                <Badge color="gray">{t('play.call.growing')}</Badge>
              ) : given === undefined ? (
                wanted && <Badge color="orange">{t('play.call.waits')}</Badge>
              ) : (
                <Badge color="teal">{t('play.call.given')}</Badge>
              )}
            </header>
            <Listing text={pretty(call.arguments)} language="json" label={t('play.call.arguments')} />
            {given !== undefined && (
              <Listing text={pretty(given)} language="json" label={t('play.call.result')} />
            )}
            {wanted && (
              <Textarea
                label={t('play.call.result')}
                description={t('play.call.result.detail')}
                placeholder={SAMPLE}
                autosize
                minRows={1}
                maxRows={10}
                value={textFor(call)}
                onChange={(event) => setTyped({ ...typed, [call.id]: event.currentTarget.value })}
                onKeyDown={(event) => {
                  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
                    event.preventDefault();
                    go();
                  }
                }}
                classNames={{ input: 'mono' }}
              />
            )}
          </section>
        );
      })}
      {asked.length > 0 && (
        <Button type="submit" size="xs">
          {t('play.call.go', { count: asked.length })}
        </Button>
      )}
    </form>
  );
}
