/** What the pages of models and providers ask of the catalogue, and of the models on this machine. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Asked, asked, type ModelsSearch } from '../lib/catalogue';
import { client, dataOf } from './client';
import { queries } from './queries';

const PAGE = 100;
const LONG = 300_000;

export const askCatalogue = {
  list: (search: ModelsSearch) => {
    const query = { ...asked(search), sort: search.sort, order: search.order };
    return infiniteQueryOptions({
      queryKey: ['catalog', 'list', query],
      queryFn: ({ pageParam }) =>
        dataOf(
          client.GET('/api/v1/catalog/models', {
            params: {
              query: { ...query, offers: false, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
            },
          }),
        ),
      initialPageParam: '',
      getNextPageParam: (page) => page.next,
      placeholderData: keepPreviousData,
      staleTime: LONG,
    });
  },
  facets: (query: Asked) =>
    queryOptions({
      queryKey: ['catalog', 'facets', query],
      queryFn: () => dataOf(client.GET('/api/v1/catalog/facets', { params: { query } })),
      placeholderData: keepPreviousData,
      staleTime: LONG,
    }),
  hosts: () =>
    queryOptions({
      queryKey: ['catalog', 'hosts'],
      queryFn: () => dataOf(client.GET('/api/v1/catalog/hosts')),
      staleTime: LONG,
    }),
  shelf: () =>
    queryOptions({
      queryKey: ['models', 'shelf'],
      queryFn: () => dataOf(client.GET('/api/v1/pullable')),
    }),
};

/** What can be called here is different now. */
export async function offeringsChanged(): Promise<void> {
  const keys = [['providers'], ['gateway-models'], ['catalog'], ['catalog-model'], ['playground']];
  await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
}
