import { describe, expect, it } from 'vitest';
import { editable, flaw, moved, put, without } from './aliases';

const fast = { pattern: 'fast', target: 'local/smollm2' };
const wide = { pattern: 'gpt-4*', target: 'mistral/large' };

describe('the list of aliases', () => {
  it('leaves to the file what is the file’s', () => {
    const all = [
      { ...fast, owner: 'file' as const },
      { ...wide, owner: 'studio' as const },
    ];
    expect(editable(all)).toEqual([wide]);
  });
  it('grows, changes in place and shrinks', () => {
    expect(put([fast], null, wide)).toEqual([fast, wide]);
    expect(put([fast, wide], 'fast', { ...fast, target: 'x' })[0]?.target).toBe('x');
    expect(without([fast, wide], 'fast')).toEqual([wide]);
  });
  it('keeps its order but for what moves', () => {
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
    expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b']);
  });
});

describe('an alias', () => {
  it('is whole, new and leads elsewhere', () => {
    expect(flaw(fast, [wide])).toBeNull();
    expect(flaw({ pattern: '', target: 'x' }, [])).toBe('empty');
    expect(flaw({ pattern: 'a b', target: 'x' }, [])).toBe('space');
    expect(flaw(fast, [fast])).toBe('taken');
    expect(flaw({ pattern: 'x', target: 'x' }, [])).toBe('itself');
  });
});
