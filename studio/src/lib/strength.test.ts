import { describe, expect, it } from 'vitest';
import { isTaken, strengthOf } from './strength';

describe('a password', () => {
  it('is told to be short before anything else', () => {
    expect(strengthOf('')).toBe('none');
    expect(strengthOf('xK9$vQ2!mZ7')).toBe('short');
    expect(isTaken('xK9$vQ2!mZ7')).toBe(false);
  });
  it('is weak when its length is made of little', () => {
    expect(strengthOf('aaaaaaaaaaaaaaaaaaaa')).toBe('weak');
    expect(isTaken('aaaaaaaaaaaaaaaaaaaa')).toBe(false);
    expect(strengthOf('abcdefghijklmnop')).toBe('weak');
    expect(strengthOf('password12345')).toBe('weak');
  });
  it('gains nothing from its owner’s name', () => {
    const order = ['none', 'short', 'weak', 'fair', 'good', 'strong'];
    const bare = order.indexOf(strengthOf('ada lovelace harmony'));
    const known = order.indexOf(strengthOf('ada lovelace harmony', ['ada', 'lovelace']));
    expect(known).toBeLessThan(bare);
  });
  it('is good as a sentence, stronger the longer', () => {
    expect(['good', 'strong']).toContain(strengthOf('four voices in one harmony'));
    expect(strengthOf('four voices in one harmony, and a fifth beneath')).toBe('strong');
    expect(isTaken('four voices in one harmony')).toBe(true);
  });
  it('may hold what means something in a pattern', () =>
    expect(strengthOf('a.b*c(d[e\\f+g?h', ['c(d['])).not.toBe('none'));
});
