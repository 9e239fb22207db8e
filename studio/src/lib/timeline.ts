/** The attempts of one request as bars on a common line of time. Pure. */
import type { EntryShape } from '../api/schema';

export interface Bar {
  key: string;
  offering: string;
  status: number | null;
  failure: string | null;
  ms: number;
  /** Shares of the whole: where it begins, where its first event came, where it ends. */
  from: number;
  first: number | null;
  to: number;
}

type Timed = Pick<EntryShape, 'attempts' | 'total_ms' | 'first_event_ms'>;

/** One attempt begins where the one before it ended; the first event is of the last one. */
export function bars(entry: Timed): Bar[] {
  const spent = entry.attempts.reduce((sum, each) => sum + each.ms, 0);
  const whole = Math.max(entry.total_ms, spent);
  const share = (ms: number): number => (whole > 0 ? Math.min(1, Math.max(0, ms / whole)) : 0);
  let begun = 0;
  return entry.attempts.map((each, index) => {
    const from = begun;
    begun += each.ms;
    const last = index === entry.attempts.length - 1;
    const first = last && !each.failure ? entry.first_event_ms : null;
    return {
      key: `${index} ${each.offering}`,
      offering: each.offering,
      status: each.status,
      failure: each.failure,
      ms: each.ms,
      from: share(from),
      first: first !== null && first > from && first < begun ? share(first) : null,
      to: share(begun),
    };
  });
}
