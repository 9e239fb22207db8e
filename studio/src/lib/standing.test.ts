import { expect, it } from 'vitest';
import { hoursOf, stepsOf, toneOf } from './standing';

const step = (at: string, exchanges: number, failures = 0) => ({
  at,
  exchanges,
  failures,
  p50_total_ms: null,
  p95_total_ms: null,
  p50_first_event_ms: null,
  p95_first_event_ms: null,
});

it('every hour of a day has its step, the quiet ones too', () => {
  const found = stepsOf({ steps: [step('2026-03-01T02:00:00Z', 4, 1)] }, '2026-03-01T00:00:00Z', 24);
  expect(found).toHaveLength(25);
  expect(found.map((each) => each.exchanges).slice(0, 4)).toEqual([0, 0, 4, 0]);
  expect(found[2]?.failures).toBe(1);
});
it('hours of a long time are taken together', () => {
  const steps = [
    step('2026-03-01T02:00:00Z', 4),
    step('2026-03-01T03:00:00Z', 5),
    step('2026-03-08T00:00:00Z', 1),
  ];
  const found = stepsOf({ steps }, '2026-03-01T00:00:00Z', 168);
  expect(found.length).toBeLessThanOrEqual(48);
  expect(found[0]?.exchanges).toBe(9);
  expect(found.reduce((sum, each) => sum + each.exchanges, 0)).toBe(10);
});
it('whatever an address says, a span of ours', () => {
  expect(hoursOf('week')).toBe('week');
  expect(hoursOf('year')).toBe('day');
  expect(toneOf('out')).toBe('bad');
});
