import { describe, expect, it } from 'vitest';
import { NO_FIGURES } from './chat';
import { costOf, settledBy, speed, tokens, wakingSeconds } from './costs';

const PRICE = { input_price: '2', output_price: '10', cache_read_price: '0.5' };

describe('figures', () => {
  it('are estimated until the host has said them', () => {
    expect(tokens({ ...NO_FIGURES, asked: 40, letters: 9 })).toEqual({ input: 10, output: 3, exact: false });
    expect(tokens({ ...NO_FIGURES, asked: 40, input: 7, output: 2 })).toEqual({
      input: 7,
      output: 2,
      exact: true,
    });
  });
  it('are what the ledger says, where the answer broke off', () => {
    const entry = { usage_reported: true, tokens: { input: 5, cache_read: 2, output: 3, reasoning: 4 } };
    expect(settledBy(NO_FIGURES, entry)).toMatchObject({ input: 7, output: 7, cached: 2, thought: 4 });
    expect(settledBy({ ...NO_FIGURES, output: 1 }, entry)).toMatchObject({ output: 1 });
    expect(settledBy(NO_FIGURES, { ...entry, usage_reported: false })).toBe(NO_FIGURES);
    expect(settledBy(NO_FIGURES, undefined)).toBe(NO_FIGURES);
  });
  it('cost what the classes cost', () => {
    const used = { ...NO_FIGURES, input: 1000, cached: 400, output: 100 };
    expect(costOf(used, PRICE)).toBeCloseTo((600 * 2 + 400 * 0.5 + 100 * 10) / 1e6, 12);
    expect(costOf(used, { input_price: '0', output_price: '0', cache_read_price: '0' })).toBe(0);
  });
  it('have no cost where a price is unknown, which is not zero', () => {
    const used = { ...NO_FIGURES, input: 10, output: 1 };
    expect(costOf(used, undefined)).toBeNull();
    expect(costOf(used, { ...PRICE, output_price: null })).toBeNull();
    expect(costOf(used, { ...PRICE, cache_read_price: null })).not.toBeNull();
    expect(costOf({ ...used, cached: 5 }, { ...PRICE, cache_read_price: null })).toBeNull();
  });
  it('tell a speed once there is enough to tell', () => {
    expect(speed({ ...NO_FIGURES, firstMs: 100, totalMs: 1100, output: 50 })).toBe(50);
    expect(speed({ ...NO_FIGURES, firstMs: 100, totalMs: 110, output: 50 })).toBeNull();
    expect(speed(NO_FIGURES)).toBeNull();
  });
});

describe('a model that sleeps', () => {
  it('wakes as last time, else as its size tells', () => {
    expect(wakingSeconds(600_000_000, null)).toBe(3);
    expect(wakingSeconds(600_000_000, 7.4)).toBe(7);
    expect(wakingSeconds(10, 0.1)).toBe(1);
  });
});
