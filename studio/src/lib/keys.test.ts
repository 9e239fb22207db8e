import { describe, expect, it } from 'vitest';
import { allowed, choices, fits, SNIPPETS, snippet, usedBy } from './keys';

describe('a pattern', () => {
  it('fits as the gateway says', () => {
    expect(fits('local/*', 'local/smollm2')).toBe(true);
    expect(fits('local/*', 'mistral/large')).toBe(false);
    expect(fits('gpt-4?', 'gpt-4o')).toBe(true);
    expect(fits('gpt-4?', 'gpt-4')).toBe(false);
    expect(fits('gpt-[45]*', 'gpt-5-mini')).toBe(true);
    expect(fits('gpt-[!45]*', 'gpt-5-mini')).toBe(false);
    expect(fits('*', 'anything/at all')).toBe(true);
    expect(fits('A', 'a')).toBe(false);
  });
  it('means its other letters as they are', () => {
    expect(fits('a.b', 'axb')).toBe(false);
    expect(fits('a+(b)|c', 'a+(b)|c')).toBe(true);
    expect(fits('[z-a]', 'z')).toBe(false);
    expect(fits('[', '[')).toBe(true);
  });
});

describe('the models that a key may use', () => {
  const models = ['local/smollm2', 'mistral/large', 'mistral/small'];
  it('are all without a list', () => expect(allowed([], models)).toEqual(models));
  it('go by their names with and without the host', () => {
    expect(allowed(['mistral/*'], models)).toEqual(['mistral/large', 'mistral/small']);
    expect(allowed(['small'], models)).toEqual(['mistral/small']);
    expect(allowed(['nothing'], models)).toEqual([]);
  });
  it('can be chosen host by host', () => expect(choices(models).hosts).toEqual(['local/*', 'mistral/*']));
});

describe('what a key was used for', () => {
  const sum = (key: string, at: string | null, exchanges: number): Parameters<typeof usedBy>[0][number] => ({
    at,
    group: { key: { id: key } },
    exchanges,
    cost: { USD: '0.10' },
  });
  it('is summed, with the last day that saw a call', () => {
    const found = usedBy(
      [sum('a', null, 3), sum('b', null, 1)],
      [
        sum('a', '2026-11-02T00:00:00Z', 1),
        sum('a', '2026-11-20T00:00:00Z', 2),
        sum('c', '2026-11-01T00:00:00Z', 1),
      ],
    );
    expect(found.get('a')).toEqual({ exchanges: 3, cost: { USD: '0.10' }, last: '2026-11-20T00:00:00Z' });
    expect(found.get('b')?.last).toBeNull();
    expect(found.has('c')).toBe(false);
  });
});

describe('a snippet', () => {
  it('holds the address, the key and, where one is called, the model', () => {
    for (const kind of SNIPPETS) {
      const text = snippet(kind, 'http://127.0.0.1:8600', 'cp-secret', 'local/smollm2');
      expect(text).toContain('http://127.0.0.1:8600');
      expect(text).toContain('cp-secret');
      if (kind !== 'env') expect(text).toContain('local/smollm2');
    }
  });
});
