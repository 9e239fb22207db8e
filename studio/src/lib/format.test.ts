import { describe, expect, it } from 'vitest';
import { formats } from './format';

const en = formats('en', 'en-US', 'UTC');
const fr = formats('fr', 'fr-FR', 'Europe/Paris');
const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('formats', () => {
  it('keep the digits of small sums that mean something', () => {
    expect(en.money('0.0000123', 'USD')).toBe('$0.000012');
    expect(en.money('1234.5', 'USD')).toBe('$1,234.50');
    expect(en.money('0', 'EUR')).toBe('€0.00');
    expect(plain(fr.money('0.15', 'EUR'))).toBe('0,15 €');
  });
  it('do not round exact amounts through binary fractions', () => {
    expect(en.money('9007199254740993.07', 'USD')).toBe('$9,007,199,254,740,993.07');
  });
  it('set thousands apart in fields without what begins decimals there', () => {
    expect([en.group, fr.group, formats('en', 'en-DE', 'UTC').group]).toEqual([',', '\u202f', ' ']);
  });
  it('say sizes and durations as the reader does', () => {
    expect(en.bytes(134_515_008)).toBe('134.5 MB');
    expect(plain(fr.bytes(1500))).toBe('1,5 ko');
    expect(en.bytes(0)).toBe('0 B');
    expect(en.ms(12.6)).toBe('13 ms');
    expect(plain(fr.ms(1840))).toBe('1,8 s');
  });
  it('tell times in the reader’s zone', () => {
    expect(plain(en.dateTime('2026-11-21T23:30:00Z'))).toContain('11:30 PM');
    expect(fr.dateTime('2026-11-21T23:30:00Z')).toContain('22 nov. 2026');
  });
  it('keep a day without an hour in every zone', () => {
    expect(formats('en', 'en-US', 'America/New_York').date('2026-11-30')).toBe('Nov 30, 2026');
    expect(formats('en', 'en-US', 'Pacific/Auckland').date('2026-11-30')).toBe('Nov 30, 2026');
  });
  it('leave the year out of what is near', () => {
    expect(en.day('2026-11-21T12:00:00Z')).toBe('Sat, Nov 21');
    expect(fr.shortDay('2026-11-21T12:00:00Z')).toBe('21 nov.');
    expect(plain(en.stamp('2026-11-21T12:00:07Z'))).toBe('Nov 21, 12:00:07 PM');
    expect(fr.hour('2026-11-21T12:00:00Z')).toBe('13:00');
  });
  it('tell how long ago', () => {
    const now = new Date('2026-11-21T12:00:00Z');
    expect(en.ago('2026-11-21T11:57:00Z', now)).toBe('3 minutes ago');
    expect(fr.ago('2026-11-20T12:00:00Z', now)).toBe('hier');
    expect(en.briefly('2026-11-21T11:57:00Z', now)).toBe('3 min. ago');
  });
});
