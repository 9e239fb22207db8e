/** Four steps to a provider: which host, what it needs, whether it answers, what now. Nothing typed is lost. */
import { Button, Stack } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { askCatalogue, offeringsChanged } from '../../api/catalogue';
import { client, dataOf } from '../../api/client';
import type { HostShape, OutcomeShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { blank, type Draft, wanted } from '../../lib/provider';
import { Flaws, Rows, Shown } from '../../ui/states';
import { Choosing } from './Choosing';
import { Connecting } from './Connecting';
import { Done } from './Done';
import { draftOf, forget, keep } from './drafts';
import { Outcome } from './Outcome';

export function Adding(props: {
  host: string;
  taken: readonly string[];
  choose: (host: string) => void;
  done: () => void;
}): ReactNode {
  const hosts = useQuery(askCatalogue.hosts());
  if (props.host === '') {
    return (
      <>
        <Steps at={0} />
        <Choosing choose={props.choose} />
      </>
    );
  }
  return (
    <Shown query={hosts} waiting={<Rows count={4} />}>
      {({ items }) => {
        const host = items.find((each) => each.name === props.host);
        return host ? (
          <Connect host={host} taken={props.taken} back={() => props.choose('')} done={props.done} />
        ) : (
          <Choosing choose={props.choose} />
        );
      }}
    </Shown>
  );
}

function Connect(props: {
  host: HostShape;
  taken: readonly string[];
  back: () => void;
  done: () => void;
}): ReactNode {
  const { t } = useWords();
  const { host } = props;
  const [draft, setDraft] = useState<Draft>(() => draftOf(host.name) ?? blank(host, props.taken));
  const [testing, setTesting] = useState(false);
  const [outcome, setOutcome] = useState<OutcomeShape | null>(null);
  const change = (part: Partial<Draft>): void => {
    const next = { ...draft, ...part };
    setDraft(next);
    keep(host.name, next);
    setOutcome(null);
  };
  const test = useMutation({
    mutationFn: () => dataOf(client.POST('/api/v1/providers/try', { body: wanted(host, draft) })),
    onMutate: () => setTesting(true),
    onSuccess: setOutcome,
    onError: () => setTesting(false),
  });
  const save = useMutation({
    mutationFn: async () => {
      const made = await dataOf(client.POST('/api/v1/providers', { body: wanted(host, draft) }));
      // What it serves is asked for at once; that it does not answer yet is shown in its row.
      await client
        .POST('/api/v1/providers/{name}/test', { params: { path: { name: made.name } } })
        .catch(() => undefined);
      return made;
    },
    onSuccess: async () => {
      forget(host.name);
      await offeringsChanged();
    },
  });
  if (save.data) {
    return (
      <>
        <Steps at={3} />
        <Done name={save.data.name} host={host} works={outcome?.ok ?? false} done={props.done} />
      </>
    );
  }
  if (testing) {
    return (
      <>
        <Steps at={2} />
        <Stack gap="md">
          {test.isPending ? (
            <div className="testing" role="status">
              <Rows count={2} />
              {t('providers.testing', { host: host.display })}
            </div>
          ) : (
            outcome && <Outcome outcome={outcome} />
          )}
          <Flaws error={save.error} />
          <div className="wizard-foot">
            <Button variant="default" onClick={() => setTesting(false)}>
              {t('providers.change')}
            </Button>
            {outcome && !outcome.ok && (
              <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
                {t('providers.again')}
              </Button>
            )}
            <Button
              disabled={!outcome}
              variant={outcome?.ok ? 'filled' : 'default'}
              loading={save.isPending}
              onClick={() => save.mutate()}
            >
              {outcome && !outcome.ok ? t('providers.anyway') : t('providers.save')}
            </Button>
          </div>
        </Stack>
      </>
    );
  }
  return (
    <>
      <Steps at={1} />
      <Connecting
        host={host}
        draft={draft}
        taken={props.taken}
        change={change}
        back={props.back}
        error={test.error}
        busy={test.isPending}
        go={() => test.mutate()}
      />
    </>
  );
}

function Steps(props: { at: number }): ReactNode {
  const { t } = useWords();
  const steps = [
    t('providers.step.choose'),
    t('providers.step.connect'),
    t('providers.step.test'),
    t('providers.step.done'),
  ];
  return (
    <ol className="steps" aria-label={t('providers.steps')}>
      {steps.map((step, index) => (
        <li
          key={step}
          data-past={index < props.at || undefined}
          aria-current={index === props.at ? 'step' : undefined}
        >
          <span className="step-number" aria-hidden>
            {index < props.at ? <IconCheck size={13} stroke={2.4} /> : index + 1}
          </span>
          <span className="step-word">{step}</span>
        </li>
      ))}
    </ol>
  );
}
