/** Where such a request would go now: every offering that is considered, and why it is kept or dropped. */
import { Button, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ask } from '../../api/queries';
import { useMay } from '../../api/rights';
import type { EntryShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { total } from '../../lib/series';
import { State } from '../../ui/parts';
import { Shown } from '../../ui/states';

export function Explained(props: { is: EntryShape }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const [asked, setAsked] = useState(false);
  if (!may('rules.read') || !props.is.requested) return null;
  return (
    <section>
      <Title order={3} mb={8}>
        {t('entry.explain')}
      </Title>
      {asked ? (
        <Candidates is={props.is} />
      ) : (
        <Button variant="default" size="compact-sm" onClick={() => setAsked(true)}>
          {t('entry.explain.ask')}
        </Button>
      )}
    </section>
  );
}

function Candidates(props: { is: EntryShape }): ReactNode {
  const { t } = useWords();
  const { is } = props;
  const tokens = total(is.tokens) - (is.tokens.output ?? 0) - (is.tokens.reasoning ?? 0);
  const found = useQuery(
    ask.explained({
      model: is.requested,
      ...(is.operation === 'chat' || is.operation === 'embed' ? { operation: is.operation } : {}),
      ...(is.key.id ? { key: is.key.id } : {}),
      tokens: Math.max(0, tokens),
    }),
  );
  return (
    <Shown query={found}>
      {(told) => (
        <>
          {told.refusal && <Text size="sm">{told.refusal}</Text>}
          <ol className="candidates">
            {told.candidates.map((each) => (
              <li key={each.offering} data-answered={each.offering === is.offering || undefined}>
                <State tone={each.chosen ? 'good' : 'none'}>
                  <span className="mono clip" title={each.offering}>
                    {each.offering}
                  </span>
                </State>
                <Text size="xs" c="dimmed">
                  {each.reason}
                  {each.offering === is.offering && ` · ${t('entry.explain.this')}`}
                </Text>
              </li>
            ))}
          </ol>
          <Text size="xs" c="dimmed" mt={6}>
            {t('entry.explain.now')}
          </Text>
        </>
      )}
    </Shown>
  );
}
