import { expect, it } from 'vitest';
import { exportQuery } from './exported';
import { rangeOf } from './period';

it('a file has what the page shows, and nothing that was not asked for', () => {
  const range = rangeOf({ span: 'week' }, new Date(2026, 10, 22, 9));
  const which = { since: '2026-11-16T00:00:00.000Z', model: ['a b', ''], failed: true };
  expect(exportQuery({ which, of: 'exchanges', kind: 'jsonl', by: 'key', range })).toBe(
    'of=exchanges&as=jsonl&since=2026-11-16T00%3A00%3A00.000Z&model=a+b&model=&failed=true',
  );
  const sums = new URLSearchParams(exportQuery({ which, of: 'sums', kind: 'csv', by: 'key', range }));
  expect([sums.get('by'), sums.get('period')]).toEqual(['key', 'day']);
  expect(Number(sums.get('offset_minutes'))).toBe(0 - range.since.getTimezoneOffset());
  expect(sums.get('zone')).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
});
