import { describe, expect, it } from 'vitest';
import type { Metric, View } from './asked';
import { startOf, stepsOf } from './period';
import {
  costOf,
  currencyOf,
  largest,
  marks,
  type Series,
  type Sum,
  series,
  ticks,
  tookOf,
  unknownCosts,
} from './series';

const row = (at: Date, id: string, exchanges: number, more: Partial<Sum> = {}): Sum => ({
  ...({} as Sum),
  at: at.toISOString(),
  group: { model: { id, name: id } },
  exchanges,
  failures: 0,
  unpriced: 0,
  unreported: 0,
  tokens: { input: 2, cache_read: 3, output: 1 },
  web_searches: 0,
  cost: {},
  mean_first_event_ms: null,
  mean_total_ms: 5,
  ...more,
});
const until = new Date(2026, 10, 21, 12, 30);
const day = (date: number): Date => new Date(2026, 10, date);
const times = stepsOf({ since: startOf(new Date(2026, 10, 19, 3), 'day'), until, period: 'day' }, until);
const names = {
  others: 'Others',
  none: '(none)',
  classes: { input: 'Input', cached: 'Cached', written: 'Written', output: 'Output', reasoning: 'Thought' },
  quantiles: { p50: 'p50', p95: 'p95' },
  rate: 'Rate',
};
/** What the page does: the largest groups over all the time, then those over time, and the sum of all. */
const draw = (rows: Sum[], metric: Metric = 'requests', view: View = 'group', most = 6): Series => {
  const currency = currencyOf(rows);
  const { groups, others } = largest(rows, { by: 'model', metric, currency, most });
  const few = rows.filter((each) => groups.some(({ id }) => id === each.group.model?.id));
  const whole = others ? rows.map((each) => ({ ...each, group: {} })) : undefined;
  const drawing = { by: 'model', metric, view, period: 'day' as const, times, names, currency, groups };
  return series(view === 'group' ? few : rows, { ...drawing, ...(whole ? { whole } : {}) });
};

describe('bars', () => {
  it('have a value for every day, also for days without requests', () => {
    expect(draw([row(day(20), 'a', 3)]).lines).toEqual([{ id: 'a', name: 'a', values: [0, 3, 0], sum: 3 }]);
  });
  it('put the small groups together, but never a single one', () => {
    const rows = ['a', 'b', 'c', 'd'].map((id, index) => row(day(20), id, 9 - index));
    expect(draw(rows, 'requests', 'group', 2).lines.map((line) => [line.name, line.sum])).toEqual([
      ['a', 9],
      ['b', 8],
      ['Others', 13],
    ]);
    expect(draw(rows, 'requests', 'group', 3).lines.map((line) => line.name)).toEqual(['a', 'b', 'c', 'd']);
  });
  it('show the rest as what the sum of all has besides, and never less than nothing', () => {
    const rows = ['a', 'b', 'c', 'd'].map((id, index) => row(day(20), id, 9 - index));
    const groups = [{ id: 'a', name: 'A' }];
    const drawing = { by: 'model', metric: 'requests', view: 'group', period: 'day', times, names } as const;
    const drawn = (whole: Sum[]) =>
      series(rows.slice(0, 1), { ...drawing, currency: 'USD', groups, whole }).lines.map(
        (each) => each.values,
      );
    expect(drawn([row(day(20), '', 30), row(day(19), '', 2)])).toEqual([
      [0, 9, 0],
      [2, 21, 0],
    ]);
    expect(drawn([row(day(20), '', 8)])[1]).toEqual([0, 0, 0]);
  });
  it('leave out groups of which there is nothing to show', () => {
    expect(draw([row(day(20), 'a', 3, { failures: 1 }), row(day(20), 'b', 3)], 'errors').lines.length).toBe(
      1,
    );
  });
  it('never add up two currencies', () => {
    const rows = [row(day(20), 'a', 1, { cost: { USD: '5', EUR: '1' } })];
    expect(draw(rows, 'cost').lines[0]?.values).toEqual([0, 5, 0]);
  });
  it('show tokens by class', () => {
    const drawn = draw([row(day(20), 'a', 1), row(day(20), 'b', 1)], 'tokens', 'class');
    expect(drawn.lines.map((line) => [line.id, line.sum])).toEqual([
      ['input', 4],
      ['cached', 6],
      ['output', 2],
    ]);
  });
  it('stand on the reader’s day, when its clock was changed within the time', () => {
    // A day that began an hour before this midnight, as the API counts with one offset for all days.
    const early = new Date(day(20).getTime() - 3_600_000);
    expect(draw([row(early, 'a', 2)]).lines[0]?.values).toEqual([0, 2, 0]);
  });
});

describe('durations', () => {
  it('are not added up, and unknown where nothing was asked', () => {
    const rows = ['a', 'b', 'c'].map((id) => row(day(20), id, 1, { p95_total_ms: 40 }));
    const drawn = draw(rows, 'latency', 'group', 2);
    expect(drawn.stacked).toBe(false);
    expect(drawn.lines.at(-1)?.values).toEqual([null, 40, null]);
  });
  it('are quantiles, or the mean where those are not kept', () => {
    const [p50, p95] = draw(
      [row(day(20), 'a', 1, { p50_total_ms: 4, p95_total_ms: 9 })],
      'latency',
      'all',
    ).lines;
    expect([p50?.values[1], p95?.values[1]]).toEqual([4, 9]);
    expect(tookOf(row(day(20), 'a', 1), 'latency', 'p95')).toBe(5);
    expect(tookOf(row(day(20), 'a', 1, { p95_first_event_ms: null }), 'first', 'p95')).toBeNull();
  });
});

it('a rate is of the requests that there were', () => {
  const drawn = draw([row(day(20), 'a', 4, { failures: 1 })], 'errors', 'rate');
  expect(drawn.lines[0]?.values).toEqual([null, 0.25, null]);
});

it('a cost of which nothing is known is not zero', () => {
  expect(costOf({ cost: {}, exchanges: 3, unpriced: 3 })).toBeNull();
  expect(costOf({ cost: {}, exchanges: 0, unpriced: 0 })).toEqual([['USD', '0']]);
  expect(unknownCosts({ unpriced: 5, failures: 2 })).toBe(3);
  expect(unknownCosts({ unpriced: 1, failures: 2 })).toBe(0);
  expect(costOf({ cost: { EUR: '2' }, exchanges: 3, unpriced: 2 })).toEqual([['EUR', '2']]);
});

describe('an axis', () => {
  it('has round ticks that hold the largest value', () => {
    expect(ticks(7, true)).toEqual([0, 2, 4, 6, 8]);
    expect(ticks(1, true)).toEqual([0, 1]);
    expect(ticks(0, true)).toEqual([0, 1]);
    expect(ticks(0.0031, false)).toEqual([0, 0.001, 0.002, 0.003, 0.004]);
    expect(ticks(1234, true)).toEqual([0, 500, 1000, 1500]);
    for (const most of [0.07, 3, 11, 99, 101, 87_654])
      expect(ticks(most, false).at(-1)).toBeGreaterThanOrEqual(most);
  });
  it('labels round hours, and days up to the last', () => {
    const hours = Array.from({ length: 24 }, (_, hour) => new Date(2026, 10, 21, 13 + hour));
    expect(marks(hours, 'hour', 8).map((index) => hours[index]?.getHours())).toEqual([
      15, 18, 21, 0, 3, 6, 9, 12,
    ]);
    const month = Array.from({ length: 30 }, (_, index) => new Date(2026, 10, 1 + index));
    expect(marks(month, 'day', 6)).toEqual([1, 8, 15, 22, 29]);
    expect(marks(month, 'day', 40).length).toBe(30);
    expect(marks(month, 'day', 0)).toEqual([29]);
  });
});
