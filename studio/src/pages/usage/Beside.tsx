/** The calls that a request made beside its own answer, each of which was paid for; each opens in full. */
import { Badge, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ask } from '../../api/queries';
import type { EntryShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { State } from '../../ui/parts';
import type { Go } from '../Usage';
import { toneOf } from './Entries';

export function Beside(props: { is: EntryShape; go: Go }): ReactNode {
  const { t, f } = useWords();
  const found = useQuery(ask.beside(props.is.id));
  const items = found.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section>
      <Title order={3} mb={8}>
        {t('entry.beside')}
      </Title>
      <ul className="beside num">
        {items.map((each) => (
          <li key={each.id}>
            <Badge color="gray">{each.purpose ? t(`entry.purpose.${each.purpose}`) : each.operation}</Badge>
            <button
              type="button"
              className="plain mono clip other"
              title={each.offering}
              onClick={() => props.go({ entry: each.id })}
            >
              {each.offering || each.requested}
            </button>
            <State tone={toneOf(each.status)}>{each.status}</State>
            <span>{f.ms(each.total_ms)}</span>
            <span>{each.cost === null ? '–' : f.money(each.cost, each.currency)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
