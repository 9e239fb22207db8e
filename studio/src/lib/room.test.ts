import { describe, expect, it } from 'vitest';
import { fitOf, latest } from './room';

const GB = 1e9;
const memory = { total: 16 * GB, available: 9 * GB, limit: null, occupied: 0 };

describe('a model', () => {
  it('fits, fits once others have left, or never does', () => {
    expect(fitOf(4 * GB, memory)).toBe('fits');
    expect(fitOf(12 * GB, memory)).toBe('crowded');
    expect(fitOf(20 * GB, memory)).toBe('never');
  });
  it('is held to the limit that was set', () => {
    const limited = { ...memory, limit: 8 * GB, occupied: 5 * GB };
    expect(fitOf(2 * GB, limited)).toBe('fits');
    expect(fitOf(4 * GB, limited)).toBe('crowded');
    expect(fitOf(9 * GB, limited)).toBe('never');
  });
  it('fits where the system does not say what is free', () => {
    expect(fitOf(12 * GB, { ...memory, available: null })).toBe('fits');
  });
});

describe('downloads', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  const job = (subject: string, state: string, ended_at: string | null = null) => ({
    subject,
    state,
    ended_at,
  });
  it('are shown once for each model, the latest; what went well is soon forgotten', () => {
    const jobs = [
      job('a', 'running'),
      job('a', 'failed', '2026-11-22T11:59:00Z'),
      job('b', 'done', '2026-11-22T11:58:00Z'),
      job('c', 'done', '2026-11-22T08:00:00Z'),
      job('d', 'failed', '2026-11-22T08:00:00Z'),
    ];
    expect(latest(jobs, now).map((each) => `${each.subject} ${each.state}`)).toEqual([
      'a running',
      'b done',
      'd failed',
    ]);
  });
});
