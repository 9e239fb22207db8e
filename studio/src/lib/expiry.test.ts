import { describe, expect, it } from 'vitest';
import { dayOf, endOf, isSoon } from './expiry';

const now = new Date('2026-11-21T12:00:00Z');

describe('the end of a key', () => {
  it('is so many days ahead, or never', () => {
    expect(endOf('week', '', now)).toBe('2026-11-28T12:00:00.000Z');
    expect(endOf('never', '', now)).toBeNull();
  });
  it('is the end of the chosen day where the reader is', () => {
    const end = endOf('date', '2027-02-03');
    expect(end && dayOf(end)).toBe('2027-02-03');
    expect(end && new Date(end).getHours()).toBe(23);
    expect(endOf('date', '')).toBeNull();
  });
  it('is near for a week before it comes', () => {
    expect(isSoon('2026-11-27T12:00:00Z', now)).toBe(true);
    expect(isSoon('2026-11-29T12:00:00Z', now)).toBe(false);
    expect(isSoon('2026-11-20T12:00:00Z', now)).toBe(false);
    expect(isSoon(null, now)).toBe(false);
  });
});
