/** Usage as lines over time: one for each of the largest groups, the rest together. Pure. */
import type { SumShape } from '../api/schema';

export type Measure = 'requests' | 'tokens' | 'cost' | 'latency' | 'errors';
export const MEASURES: Measure[] = ['requests', 'tokens', 'cost', 'latency', 'errors'];
export const SPANS = { day: 1, week: 7, month: 30, quarter: 90 } as const;
export type Span = keyof typeof SPANS;

export interface Series {
  /** Seconds since the epoch. */
  times: number[];
  lines: { id: string; name: string; values: (number | null)[] }[];
}

export const total = (tokens: Record<string, number>): number =>
  Object.values(tokens).reduce((sum, count) => sum + count, 0);

/** Sums of several currencies are never added up: the one that most was paid in counts. */
export function currencyOf(rows: SumShape[]): string {
  const paid = new Map<string, number>();
  for (const row of rows) {
    for (const [currency, amount] of Object.entries(row.cost)) {
      paid.set(currency, (paid.get(currency) ?? 0) + Number(amount));
    }
  }
  return [...paid].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'USD';
}

export function amountOf(row: SumShape, measure: Measure, currency: string): number | null {
  if (measure === 'requests') return row.exchanges;
  if (measure === 'tokens') return total(row.tokens);
  if (measure === 'errors') return row.failures;
  if (measure === 'cost') return Number(row.cost[currency] ?? 0);
  return row.mean_total_ms;
}

const STEP = { hour: 3_600_000, day: 86_400_000 } as const;

export function startOf(at: Date, period: 'hour' | 'day'): Date {
  const start = new Date(at);
  start.setMinutes(0, 0, 0);
  if (period === 'day') start.setHours(0);
  return start;
}

export function series(
  rows: SumShape[],
  by: string,
  measure: Measure,
  span: { since: Date; until: Date; period: 'hour' | 'day' },
  names: { others: string; none: string },
  most = 6,
): Series {
  const currency = currencyOf(rows);
  const times: number[] = [];
  for (let at = startOf(span.since, span.period).getTime(); at < span.until.getTime(); ) {
    times.push(at / 1000);
    // Days are as long as the reader's calendar makes them.
    at = span.period === 'hour' ? at + STEP.hour : startOf(new Date(at + STEP.day * 1.5), 'day').getTime();
  }
  const place = new Map(times.map((at, index) => [at, index]));
  const groups = new Map<string, { name: string; sum: number }>();
  for (const row of rows) {
    const group = row.group[by];
    const id = group?.id ?? '';
    const known = groups.get(id) ?? { name: group?.name || id || names.none, sum: 0 };
    known.sum += (measure === 'latency' ? row.exchanges : amountOf(row, measure, currency)) ?? 0;
    groups.set(id, known);
  }
  const ranked = [...groups].sort((a, b) => b[1].sum - a[1].sum);
  const shown = ranked.slice(0, most);
  const empty = (): (number | null)[] => times.map(() => (measure === 'latency' ? null : 0));
  const lines = shown.map(([id, { name }]) => ({ id, name, values: empty() }));
  const rest = { id: '*', name: names.others, values: empty() };
  for (const row of rows) {
    const index = row.at ? place.get(startOf(new Date(row.at), span.period).getTime() / 1000) : undefined;
    if (index === undefined) continue;
    const line = lines.find((each) => each.id === (row.group[by]?.id ?? '')) ?? rest;
    const value = amountOf(row, measure, currency);
    if (measure === 'latency') line.values[index] = value;
    else line.values[index] = (line.values[index] ?? 0) + (value ?? 0);
  }
  // Durations of several groups cannot be added up.
  return { times, lines: ranked.length > most && measure !== 'latency' ? [...lines, rest] : lines };
}

/** Rows as comma-separated values (RFC 4180). A leading `=` or the like would be a formula in a spreadsheet. */
export function csv(rows: (string | number | null)[][]): string {
  const cell = (value: string | number | null): string => {
    if (typeof value === 'number') return String(value);
    const text = value === null ? '' : /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
