/** What the health page works out of what the platform tells. Pure. */
import type { StandingShape } from '../api/schema';
import type { Tone } from '../ui/parts';

export const SPANS = ['day', 'week', 'month'] as const;
export type Span = (typeof SPANS)[number];
export const HOURS: Record<Span, number> = { day: 24, week: 168, month: 720 };
const HOUR_MS = 3_600_000;
const MOST_BARS = 48;

export const hoursOf = (said: string | undefined): Span => SPANS.find((each) => each === said) ?? 'day';

export const toneOf = (standing: StandingShape['standing']): Tone =>
  (({ well: 'good', shaky: 'busy', out: 'bad', quiet: 'none' }) as const)[standing];

export interface Step {
  at: Date;
  exchanges: number;
  failures: number;
}

/** Steps of one length from `since` on, those without a request too; never more than can be told apart. */
export function stepsOf(is: Pick<StandingShape, 'steps'>, since: string, hours: number): Step[] {
  const begin = new Date(since).getTime();
  const each = Math.ceil((hours + 1) / MOST_BARS);
  const found = Array.from({ length: Math.ceil((hours + 1) / each) }, (_, index) => ({
    at: new Date(begin + index * each * HOUR_MS),
    exchanges: 0,
    failures: 0,
  }));
  for (const step of is.steps) {
    const place = found[Math.floor((new Date(step.at).getTime() - begin) / (each * HOUR_MS))];
    if (place) {
      place.exchanges += step.exchanges;
      place.failures += step.failures;
    }
  }
  return found;
}
