/** Choosing when something ends. */
import { Select, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../i18n';
import { dayOf, endOf, SPANS, type Span } from '../lib/expiry';

export interface End {
  span: Span;
  date: string;
}

export function Expiry(props: { end: End; change: (end: End) => void }): ReactNode {
  const { t, f } = useWords();
  const { span, date } = props.end;
  const at = endOf(span, date);
  return (
    <>
      <Select
        label={t('expiry.label')}
        description={
          span !== 'never' && span !== 'date' && at ? t('expiry.until', { date: f.date(at) }) : undefined
        }
        allowDeselect={false}
        data={[...(Object.keys(SPANS) as Span[]), 'date' as const].map((each) => ({
          value: each,
          label: t(`expiry.${each}`),
        }))}
        value={span}
        onChange={(value) => props.change({ span: (value as Span | null) ?? 'never', date })}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
      />
      {span === 'date' && (
        <TextInput
          type="date"
          label={t('expiry.day')}
          required
          min={dayOf(new Date())}
          value={date}
          onChange={(event) => props.change({ span, date: event.currentTarget.value })}
        />
      )}
    </>
  );
}
