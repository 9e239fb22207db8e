/** What a request took of the limits that hold for it. */
import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { EntryShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Facts } from '../../ui/parts';

type Charge = NonNullable<EntryShape['charges']>[number];
const MEASURES = ['money', 'tokens', 'requests'] as const;
const SCOPES = ['organisation', 'project', 'key', 'user'] as const;
const PERS = ['minute', 'hour', 'day', 'week', 'month', 'total'] as const;

export function Charges(props: { is: EntryShape }): ReactNode {
  const { t, f } = useWords();
  const { is } = props;
  const named = (charge: Charge): string => {
    const scope = SCOPES.find((each) => each === charge.scope);
    const per = PERS.find((each) => each === charge.per);
    if (!scope || !per) return t('entry.charge.gone');
    const of = t(`entry.charge.of.${scope}`);
    return `${of}, ${t(`entry.charge.per.${per}`)}`;
  };
  const amount = (charge: Charge): string => {
    const measure = MEASURES.find((each) => each === charge.measure);
    if (measure === 'money') return f.money(charge.amount / 1_000_000, charge.currency ?? is.currency);
    if (!measure) return f.number(charge.amount);
    return t(`entry.charge.${measure}`, { count: charge.amount });
  };
  return (
    <section>
      <Title order={3} mb={8}>
        {t('entry.charges')}
      </Title>
      <Facts of={(is.charges ?? []).map((charge) => [named(charge), amount(charge)])} />
    </section>
  );
}
