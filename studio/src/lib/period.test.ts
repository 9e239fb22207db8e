import { describe, expect, it } from 'vitest';
import { change, dayText, midnightOf, named, rangeOf, stepsOf } from './period';

const now = new Date(2026, 10, 22, 14, 37);
const at = (day: number, hour = 0): Date => new Date(2026, 10, day, hour);

describe('a span', () => {
  it('of 24 hours has 24 whole hours and the one that runs', () => {
    const range = rangeOf({ span: 'day' }, now);
    expect(range.period).toBe('hour');
    expect(stepsOf(range, now).length).toBe(24);
    expect(range.before.since).toEqual(new Date(range.since.getTime() - 24 * 3_600_000));
  });
  it('of days begins at the reader’s midnight and ends now', () => {
    const range = rangeOf({ span: 'week' }, now);
    expect(range.since).toEqual(at(16));
    expect(range.until).toBeUndefined();
    expect(stepsOf(range, now).map(dayText)).toEqual([
      '2026-11-16',
      '2026-11-17',
      '2026-11-18',
      '2026-11-19',
      '2026-11-20',
      '2026-11-21',
      '2026-11-22',
    ]);
  });
  it('is compared with as much time right before it', () => {
    const { before } = rangeOf({ span: 'week' }, now);
    expect(before.since).toEqual(at(9));
    expect(before.until).toEqual(new Date(2026, 10, 15, 14, 30));
  });
  it('is a week if the address says nothing that is known', () => {
    expect(rangeOf({ span: 'aeon' }, now).span).toBe('week');
  });
});

describe('days of one’s own choice', () => {
  it('count from the first to the last, whichever is said first', () => {
    const range = rangeOf({ from: '2026-11-10', to: '2026-11-01' }, now);
    expect([range.since, range.until, range.days, range.period]).toEqual([at(1), at(11), 10, 'day']);
    expect(range.before).toEqual({ since: new Date(2026, 9, 22), until: at(1) });
  });
  it('show hours when they are few', () => {
    const range = rangeOf({ from: '2026-11-20' }, now);
    expect([range.since, range.until, range.period]).toEqual([at(20), at(21), 'hour']);
  });
  it('that have not ended are compared with as much of the days before', () => {
    expect(rangeOf({ from: '2026-11-22', to: '2026-11-22' }, now).before).toEqual({
      since: at(21),
      until: new Date(2026, 10, 21, 14, 30),
    });
  });
  it('are at most a year or so, and only real ones', () => {
    expect(rangeOf({ from: '1970-01-01', to: '2026-11-01' }, now).days).toBe(400);
    expect(midnightOf('2026-02-31')).toBeUndefined();
    expect(midnightOf('yesterday')).toBeUndefined();
  });
});

it('months are named as the calendar has them', () => {
  const { last_month: last, yesterday } = named(new Date(2026, 2, 3, 4));
  expect(last.map(dayText)).toEqual(['2026-02-01', '2026-02-28']);
  expect(yesterday.map(dayText)).toEqual(['2026-03-02', '2026-03-02']);
});

it('nothing can be compared with nothing', () => {
  expect(change(3, 2)).toBe(0.5);
  expect(change(3, 0)).toBeNull();
  expect(change(null, 2)).toBeNull();
});
