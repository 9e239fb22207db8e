/** What the page about keys asks and tells the API. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { usedBy } from '../lib/keys';
import { clocksAt } from '../lib/zone';
import { client, dataOf } from './client';
import { match } from './people';
import type { KeyEdit, KeyShape, NewKey, operations } from './schema';

export type Which = NonNullable<operations['keys_list']['parameters']['query']>;
export const DAYS = 30;

export const keyring = {
  list: (which: Which) =>
    infiniteQueryOptions({
      queryKey: ['keys', which],
      queryFn: ({ pageParam }) =>
        dataOf(
          client.GET('/api/v1/keys', {
            params: { query: { ...which, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } },
          }),
        ),
      initialPageParam: '',
      getNextPageParam: (page) => page.next,
      placeholderData: keepPreviousData,
    }),
  /** Of the last 30 days, to the hour. */
  used: () =>
    queryOptions({
      queryKey: ['usage', 'keys'],
      queryFn: async () => {
        const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
        const since = new Date(hour - DAYS * 86_400_000).toISOString();
        const clocks = clocksAt(new Date());
        const sums = (period?: 'day') =>
          dataOf(
            client.GET('/api/v1/usage', {
              params: { query: { by: ['key'], since, ...clocks, ...(period ? { period } : {}) } },
            }),
          );
        const [all, days] = await Promise.all([sums(), sums('day')]);
        return usedBy(all.rows, days.rows);
      },
      staleTime: 30_000,
    }),
  /** The projects that keys belong to. */
  projects: () =>
    queryOptions({
      queryKey: ['keys', 'projects'],
      queryFn: async () => {
        const page = await dataOf(
          client.GET('/api/v1/keys', { params: { query: { revoked: true, limit: 500 } } }),
        );
        return [...new Set(page.items.map((key) => key.project))].sort();
      },
    }),
  create: (body: NewKey) => dataOf(client.POST('/api/v1/keys', { body })),
  show: (id: string) => dataOf(client.GET('/api/v1/keys/{key_id}', { params: { path: { key_id: id } } })),
  edit: (key: KeyShape, body: KeyEdit) =>
    dataOf(
      client.PATCH('/api/v1/keys/{key_id}', {
        params: { path: { key_id: key.id }, header: match(key.revision) },
        body,
      }),
    ),
  rotate: (key: KeyShape, grace_seconds: number) =>
    dataOf(
      client.POST('/api/v1/keys/{key_id}/rotate', {
        params: { path: { key_id: key.id } },
        body: { grace_seconds },
      }),
    ),
  revoke: (key: KeyShape) =>
    dataOf(client.POST('/api/v1/keys/{key_id}/revoke', { params: { path: { key_id: key.id } } })),
};
