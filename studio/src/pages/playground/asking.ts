/** The questions that only this page asks the API. */
import { queryOptions } from '@tanstack/react-query';
import { ApiError, client, dataOf } from '../../api/client';

/** Which models can be asked, with their prices and capabilities, and where programs ask them. */
export const playground = () =>
  queryOptions({
    queryKey: ['playground'],
    queryFn: () => dataOf(client.GET('/api/v1/playground')),
    staleTime: 15_000,
  });

/** What the ledger says of an exchange. It gets there a moment after the answer's end. */
export const exchange = (id: string) =>
  queryOptions({
    queryKey: ['exchange', id],
    queryFn: () =>
      dataOf(client.GET('/api/v1/usage/entries/{entry_id}', { params: { path: { entry_id: id } } })),
    retry: (count, error) => error instanceof ApiError && error.status === 404 && count < 15,
    retryDelay: (count) => Math.min(2_000, 150 * 2 ** count),
    staleTime: Number.POSITIVE_INFINITY,
  });
