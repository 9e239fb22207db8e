/**
 * Every question that pages ask the API, with the key under which its answer is kept. Nothing is asked again by the
 * clock: `live.ts` renews what the platform says has changed.
 */
import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from '@tanstack/react-query';
import type { Clocks } from '../lib/zone';
import { ApiError, client, dataOf } from './client';
import type { operations } from './schema';

export type Usage = NonNullable<operations['usage_report']['parameters']['query']>;
export type Which = Omit<Usage, 'by' | 'period' | 'offset_minutes' | 'zone'>;
export type Explained = NonNullable<operations['rules_explain_name']['parameters']['query']>;
export type Search = NonNullable<operations['catalog_search_models']['parameters']['query']>;

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What the API answered with a reason will not be different a moment later; what it could not say may be.
      retry: (count, error) =>
        count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
      refetchOnWindowFocus: true,
      // A platform on this machine is there without a network, too: whether it is, is found out by asking it.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

export const ask = {
  me: () =>
    queryOptions({ queryKey: ['me'], queryFn: () => dataOf(client.GET('/api/v1/me')), staleTime: 60_000 }),
  status: () => queryOptions({ queryKey: ['status'], queryFn: () => dataOf(client.GET('/api/v1/status')) }),
  localModels: () =>
    queryOptions({ queryKey: ['models'], queryFn: () => dataOf(client.GET('/api/v1/models')) }),
  jobs: () => queryOptions({ queryKey: ['jobs'], queryFn: () => dataOf(client.GET('/api/v1/jobs')) }),
  catalog: (search: Search) =>
    infiniteQueryOptions({
      queryKey: ['catalog', search],
      queryFn: ({ pageParam }) =>
        dataOf(
          client.GET('/api/v1/catalog/models', {
            params: { query: { ...search, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } },
          }),
        ),
      initialPageParam: '',
      getNextPageParam: (page) => page.next,
      placeholderData: keepPreviousData,
      staleTime: 300_000,
    }),
  catalogModel: (name: string) =>
    queryOptions({
      queryKey: ['catalog-model', name],
      queryFn: () => dataOf(client.GET('/api/v1/catalog/models/{name}', { params: { path: { name } } })),
      staleTime: 300_000,
    }),
  providers: () =>
    queryOptions({ queryKey: ['providers'], queryFn: () => dataOf(client.GET('/api/v1/providers')) }),
  keys: (revoked: boolean) =>
    infiniteQueryOptions({
      queryKey: ['keys', revoked],
      queryFn: ({ pageParam }) =>
        dataOf(
          client.GET('/api/v1/keys', {
            params: { query: { revoked, limit: 100, ...(pageParam ? { cursor: pageParam } : {}) } },
          }),
        ),
      initialPageParam: '',
      getNextPageParam: (page) => page.next,
    }),
  usage: (query: Usage) =>
    queryOptions({
      queryKey: ['usage', query],
      queryFn: () => dataOf(client.GET('/api/v1/usage', { params: { query } })),
      placeholderData: keepPreviousData,
    }),
  entries: (which: Which, limit = 50) =>
    infiniteQueryOptions({
      queryKey: ['entries', which, limit],
      queryFn: ({ pageParam }) =>
        dataOf(
          client.GET('/api/v1/usage/entries', {
            params: { query: { ...which, limit, ...(pageParam ? { cursor: pageParam } : {}) } },
          }),
        ),
      initialPageParam: '',
      getNextPageParam: (page) => page.next,
      placeholderData: keepPreviousData,
    }),
  entry: (id: string) =>
    queryOptions({
      queryKey: ['entry', id],
      queryFn: () =>
        dataOf(client.GET('/api/v1/usage/entries/{entry_id}', { params: { path: { entry_id: id } } })),
      staleTime: Number.POSITIVE_INFINITY,
    }),
  /** The calls that an exchange made beside its own answer. */
  beside: (id: string) =>
    queryOptions({
      queryKey: ['beside', id],
      queryFn: () =>
        dataOf(client.GET('/api/v1/usage/entries/{entry_id}/beside', { params: { path: { entry_id: id } } })),
    }),
  /** How a call would go now. */
  explained: (query: Explained) =>
    queryOptions({
      queryKey: ['explained', query],
      queryFn: () => dataOf(client.GET('/api/v1/explain', { params: { query } })),
      retry: false,
    }),
  standing: (hours: number) =>
    queryOptions({
      queryKey: ['standing', hours],
      queryFn: () => dataOf(client.GET('/api/v1/standing', { params: { query: { hours } } })),
      placeholderData: keepPreviousData,
    }),
  /** `clocks`: the reader's, for what "today" is. */
  home: (clocks: Clocks) =>
    queryOptions({
      queryKey: ['home', clocks],
      queryFn: () => dataOf(client.GET('/api/v1/home', { params: { query: { ...clocks } } })),
    }),
  rules: () => queryOptions({ queryKey: ['rules'], queryFn: () => dataOf(client.GET('/api/v1/rules')) }),
  /** What the gateway would answer to: the models a call may name. */
  gatewayModels: () =>
    queryOptions({
      queryKey: ['gateway-models'],
      queryFn: async (): Promise<string[]> => {
        const answer = await fetch(new URL('api/v1/gateway/v1/models', document.baseURI));
        if (!answer.ok) throw new ApiError(answer.status, {});
        const list = (await answer.json()) as { data: { id: string }[] };
        return list.data.map((each) => each.id);
      },
      staleTime: 30_000,
    }),
};
