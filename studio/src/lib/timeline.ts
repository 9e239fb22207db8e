/** The attempts of one request as bars on a common line of time. Pure. */
import type { EntryShape } from '../api/schema';

export interface Bar {
  key: string;
  offering: string;
  status: number | null;
  failure: string | null;
  reason: string;
  ms: number;
  /** Milliseconds from the start of the request to its own. */
  after: number;
  /** Shares of the whole: where it begins, where its first event came, where it ends. */
  from: number;
  first: number | null;
  to: number;
}

type Timed = Pick<EntryShape, 'attempts' | 'total_ms' | 'first_event_ms'>;

/**
 * Each attempt where it was: several may have been under way at once. Of entries that do not say when, an attempt
 * begins where the one before it ended, and the first event is of the last one.
 */
export function bars(entry: Timed): Bar[] {
  const told = entry.attempts.some(
    (each) => (each.after_ms ?? 0) > 0 || (each.first_event_ms ?? null) !== null,
  );
  let end = 0;
  const placed = entry.attempts.map((each) => {
    const after = told ? (each.after_ms ?? 0) : end;
    end = after + each.ms;
    return { each, after, end };
  });
  const whole = Math.max(entry.total_ms, ...placed.map((each) => each.end));
  const share = (ms: number): number => (whole > 0 ? Math.min(1, Math.max(0, ms / whole)) : 0);
  return placed.map(({ each, after, end: until }, index) => {
    const last = index === placed.length - 1;
    const own = each.first_event_ms ?? null;
    const guessed = !told && last && !each.failure ? entry.first_event_ms : null;
    const first = own === null ? guessed : after + own;
    return {
      key: `${index} ${each.offering}`,
      offering: each.offering,
      status: each.status,
      failure: each.failure,
      reason: each.reason ?? '',
      ms: each.ms,
      after,
      from: share(after),
      first: first !== null && first > after && first < until ? share(first) : null,
      to: share(until),
    };
  });
}
