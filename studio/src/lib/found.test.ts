import { describe, expect, it } from 'vitest';
import { filtersOf, foundSearch, isFiltered, kindOf, spanOf } from './found';

describe('the address of a search', () => {
  it('is understood as far as it can be', () => {
    const said = { q: 'leave', kind: 'pdf', language: 'xx', since: 'month', doc: 'd1', at: '3-9', x: 1 };
    expect(foundSearch(said)).toEqual({
      q: 'leave',
      source: undefined,
      kind: 'pdf',
      language: undefined,
      since: 'month',
      doc: 'd1',
      at: '3-9',
    });
    expect(foundSearch({ q: 2026, at: '3-9' }).q).toBe('2026');
    expect(foundSearch({ at: '3-9' }).at).toBeUndefined();
  });
  it('says what is filtered', () => {
    expect(isFiltered({ q: 'x', doc: 'y' })).toBe(false);
    expect(isFiltered({ source: 's' })).toBe(true);
  });
  it('names a span', () => {
    expect(spanOf('12-80')).toEqual({ start: 12, end: 80 });
    for (const odd of [undefined, '', '80-12', '5', 'a-b', '-1-4']) expect(spanOf(odd)).toBeNull();
  });
});

it('asks the API for what was chosen', () => {
  const today = new Date('2026-03-09T00:00:00Z');
  expect(filtersOf({}, today)).toEqual({});
  expect(filtersOf({ source: 's', kind: 'pdf', language: 'fr', since: 'week' }, today)).toEqual({
    sources: ['s'],
    media_types: ['application/pdf'],
    languages: ['fr'],
    modified_from: '2026-03-02T00:00:00.000Z',
  });
});

it('knows kinds of documents by their media types', () => {
  expect(kindOf('text/html; charset=utf-8')).toBe('page');
  expect(kindOf('application/zip')).toBe('other');
});
