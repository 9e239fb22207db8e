import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

vi.mock('./client', () => ({ at: (path: string) => path, trouble: new EventTarget() }));
const { Renewal } = await import('./live');

/** A page that shows the answers to some questions: how often each was asked. */
class Page {
  readonly queries = new QueryClient();
  readonly asked: Record<string, number> = {};
  readonly renewal = new Renewal(this.queries);

  async shows(key: string, answer: unknown = key): Promise<void> {
    new QueryObserver(this.queries, {
      queryKey: [key],
      queryFn: () => {
        this.asked[key] = (this.asked[key] ?? 0) + 1;
        return answer;
      },
    }).subscribe(() => undefined);
    await vi.advanceTimersByTimeAsync(1);
  }

  async hears(name: string, data: unknown): Promise<void> {
    this.renewal.hear(name, data);
    await vi.advanceTimersByTimeAsync(50);
  }
}

const job = (state: string, done: number) => ({ id: '1', subject: 'm', state, done });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('what the platform tells', () => {
  it('renews the figures when there were exchanges, and nothing else', async () => {
    const page = new Page();
    for (const key of ['usage', 'entries', 'keys']) await page.shows(key);
    await page.hears('exchanges', { added: 0, shipped: 7 });
    expect(page.asked).toEqual({ usage: 1, entries: 1, keys: 1 });
    await page.hears('exchanges', { added: 2, shipped: 9 });
    expect(page.asked).toEqual({ usage: 2, entries: 2, keys: 1 });
  });

  it('leaves a list alone that somebody scrolls', async () => {
    const page = new Page();
    await page.shows('entries', { pages: [1, 2, 3], pageParams: [] });
    await page.hears('exchanges', { added: 1, shipped: 1 });
    expect(page.asked).toEqual({ entries: 1 });
  });

  it('is the state itself, and renews what was changed elsewhere', async () => {
    const page = new Page();
    await page.shows('keys');
    await page.hears('status', { state: 'ready', directory_revision: 3 });
    expect(page.queries.getQueryData(['status'])).toMatchObject({ state: 'ready' });
    expect(page.asked).toEqual({ keys: 1 });
    await page.hears('status', { state: 'ready', directory_revision: 4 });
    expect(page.asked).toEqual({ keys: 2 });
  });

  it('moves a job along, and renews the models at its end', async () => {
    const page = new Page();
    await page.shows('models');
    page.queries.setQueryData(['jobs'], { items: [], next: null });
    await page.hears('job', job('running', 1));
    await page.hears('job', job('running', 5));
    expect(page.queries.getQueryData(['jobs'])).toEqual({ items: [job('running', 5)], next: null });
    expect(page.asked).toEqual({ models: 1 });
    await page.hears('job', job('done', 9));
    expect(page.asked).toEqual({ models: 2 });
  });
});
