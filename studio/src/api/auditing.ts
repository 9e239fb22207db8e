/** What the page about the audit log asks. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client, dataOf } from './client';
import type { operations } from './schema';

export type Acts = NonNullable<operations['audit_list_acts']['parameters']['query']>;

export const auditing = {
  list: (which: Acts) =>
    infiniteQueryOptions({
      queryKey: ['audit', which],
      queryFn: ({ pageParam }) =>
        dataOf(
          client.GET('/api/v1/audit', {
            params: { query: { ...which, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } },
          }),
        ),
      initialPageParam: '',
      getNextPageParam: (page) => page.next,
      placeholderData: keepPreviousData,
    }),
  act: (sequence: number) =>
    queryOptions({
      queryKey: ['audit', 'act', sequence],
      queryFn: () => dataOf(client.GET('/api/v1/audit/{sequence}', { params: { path: { sequence } } })),
      staleTime: Number.POSITIVE_INFINITY,
    }),
  verdict: () => dataOf(client.GET('/api/v1/audit/verdict')),
};
