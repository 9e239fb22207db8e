import { describe, expect, it } from 'vitest';
import type { SumShape } from '../api/schema';
import { csv, series, startOf } from './series';

const row = (at: Date, id: string, exchanges: number, cost: Record<string, string> = {}): SumShape => ({
  at: at.toISOString(),
  group: { model: { id, name: id } },
  exchanges,
  failures: 0,
  unpriced: 0,
  unreported: 0,
  tokens: { input: 2, output: 1 },
  web_searches: 0,
  cost,
  mean_first_event_ms: null,
  mean_total_ms: 5,
});
const until = new Date(2026, 10, 21, 12, 30);
const since = startOf(new Date(2026, 10, 19, 3), 'day');
const names = { others: 'Others', none: '(none)' };

describe('lines', () => {
  it('have a value for every day, also for days without requests', () => {
    const drawn = series(
      [row(new Date(2026, 10, 20), 'a', 3)],
      'model',
      'requests',
      { since, until, period: 'day' },
      names,
    );
    expect(drawn.times.length).toBe(3);
    expect(drawn.lines).toEqual([{ id: 'a', name: 'a', values: [0, 3, 0] }]);
  });
  it('put the small groups together, except for durations', () => {
    const rows = ['a', 'b', 'c'].map((id, index) => row(new Date(2026, 10, 20), id, 9 - index));
    const span = { since, until, period: 'day' } as const;
    expect(series(rows, 'model', 'requests', span, names, 2).lines.map((line) => line.name)).toEqual([
      'a',
      'b',
      'Others',
    ]);
    expect(series(rows, 'model', 'latency', span, names, 2).lines.length).toBe(2);
  });
  it('never add up two currencies', () => {
    const rows = [row(new Date(2026, 10, 20), 'a', 1, { USD: '5', EUR: '1' })];
    expect(series(rows, 'model', 'cost', { since, until, period: 'day' }, names).lines[0]?.values).toEqual([
      0, 5, 0,
    ]);
  });
});

it('a file of values quotes what needs it, and holds no formulas', () => {
  expect(
    csv([
      ['a"b', 'c,d', null],
      ['=1+1', 2, 'x\ny'],
    ]),
  ).toBe('"a""b","c,d",\r\n\'=1+1,2,"x\ny"\r\n');
});
