import { describe, expect, it } from 'vitest';
import { parse } from './json';

describe('JSON', () => {
  it.each([
    ['', 1, 1],
    ['{"a": 1,}', 1, 9],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
    ['[1, 2', 1, 6],
    ["{'a': 1}", 1, 2],
    ['{"a": "x\ny"}', 1, 7],
    ['[01]', 1, 3],
    ['tru', 1, 1],
    ['{"a" 1}', 1, 6],
    ['1 2', 1, 3],
  ])('that is wrong says where: %j', (text, line, column) => {
    expect(parse(text)).toEqual({ wrong: { line, column } });
  });
  it('that is right is read', () => {
    expect(parse(' {"a": [1.5e3, null, "\\u00e9"], "b": {}} ')).toEqual({
      value: { a: [1500, null, 'é'], b: {} },
    });
  });
});
