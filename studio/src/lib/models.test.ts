import { describe, expect, it } from 'vitest';
import {
  abilities,
  callPrice,
  countryName,
  ending,
  isCapability,
  licenceOf,
  type Offered,
  ranked,
} from './models';

describe('facts in words', () => {
  it('name countries as the reader does', () => {
    expect(countryName('DE', 'en')).toBe('Germany');
    expect(countryName('DE', 'fr')).toBe('Allemagne');
    expect(countryName('', 'fr')).toBe('');
  });
  it('tell a known licence from a maker’s own terms', () => {
    expect(licenceOf('Apache-2.0')).toEqual({ kind: 'standard', name: 'Apache-2.0', noncommercial: false });
    expect(licenceOf('CC-BY-NC-4.0')).toMatchObject({ noncommercial: true });
    expect(licenceOf('LicenseRef-Llama-3.1')).toEqual({ kind: 'own', name: 'Llama 3.1' });
    expect(licenceOf('proprietary')).toEqual({ kind: 'proprietary' });
    expect(licenceOf('')).toEqual({ kind: 'unknown' });
  });
  it('sort what a model can do', () => {
    expect(abilities(['tools', 'images', 'chat', 'audio_output', 'unheard_of'])).toEqual({
      purposes: ['chat'],
      reads: ['images'],
      writes: ['audio_output'],
      skills: ['tools'],
    });
    expect(isCapability('tools')).toBe(true);
    expect(isCapability('colour')).toBe(false);
  });
});

describe('the price of a call', () => {
  const price = { input: '3', output: '15' };
  it('is of its tokens', () => {
    expect(callPrice(price, { input: 2000, output: 500 })).toBeCloseTo(0.0135, 10);
  });
  it('is unknown where a price that counts is, not nothing', () => {
    expect(callPrice({ input: '3', output: null }, { input: 2000, output: 500 })).toBeNull();
    expect(callPrice({ input: '3', output: null }, { input: 2000, output: 0 })).toBeCloseTo(0.006, 10);
    expect(callPrice(null, { input: 1, output: 1 })).toBeNull();
  });
});

describe('an end', () => {
  const now = new Date('2026-11-22T00:00:00Z');
  it('is over, near, far or not known', () => {
    expect(ending('2026-11-21', now)).toBe('over');
    expect(ending('2026-11-22', now)).toBe('soon');
    expect(ending('2027-05-21', now)).toBe('soon');
    expect(ending('2028-01-01', now)).toBe('later');
    expect(ending(null, now)).toBeNull();
  });
});

describe('offers', () => {
  const offer = (host: string, input: string | null, more: Partial<Offered> = {}): Offered => ({
    host,
    id: 'm',
    region: '',
    country: '',
    input_price: input,
    output_price: null,
    cache_read_price: null,
    context: null,
    called: [],
    first_hand: false,
    ...more,
  });
  const offers = [
    offer('cheap', '1'),
    offer('dear', '10', { called: ['mine/m'] }),
    offer('maker', '3', { first_hand: true }),
    offer('silent', null),
  ];
  const hosts = (found: Offered[]): string[] => found.map((each) => each.host);
  it('start with what can be called here, then the maker’s own', () => {
    expect(hosts(ranked(offers, null, false))).toEqual(['dear', 'maker', 'cheap', 'silent']);
  });
  it('sort by what is asked for, the unknown last either way', () => {
    expect(hosts(ranked(offers, 'input', false))).toEqual(['cheap', 'maker', 'dear', 'silent']);
    expect(hosts(ranked(offers, 'input', true))).toEqual(['dear', 'maker', 'cheap', 'silent']);
    expect(hosts(ranked(offers, 'host', false))).toEqual(['cheap', 'dear', 'maker', 'silent']);
  });
});
