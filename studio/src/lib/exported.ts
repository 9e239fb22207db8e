/** How the API is asked for a file of what the usage page shows. Pure. */
import type { Which } from '../api/queries';
import type { Dimension } from './asked';
import type { Range } from './period';
import { clocksAt } from './zone';

export function exportQuery(what: {
  which: Which;
  of: 'exchanges' | 'sums';
  kind: 'csv' | 'jsonl' | 'parquet';
  by: Dimension;
  range: Range;
}): string {
  const query = new URLSearchParams({ of: what.of, as: what.kind });
  for (const [name, value] of Object.entries(what.which)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null) query.append(name, String(each));
    }
  }
  if (what.of === 'sums') {
    query.append('by', what.by);
    query.append('period', what.range.period);
    for (const [name, value] of Object.entries(clocksAt(what.range.since))) query.append(name, String(value));
  }
  return query.toString();
}
