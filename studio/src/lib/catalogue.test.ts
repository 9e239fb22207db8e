import { describe, expect, it } from 'vitest';
import {
  asked,
  chips,
  inMonths,
  modelsSearch,
  NONE,
  orderOf,
  sorted,
  toggled,
  valuesOf,
  without,
} from './catalogue';

const NOW = new Date('2026-11-30T12:00:00Z');

describe('the address of the catalogue', () => {
  it('keeps what it knows, and nothing else', () => {
    const search = modelsSearch({
      q: 'llama',
      context: 128000,
      sort: 'colour',
      side: 'yes',
      x: 1,
      maker: '',
    });
    expect(search).toMatchObject({ q: 'llama', context: '128000', side: 'yes' });
    expect(search.sort).toBeUndefined();
    expect(search.maker).toBeUndefined();
    expect('x' in search).toBe(false);
  });
  it('becomes what the API is asked', () => {
    const search = modelsSearch({
      maker: 'meta,mistral',
      law: 'FR',
      open: 'no',
      price: 0.5,
      retire: 6,
      here: 'yes',
    });
    expect(asked(search, NOW)).toEqual({
      maker: ['meta', 'mistral'],
      host_country: ['FR'],
      open_weights: false,
      max_input: 0.5,
      retires_before: '2027-05-28',
      available: true,
    });
    expect(asked({ retire: 'with' })).toEqual({ retired: true });
    expect(asked({ context: 'wide', retire: 'soon' })).toEqual({});
  });
  it('counts months over the end of the year', () => {
    expect(inMonths(3, NOW)).toBe('2027-02-28');
    expect(inMonths(12, new Date('2026-03-05T00:00:00Z'))).toBe('2027-03-05');
  });
});

describe('filters', () => {
  it('are chips, each of which can be taken away', () => {
    const search = modelsSearch({ maker: 'meta,mistral', open: 'yes', q: 'x' });
    expect(chips(search)).toEqual([
      { filter: 'maker', value: 'meta' },
      { filter: 'maker', value: 'mistral' },
      { filter: 'open', value: 'yes' },
    ]);
    expect(without(search, { filter: 'maker', value: 'meta' })).toEqual({ maker: 'mistral' });
    expect(without(search, { filter: 'open', value: 'yes' })).toEqual({ open: undefined });
    expect(chips({ ...search, ...NONE })).toEqual([]);
  });
  it('toggle their values', () => {
    expect(toggled(undefined, 'meta')).toBe('meta');
    expect(toggled('meta,mistral', 'meta')).toBe('mistral');
    expect(toggled('meta', 'meta')).toBeUndefined();
    expect(valuesOf('a,,b')).toEqual(['a', 'b']);
  });
});

describe('a column', () => {
  it('sorts its way, then the other, then not', () => {
    const first = sorted({}, 'released');
    expect(orderOf(first, 'released')).toBe('desc');
    const second = sorted(first, 'released');
    expect(orderOf(second, 'released')).toBe('asc');
    expect(sorted(second, 'released')).toEqual({ sort: undefined, order: undefined });
    expect(orderOf(second, 'price')).toBeUndefined();
  });
});
