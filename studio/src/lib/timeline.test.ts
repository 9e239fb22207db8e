import { expect, it } from 'vitest';
import { bars } from './timeline';

const attempt = (ms: number, failure: string | null = null) => ({
  offering: 'h/m',
  status: 200,
  failure,
  ms,
  after_ms: 0,
  reason: '',
});

it('attempts stand one after another, and the first event in the one that answered', () => {
  const drawn = bars({
    attempts: [attempt(100, 'overloaded'), attempt(250)],
    total_ms: 400,
    first_event_ms: 200,
  });
  expect(drawn.map((bar) => [bar.from, bar.first, bar.to])).toEqual([
    [0, null, 0.25],
    [0.25, 0.5, 0.875],
  ]);
  expect(new Set(drawn.map((bar) => bar.key)).size).toBe(2);
});
it('nothing is drawn beyond the end, whatever the clocks said', () => {
  const [bar] = bars({ attempts: [attempt(100)], total_ms: 0, first_event_ms: 500 });
  expect([bar?.from, bar?.first, bar?.to]).toEqual([0, null, 1]);
  expect(bars({ attempts: [attempt(0)], total_ms: 0, first_event_ms: null })[0]?.to).toBe(0);
});
it('attempts that were under way at once stand where they were', () => {
  const hedged = { ...attempt(400), after_ms: 0, first_event_ms: null, reason: 'outrun' };
  const other = { ...attempt(300), after_ms: 200, first_event_ms: 100, reason: 'hedge' };
  const drawn = bars({ attempts: [hedged, other], total_ms: 500, first_event_ms: 300 });
  expect(drawn.map((bar) => [bar.from, bar.first, bar.to, bar.reason])).toEqual([
    [0, null, 0.8, 'outrun'],
    [0.4, 0.6, 1, 'hedge'],
  ]);
});
