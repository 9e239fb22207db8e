import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Line, type Pulse, QUIET_MS, type Source, Throttle } from './live';

class Stream implements Source {
  private readonly hear = new Map<string, (event: { data?: string }) => void>();
  closed = false;
  addEventListener(name: string, hear: (event: { data?: string }) => void): void {
    this.hear.set(name, hear);
  }
  close(): void {
    this.closed = true;
  }
  tell(name: string, data?: unknown): void {
    this.hear.get(name)?.(data === undefined ? {} : { data: JSON.stringify(data) });
  }
}

/** A platform that is as `pulse` says, and what a page noticed of it. */
class Platform {
  streams: Stream[] = [];
  pulse: Pulse = 'well';
  noticed: string[] = [];
  line = new Line({
    open: () => {
      const stream = new Stream();
      this.streams.push(stream);
      return stream;
    },
    pulse: async () => this.pulse,
    hear: (name, data) => this.noticed.push(`${name} ${JSON.stringify(data)}`),
    stands: (standing) => this.noticed.push(standing),
    back: (lost) => this.noticed.push(lost ? 'back after a loss' : 'back'),
    unknown: () => this.noticed.push('unknown'),
  });
  get stream(): Stream {
    const last = this.streams.at(-1);
    if (!last) throw new Error('nothing was opened');
    return last;
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a line', () => {
  it('tells what comes', () => {
    const platform = new Platform();
    platform.line.start();
    platform.stream.tell('open');
    platform.stream.tell('status', { state: 'ready' });
    platform.stream.tell('still', {});
    expect(platform.noticed).toEqual(['live', 'status {"state":"ready"}']);
  });

  it('opens again when the stream ends, and nobody is told of a loss', async () => {
    const platform = new Platform();
    platform.line.start();
    platform.stream.tell('open');
    platform.stream.tell('error');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(platform.streams).toHaveLength(2);
    platform.stream.tell('open');
    expect(platform.noticed).toEqual(['live', 'back']);
  });

  it('says that the platform is gone, asks on, and says when it is back', async () => {
    const platform = new Platform();
    platform.line.start();
    platform.stream.tell('open');
    platform.pulse = 'away';
    platform.stream.tell('error');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(platform.noticed).toEqual(['live', 'lost']);
    platform.pulse = 'well';
    await vi.advanceTimersByTimeAsync(5_100);
    platform.stream.tell('open');
    expect(platform.noticed).toEqual(['live', 'lost', 'live', 'back after a loss']);
  });

  it('does not trust a silent stream', async () => {
    const platform = new Platform();
    platform.line.start();
    const first = platform.stream;
    first.tell('open');
    await vi.advanceTimersByTimeAsync(QUIET_MS + 1_000);
    expect(first.closed).toBe(true);
    expect(platform.streams).toHaveLength(2);
    first.tell('status', {});
    expect(platform.noticed).toEqual(['live']);
  });

  it('finds out at once when something else failed', async () => {
    const platform = new Platform();
    platform.line.start();
    platform.stream.tell('open');
    platform.pulse = 'away';
    platform.line.doubt();
    await vi.advanceTimersByTimeAsync(1);
    expect(platform.noticed).toEqual(['live', 'lost']);
    expect(platform.stream.closed).toBe(true);
  });

  it('stops when this browser is not known any more', async () => {
    const platform = new Platform();
    platform.line.start();
    platform.pulse = 'stranger';
    platform.stream.tell('error');
    await vi.advanceTimersByTimeAsync(600_000);
    expect(platform.noticed).toEqual(['unknown']);
    expect(platform.streams).toHaveLength(1);
  });

  it('lets pages look again where no stream comes through', async () => {
    const platform = new Platform();
    platform.line.start();
    platform.stream.tell('open');
    for (let round = 0; round < 8; round += 1) {
      platform.stream.tell('error');
      await vi.advanceTimersByTimeAsync(31_000);
    }
    expect(platform.noticed.filter((each) => each === 'back').length).toBeGreaterThan(1);
    expect(platform.noticed).not.toContain('lost');
  });

  it('is free while nobody looks', async () => {
    const platform = new Platform();
    platform.line.start();
    platform.line.stop();
    expect(platform.stream.closed).toBe(true);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(platform.streams).toHaveLength(1);
    platform.line.start();
    expect(platform.streams).toHaveLength(2);
  });
});

describe('a throttle', () => {
  it('runs at once and never forgets the last call', async () => {
    const runs: number[] = [];
    const throttle = new Throttle(() => runs.push(Date.now()), 1_000, 4_000);
    const began = Date.now();
    throttle.call();
    throttle.call();
    throttle.call();
    expect(runs).toEqual([began]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(runs).toEqual([began, began + 1_000]);
  });

  it('runs more rarely the longer calls go on', async () => {
    let runs = 0;
    const throttle = new Throttle(
      () => {
        runs += 1;
      },
      1_000,
      4_000,
    );
    for (let second = 0; second < 60; second += 0.5) {
      throttle.call();
      await vi.advanceTimersByTimeAsync(500);
    }
    expect(runs).toBeGreaterThan(14);
    expect(runs).toBeLessThan(25);
  });
});
