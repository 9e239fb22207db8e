/** What the chart draws, asked for in one go: what stands on the screen always belongs together. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ask, type Which } from '../../api/queries';
import type { Dimension, Metric, View } from '../../lib/asked';
import type { Range } from '../../lib/period';
import { adds, currencyOf, type Group, largest, type Sum } from '../../lib/series';
import { clocksAt } from '../../lib/zone';

export interface Timed {
  by: Dimension;
  metric: Metric;
  view: View;
  range: Range;
  currency: string;
  groups: Group[];
  rows: Sum[];
  whole?: Sum[];
}

const FRESH_MS = 30_000;

/** A line for each of the largest groups, and, where there are others, the sum of all, from which theirs follows:
 * a series by hundreds of groups would be dear, and nobody could read it. */
export const timed = (which: Which, of: Pick<Timed, 'by' | 'metric' | 'view' | 'range'>) => {
  const { by, metric, view, range } = of;
  const steps = {
    ...which,
    period: range.period,
    ...clocksAt(range.since),
    latencies: !adds(metric),
  };
  return queryOptions({
    queryKey: ['usage', 'timed', steps, by, metric, view],
    queryFn: async ({ client }): Promise<Timed> => {
      const sums = async (query: Parameters<typeof ask.usage>[0]): Promise<Sum[]> =>
        (await client.fetchQuery({ ...ask.usage(query), staleTime: FRESH_MS })).rows;
      if (view !== 'group') {
        const rows = await sums(steps);
        return { ...of, currency: currencyOf(rows), groups: [], rows };
      }
      const all = await sums({ ...which, by: [by] });
      const currency = currencyOf(all);
      const { groups, others } = largest(all, { by, metric, currency });
      const ids = groups.map(({ id }) => id).sort();
      const [rows, whole] = await Promise.all([
        ids.length > 0 ? sums({ ...steps, by: [by], [by]: ids }) : [],
        others && adds(metric) ? sums(steps) : undefined,
      ]);
      return { ...of, currency, groups, rows, ...(whole ? { whole } : {}) };
    },
    placeholderData: keepPreviousData,
  });
};
