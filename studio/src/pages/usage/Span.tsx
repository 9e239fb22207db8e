/** Which time: the last hours or days, or days of one's own choice. */
import { Button, Popover, SegmentedControl, TextInput } from '@mantine/core';
import { IconCalendar } from '@tabler/icons-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useWords } from '../../i18n';
import type { UsageSearch } from '../../lib/asked';
import { days, dayText, midnightOf, named, type Range, SPANS } from '../../lib/period';
import type { Go } from '../Usage';

export function Span(props: { range: Range; search: UsageSearch; go: Go }): ReactNode {
  const { t, f } = useWords();
  const { range, go } = props;
  const custom = range.span === 'custom';
  const last = range.until ? days(range.until, -1) : new Date();
  const [open, setOpen] = useState(false);
  const whole =
    dayText(range.since) === dayText(last)
      ? f.day(range.since)
      : `${f.shortDay(range.since)} – ${f.shortDay(last)}`;
  return (
    <div className="row">
      <SegmentedControl
        aria-label={t('usage.span')}
        value={custom ? '' : range.span}
        onChange={(span) => go({ span, from: undefined, to: undefined })}
        data={SPANS.map((value) => ({ value, label: t(`usage.span.${value}`) }))}
      />
      <Popover opened={open} onChange={setOpen} position="bottom-start" shadow="md" trapFocus returnFocus>
        <Popover.Target>
          <Button
            variant={custom ? 'light' : 'default'}
            leftSection={<IconCalendar size={15} />}
            onClick={() => setOpen((was) => !was)}
            aria-expanded={open}
          >
            {custom ? whole : t('usage.span.custom')}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Days
            first={range.since}
            last={last}
            choose={(from, to) => {
              setOpen(false);
              go({ span: undefined, from, to });
            }}
          />
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}

function Days(props: { first: Date; last: Date; choose: (from: string, to: string) => void }): ReactNode {
  const { t } = useWords();
  const today = dayText(new Date());
  const [from, setFrom] = useState(dayText(props.first));
  const [to, setTo] = useState(dayText(props.last));
  const right = midnightOf(from) !== undefined && midnightOf(to) !== undefined && from <= to;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (right) props.choose(from, to);
  };
  const short = named(new Date());
  return (
    <form className="days" onSubmit={submit}>
      <div className="row">
        {(['today', 'yesterday', 'this_month', 'last_month'] as const).map((each) => (
          <Button
            key={each}
            size="compact-sm"
            variant="default"
            onClick={() => props.choose(dayText(short[each][0]), dayText(short[each][1]))}
          >
            {t(`usage.days.${each}`)}
          </Button>
        ))}
      </div>
      <div className="two">
        <TextInput
          type="date"
          label={t('usage.from')}
          value={from}
          max={today}
          onChange={(event) => setFrom(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          type="date"
          label={t('usage.to')}
          value={to}
          min={from}
          max={today}
          onChange={(event) => setTo(event.currentTarget.value)}
          error={right ? undefined : t('usage.days.wrong')}
        />
      </div>
      <Button type="submit" disabled={!right}>
        {t('usage.days.show')}
      </Button>
    </form>
  );
}
