import { describe, expect, it } from 'vitest';
import { Counted, excerpt, merged, pieces, within } from './marks';

const told = (text: string, ...ranges: [number, number][]): string =>
  pieces(
    text,
    ranges.map(([start, end]) => ({ start, end })),
  )
    .map((each) => (each.marked ? `[${each.text}]` : each.text))
    .join('');

describe('a marked text', () => {
  it('is whole, whatever is marked', () => {
    expect(told('one two three', [4, 7])).toBe('one [two] three');
    expect(told('one two three')).toBe('one two three');
    expect(told('', [0, 3])).toBe('');
  });
  it('marks what overlaps once, and nothing outside of it', () => {
    expect(told('one two three', [4, 9], [0, 5], [12, 99], [-4, 1])).toBe('[one two t]hre[e]');
    expect(told('one', [2, 1], [3, 3])).toBe('one');
  });
  it('counts characters, not their halves', () => {
    expect(told('😀 bon 🎉 jour', [2, 5], [6, 7])).toBe('😀 [bon] [🎉] jour');
    expect(new Counted('😀a').length).toBe(2);
  });
  it('never makes markup of text', () => {
    expect(pieces('<b>x</b>', [{ start: 3, end: 4 }]).map((each) => each.text)).toEqual(['<b>', 'x', '</b>']);
  });
});

it('knows where each piece begins', () => {
  expect(pieces('ab cd', [{ start: 3, end: 5 }]).map((each) => each.at)).toEqual([0, 3]);
});
it('moves ranges into a part', () => {
  expect(within([{ start: 12, end: 15 }], 10)).toEqual([{ start: 2, end: 5 }]);
  expect(merged([], 5)).toEqual([]);
});

describe('an excerpt', () => {
  const words = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ');
  it('is around what is marked first, in whole words', () => {
    const start = words.indexOf('word40');
    const cut = excerpt(words, [{ start, end: start + 6 }], 100);
    expect(cut.before && cut.after).toBe(true);
    expect(cut.text).toMatch(/^word\d+ .*word40.* word\d+$/);
    const marked = pieces(cut.text, cut.ranges).filter((each) => each.marked);
    expect(marked.map((each) => each.text)).toEqual(['word40']);
  });
  it('is the whole of a short text', () => {
    expect(excerpt('short', [], 100)).toEqual({ text: 'short', ranges: [], before: false, after: false });
  });
});
