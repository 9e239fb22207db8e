/** Usage as bars or lines over time: one for each of the largest groups, the rest together. Pure. */
import type { SumShape } from '../api/schema';
import type { Metric, View } from './asked';
import { type Period, startOf } from './period';

/** Quantiles stand beside the means where the platform keeps them. */
type Quantile = 'p50_total_ms' | 'p95_total_ms' | 'p50_first_event_ms' | 'p95_first_event_ms';
export type Sum = SumShape & { [each in Quantile]?: number | null };

export interface Line {
  id: string;
  name: string;
  values: (number | null)[];
  /** Over all the time; null where nothing can be added up. */
  sum: number | null;
}

export interface Series {
  times: Date[];
  lines: Line[];
  /** Whether values of several lines can be put on top of each other. */
  stacked: boolean;
}

export const OTHERS = '*';
export const CLASSES = ['input', 'cached', 'written', 'output', 'reasoning'] as const;
export type TokenClass = (typeof CLASSES)[number];

/** The API's disjoint classes, as few as a chart can show. */
const OF: Record<TokenClass, readonly string[]> = {
  input: ['input', 'audio_in', 'image_in'],
  cached: ['cache_read', 'audio_cache_read'],
  written: ['cache_write', 'cache_write_1h'],
  output: ['output', 'audio_out', 'image_out'],
  reasoning: ['reasoning'],
};

export const tokensIn = (tokens: Record<string, number>, of: TokenClass): number =>
  OF[of].reduce((sum, name) => sum + (tokens[name] ?? 0), 0);

export const total = (tokens: Record<string, number>): number =>
  Object.values(tokens).reduce((sum, count) => sum + count, 0);

/** Sums of several currencies are never added up: the one that most was paid in counts. */
export function currencyOf(rows: readonly SumShape[]): string {
  const paid = new Map<string, number>();
  for (const row of rows) {
    for (const [currency, amount] of Object.entries(row.cost)) {
      paid.set(currency, (paid.get(currency) ?? 0) + Number(amount));
    }
  }
  return [...paid].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'USD';
}

/** Half of the requests took no longer, or 95 in 100 did not; the mean where quantiles are not kept. */
export function tookOf(row: Sum, what: 'latency' | 'first', part: 'p50' | 'p95'): number | null {
  const [quantile, mean] =
    what === 'latency'
      ? [row[`${part}_total_ms`], row.mean_total_ms]
      : [row[`${part}_first_event_ms`], row.mean_first_event_ms];
  return quantile === undefined ? mean : quantile;
}

export function amountOf(row: Sum, metric: Metric, currency: string): number | null {
  if (metric === 'requests') return row.exchanges;
  if (metric === 'tokens') return total(row.tokens);
  if (metric === 'errors') return row.failures;
  if (metric === 'cost') return Number(row.cost[currency] ?? 0);
  return tookOf(row, metric, 'p95');
}

/** What it cost, or null: a cost of which nothing is known is not zero. */
export function costOf(
  sum: Pick<SumShape, 'cost' | 'exchanges' | 'unpriced'>,
): [currency: string, amount: string][] | null {
  const sums = Object.entries(sum.cost);
  if (sums.length > 0) return sums;
  return sum.exchanges > 0 && sum.unpriced === sum.exchanges ? null : [['USD', '0']];
}

/** Requests whose cost ought to be known and is not. One that failed used nothing, mostly, and is not missed. */
export const unknownCosts = (sum: Pick<SumShape, 'unpriced' | 'failures'>): number =>
  Math.max(0, sum.unpriced - sum.failures);

export interface Names {
  others: string;
  none: string;
  classes: Record<TokenClass, string>;
  quantiles: { p50: string; p95: string };
  rate: string;
}

interface Drawing {
  by: string;
  metric: Metric;
  view: View;
  period: Period;
  times: Date[];
  names: Names;
  /** The groups to draw, the largest first. */
  groups?: readonly Group[];
  /** Everything over time, where there are groups besides those: what is left of it is theirs. */
  whole?: readonly Sum[];
  currency: string;
}

export interface Group {
  id: string;
  /** Empty: it has none. */
  name: string;
}

const MOST = 6;

/** The groups worth a line of their own, the largest first, and whether there are others. */
export function largest(
  rows: readonly Sum[],
  of: { by: string; metric: Metric; currency: string; most?: number },
): { groups: Group[]; others: boolean } {
  const { by, metric, currency, most = MOST } = of;
  const ranked = rows
    .map((row) => {
      const { id = '', name = '' } = row.group[by] ?? {};
      return { id, name, size: (adds(metric) ? amountOf(row, metric, currency) : row.exchanges) ?? 0 };
    })
    .filter(({ size }) => size > 0)
    .sort((a, b) => b.size - a.size || a.id.localeCompare(b.id));
  // One more group is shown rather than a rest that is a single group.
  const shown = ranked.length === most + 1 ? ranked : ranked.slice(0, most);
  return { groups: shown.map(({ id, name }) => ({ id, name })), others: shown.length < ranked.length };
}

/** Durations of several groups cannot be added up. */
export const adds = (metric: Metric): boolean => metric !== 'latency' && metric !== 'first';

const HALF_DAY_MS = 43_200_000;

/** In which bar a row belongs. The API's days all begin at one offset; the reader's may not, so the middle decides. */
function placed(times: Date[], period: Period): (row: Sum) => number {
  const place = new Map(times.map((at, index) => [at.getTime(), index]));
  return (row) => {
    if (!row.at) return -1;
    const at = new Date(row.at);
    const middle = period === 'day' ? new Date(at.getTime() + HALF_DAY_MS) : at;
    return place.get(startOf(middle, period).getTime()) ?? -1;
  };
}

export function series(rows: readonly Sum[], drawing: Drawing): Series {
  if (drawing.view === 'group') return grouped(rows, drawing);
  const { times, names, metric } = drawing;
  const at = placed(times, drawing.period);
  const line = (id: string, name: string, of: (row: Sum) => number | null, adds: boolean): Line => {
    const values: (number | null)[] = times.map(() => (adds ? 0 : null));
    for (const row of rows) {
      const index = at(row);
      if (index < 0) continue;
      values[index] = adds ? (values[index] ?? 0) + (of(row) ?? 0) : of(row);
    }
    return {
      id,
      name,
      values,
      sum: adds ? values.reduce<number>((sum, each) => sum + (each ?? 0), 0) : null,
    };
  };
  if (drawing.view === 'class') {
    const lines = CLASSES.map((each) =>
      line(each, names.classes[each], (row) => tokensIn(row.tokens, each), true),
    );
    return { times, lines: lines.filter((each) => each.sum), stacked: true };
  }
  if (drawing.view === 'rate') {
    const rate = (row: Sum): number | null => (row.exchanges > 0 ? row.failures / row.exchanges : null);
    return { times, lines: [line('rate', names.rate, rate, false)], stacked: false };
  }
  const what = metric === 'first' ? 'first' : 'latency';
  const lines = (['p50', 'p95'] as const).map((part) =>
    line(part, names.quantiles[part], (row) => tookOf(row, what, part), false),
  );
  return { times, lines, stacked: false };
}

function grouped(rows: readonly Sum[], drawing: Drawing): Series {
  const { by, metric, times, names, currency, groups = [] } = drawing;
  const stacked = adds(metric);
  const lines = groups.map(({ id, name }): Line => {
    const values: (number | null)[] = times.map(() => (stacked ? 0 : null));
    return { id, name: name || id || names.none, values, sum: stacked ? 0 : null };
  });
  const found = new Map(lines.map((each) => [each.id, each]));
  const at = placed(times, drawing.period);
  const add = (line: Line, row: Sum, sign = 1): void => {
    const value = amountOf(row, metric, currency);
    if (line.sum !== null) line.sum += sign * (value ?? 0);
    const index = at(row);
    if (index >= 0) line.values[index] = stacked ? (line.values[index] ?? 0) + sign * (value ?? 0) : value;
  };
  const rest: Line = { id: OTHERS, name: names.others, values: times.map(() => 0), sum: 0 };
  for (const row of drawing.whole ?? []) add(rest, row);
  for (const row of rows) {
    const line = found.get(row.group[by]?.id ?? '');
    if (!line) continue;
    add(line, row);
    if (drawing.whole) add(rest, row, -1);
  }
  if (!drawing.whole || !stacked) return { times, lines, stacked };
  return { times, lines: [...lines, { ...rest, ...atLeastNothing(rest) }], stacked };
}

/** The two answers that it is the difference of may be a moment apart, and decimals are not exact here. */
function atLeastNothing(line: Line): Pick<Line, 'values' | 'sum'> {
  const least = (value: number | null): number => (value === null || value < 1e-9 ? 0 : value);
  return { values: line.values.map(least), sum: least(line.sum) };
}

/** Round numbers from 0 to what holds the largest value; whole ones for what is counted. */
export function ticks(most: number, whole: boolean, about = 4): number[] {
  const top = most > 0 ? most : 1;
  const rough = top / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const nice = [1, 2, 2.5, 5, 10].find((each) => each * power >= rough * 0.999) ?? 10;
  const step = whole ? Math.max(1, Math.ceil(nice * power)) : nice * power;
  const count = Math.max(1, Math.ceil(top / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** Which bars get a label, when there is room for `room` of them: hours at round hours, days up to the last one. */
export function marks(times: readonly Date[], period: Period, room: number): number[] {
  const all = times.map((_, index) => index);
  const places = Math.max(1, Math.floor(room));
  if (period === 'hour') {
    const every =
      [1, 2, 3, 4, 6, 12, 24].find((hours) => times.length / hours <= places) ??
      Math.ceil(times.length / places / 24) * 24;
    return all.filter((index) =>
      every > 24 ? index % every === 0 : (times[index]?.getHours() ?? 0) % every === 0,
    );
  }
  const least = Math.ceil(times.length / places);
  const every = [1, 2, 3, 7, 14, 28].find((count) => count >= least) ?? least;
  return all.filter((index) => (times.length - 1 - index) % every === 0);
}
