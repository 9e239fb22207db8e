/** What the platform's events mean for what pages show: answers are renewed when something changed, and only then. */
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { type Ends, Line, type Pulse, type Standing, Throttle } from '../lib/live';
import { at, trouble } from './client';
import type { JobShape, PageJobShape, StatusShape } from './schema';

/** Lists that somebody scrolled down stay as they are: renewing them would move what is being read. */
const SCROLLED_PAGES = 2;

/** Applies events to what is kept. */
export class Renewal {
  private readonly grown = new Throttle(() =>
    this.renew(['usage'], ['entries'], ['beside'], ['standing'], ['home']),
  );
  private readonly moved = new Throttle(() => this.renew(['models'], ['home']));
  private revision: number | undefined;

  constructor(private readonly queries: QueryClient) {}

  hear(name: string, data: unknown): void {
    if (name === 'standing') this.renew(['standing']);
    else if (name === 'status') this.status(data as StatusShape);
    else if (name === 'job') this.job(data as JobShape);
    else if (name === 'exchanges' && (data as { added: number }).added > 0) this.grown.call();
  }

  all(): void {
    void this.queries.invalidateQueries();
  }

  private status(status: StatusShape): void {
    this.queries.setQueryData(['status'], status);
    if (this.revision !== undefined && this.revision !== status.directory_revision) {
      this.renew(['providers'], ['keys'], ['rules'], ['routes'], ['projects'], ['gateway-models']);
    }
    this.revision = status.directory_revision;
    this.moved.call();
  }

  private job(job: JobShape): void {
    const list = this.queries.getQueryData<PageJobShape>(['jobs']);
    const known = list?.items.find((each) => each.id === job.id);
    if (list) {
      const items = known ? list.items.map((each) => (each === known ? job : each)) : [job, ...list.items];
      this.queries.setQueryData<PageJobShape>(['jobs'], { ...list, items });
    }
    if (job.state !== 'running' && known?.state === 'running') {
      this.moved.call();
      // The list has its reason in the reader's language, which a stream cannot be asked for.
      this.renew(['jobs'], ['gateway-models'], ['catalog-model']);
    }
  }

  private renew(...keys: QueryKey[]): void {
    for (const queryKey of keys) {
      void this.queries.invalidateQueries({
        queryKey,
        predicate: (query) => {
          const pages = (query.state.data as { pages?: unknown[] } | undefined)?.pages;
          return !pages || pages.length <= SCROLLED_PAGES;
        },
      });
    }
  }
}

/** Asked without credentials being needed: is anybody there, and does he know this browser? */
async function pulse(): Promise<Pulse> {
  try {
    const answer = await fetch(at('api/v1/session'), {
      cache: 'no-store',
      signal: AbortSignal.timeout(8_000),
    });
    if (!answer.ok) return 'away';
    return ((await answer.json()) as { signed_in: boolean }).signed_in ? 'well' : 'stranger';
  } catch {
    return 'away';
  }
}

const HIDDEN_MS = 60_000;

/** Opens the line; the answer closes it. `stands`: told at every change. `back`: what was seen may be old. */
export function listen(
  queries: QueryClient,
  ends: { stands: (standing: Standing) => void; back: (lost: boolean) => void },
): () => void {
  const renewal = new Renewal(queries);
  const whole: Ends = {
    open: () => new EventSource(at('api/v1/events')),
    pulse,
    hear: (name, data) => renewal.hear(name, data),
    stands: ends.stands,
    back: (lost) => {
      renewal.all();
      ends.back(lost);
    },
    unknown: () => void queries.invalidateQueries({ queryKey: ['me'] }),
  };
  const line = new Line(whole);
  let hidden: ReturnType<typeof setTimeout> | undefined;
  let slept = false;
  const looked = (): void => {
    clearTimeout(hidden);
    if (document.hidden) {
      hidden = setTimeout(() => {
        slept = true;
        line.stop();
      }, HIDDEN_MS);
    } else if (slept) {
      slept = false;
      renewal.all();
      line.start();
    }
  };
  const doubt = (): void => line.doubt();
  document.addEventListener('visibilitychange', looked);
  window.addEventListener('online', doubt);
  window.addEventListener('offline', doubt);
  trouble.addEventListener('unreachable', doubt);
  line.start();
  return () => {
    line.stop();
    clearTimeout(hidden);
    document.removeEventListener('visibilitychange', looked);
    window.removeEventListener('online', doubt);
    window.removeEventListener('offline', doubt);
    trouble.removeEventListener('unreachable', doubt);
  };
}
