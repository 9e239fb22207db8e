import { describe, expect, it } from 'vitest';
import { filtersOf, narrowed, type UsageSearch, usageSearch, valuesOf, widened, written } from './asked';

describe('an address', () => {
  it('says only what the page understands', () => {
    expect(usageSearch({ by: 'moon', metric: 'luck', span: 7, view: 'class', model: '' })).toEqual({
      span: '7',
    });
    expect(usageSearch({ metric: 'tokens', view: 'class', failed: true })).toMatchObject({
      metric: 'tokens',
      view: 'class',
      failed: 'yes',
    });
  });
  it('keeps any values, whatever they are written with', () => {
    for (const values of [['a'], ['a,b', 'c'], ['50%', '%2C', '~'], ['', 'x'], ['~~', '%7E']])
      expect(valuesOf(written(values))).toEqual(values);
    expect(written([])).toBeUndefined();
  });
});

describe('filters', () => {
  it('are added once and taken away one by one', () => {
    let search: UsageSearch = {};
    search = { ...search, ...narrowed(search, 'model', 'a') };
    search = { ...search, ...narrowed(search, 'model', 'b') };
    search = { ...search, ...narrowed(search, 'model', 'b') };
    expect(filtersOf(search)).toEqual({ model: ['a', 'b'] });
    search = { ...search, ...widened(search, 'model', 'a'), failed: 'yes' };
    expect(filtersOf(search)).toEqual({ model: ['b'], failed: true });
    search = { ...search, ...widened(search, 'model', 'b') };
    expect(filtersOf(search)).toEqual({ failed: true });
  });
});
