/** Which time the usage page is about, and the time before it that it is compared with. Pure; in the reader's zone. */
export const SPANS = ['day', 'week', 'month', 'quarter'] as const;
export type Span = (typeof SPANS)[number];
export type Period = 'hour' | 'day';

const DAYS: Record<Span, number> = { day: 1, week: 7, month: 30, quarter: 90 };
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const MOST_DAYS = 400;
const MOST_DAYS_BY_HOUR = 3;

export interface Range {
  span: Span | 'custom';
  since: Date;
  /** Open: what happens now counts. */
  until: Date | undefined;
  /** The length of a bar. */
  period: Period;
  /** Days of the calendar; 1 for the last 24 hours. */
  days: number;
  before: { since: Date; until: Date };
}

export function startOf(at: Date, period: Period): Date {
  const start = new Date(at);
  start.setMinutes(0, 0, 0);
  if (period === 'day') start.setHours(0);
  return start;
}

/** Days of the calendar: they are as long as it makes them. */
export function days(at: Date, count: number): Date {
  const moved = new Date(at);
  moved.setDate(moved.getDate() + count);
  return moved;
}

/** `2026-11-22` as the reader's midnight. */
export function midnightOf(text: string | undefined): Date | undefined {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text ?? '');
  if (!found) return undefined;
  const at = new Date(Number(found[1]), Number(found[2]) - 1, Number(found[3]));
  return at.getMonth() === Number(found[2]) - 1 ? at : undefined;
}

export function dayText(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function daysBetween(since: Date, until: Date): number {
  const utc = (at: Date): number => Date.UTC(at.getFullYear(), at.getMonth(), at.getDate());
  return Math.round((utc(until) - utc(since)) / 86_400_000);
}

export function rangeOf(asked: { span?: string; from?: string; to?: string }, now: Date): Range {
  // What is asked of the API stays the same for some minutes, so that its answer can be kept.
  const present = new Date(Math.floor(now.getTime() / (10 * MINUTE_MS)) * 10 * MINUTE_MS);
  const one = midnightOf(asked.from) ?? midnightOf(asked.to);
  const other = midnightOf(asked.to) ?? one;
  if (one && other) {
    const [first, last] = one <= other ? [one, other] : [other, one];
    const until = days(last, 1);
    const count = Math.min(MOST_DAYS, daysBetween(first, until));
    const since = days(until, -count);
    const end = until > now ? present : until;
    return {
      span: 'custom',
      since,
      until,
      period: count <= MOST_DAYS_BY_HOUR ? 'hour' : 'day',
      days: count,
      before: { since: days(since, -count), until: end > since ? days(end, -count) : days(until, -count) },
    };
  }
  const span = SPANS.find((each) => each === asked.span) ?? 'week';
  const count = DAYS[span];
  const since =
    span === 'day'
      ? new Date(startOf(now, 'hour').getTime() - 23 * HOUR_MS)
      : days(startOf(now, 'day'), 1 - count);
  return {
    span,
    since,
    until: undefined,
    period: span === 'day' ? 'hour' : 'day',
    days: count,
    before: { since: days(since, -count), until: days(present, -count) },
  };
}

/** When each bar begins, up to the present or the end. */
export function stepsOf(range: Pick<Range, 'since' | 'until' | 'period'>, now: Date): Date[] {
  const steps: Date[] = [];
  const until = range.until ?? now;
  for (let at = startOf(range.since, range.period); at < until; ) {
    steps.push(at);
    at = range.period === 'hour' ? new Date(at.getTime() + HOUR_MS) : days(at, 1);
  }
  return steps;
}

/** Time ranges that people ask for by name, as days from and to. */
export function named(now: Date): Record<'today' | 'yesterday' | 'this_month' | 'last_month', [Date, Date]> {
  const today = startOf(now, 'day');
  const first = new Date(today.getFullYear(), today.getMonth(), 1);
  return {
    today: [today, today],
    yesterday: [days(today, -1), days(today, -1)],
    this_month: [first, today],
    last_month: [new Date(today.getFullYear(), today.getMonth() - 1, 1), days(first, -1)],
  };
}

/** By how much it changed; null where there was nothing that it could have changed from. */
export function change(now: number | null | undefined, before: number | null | undefined): number | null {
  if (now === null || now === undefined || !before) return null;
  return now / before - 1;
}
