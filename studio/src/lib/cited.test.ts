import { expect, it } from 'vitest';
import type { SpanShape } from '../api/schema';
import { Citations, keyOf } from './cited';

const span = (document: string, start: number): SpanShape => ({
  document,
  version: 'v',
  title: document.toUpperCase(),
  path: `${document}.pdf`,
  start,
  end: start + 5,
  quote: 'words',
  page: 1,
  sheet: '',
  cell: '',
  boxes: [],
});

it('numbers sources in the order of their first citation, each once', () => {
  const cited = new Citations({
    claims: [
      { sentence: 'one', state: 'supported', score: 1, reasons: [], spans: [span('b', 0)] },
      { sentence: 'two', state: 'marked', score: 0, reasons: [], spans: [span('a', 4), span('b', 9)] },
    ],
    conflicts: [{ kind: 'number', about: 'it', spans: [span('c', 1), span('a', 4)] }],
  });
  expect(cited.sources.map(({ number, document }) => `${number} ${document}`)).toEqual(['1 b', '2 a', '3 c']);
  expect(cited.numberOf(span('b', 9))).toBe(1);
  expect(keyOf(span('b', 9))).toBe('b 9-14');
});
