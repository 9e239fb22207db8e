import { expect, it } from 'vitest';
import { bars } from './timeline';

const attempt = (ms: number, failure: string | null = null) => ({
  offering: 'h/m',
  status: 200,
  failure,
  ms,
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
