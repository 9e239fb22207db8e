/** What the pages about people and programs ask and tell the API. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ApiError, client, dataOf } from './client';
import { queries } from './queries';
import type { AccountEdit, AccountShape, NewAccount, NewToken, RoleShape } from './schema';

export type RoleName = RoleShape['name'];

export const people = {
  accounts: (q: string, role: RoleName | null) =>
    infiniteQueryOptions({
      queryKey: ['accounts', q, role],
      queryFn: ({ pageParam }) =>
        dataOf(
          client.GET('/api/v1/accounts', {
            params: {
              query: { q, limit: 50, ...(role ? { role } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
            },
          }),
        ),
      initialPageParam: '',
      getNextPageParam: (page) => page.next,
      placeholderData: keepPreviousData,
    }),
  roles: () =>
    queryOptions({
      queryKey: ['roles'],
      queryFn: () => dataOf(client.GET('/api/v1/roles')),
      staleTime: 300_000,
    }),
  tokens: (revoked: boolean) =>
    infiniteQueryOptions({
      queryKey: ['tokens', revoked],
      queryFn: ({ pageParam }) =>
        dataOf(
          client.GET('/api/v1/tokens', {
            params: { query: { revoked, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } },
          }),
        ),
      initialPageParam: '',
      getNextPageParam: (page) => page.next,
      placeholderData: keepPreviousData,
    }),
};

export const renew = (...what: string[]): Promise<unknown> =>
  Promise.all(what.map((each) => queries.invalidateQueries({ queryKey: [each] })));

/** The header of an edit that must not undo somebody else's. */
export const match = (revision: number): { 'if-match': string } => ({ 'if-match': `"${revision}"` });

export const isStale = (error: unknown): boolean => error instanceof ApiError && error.status === 412;

const of = (account: AccountShape): { path: { account_id: string } } => ({
  path: { account_id: account.id },
});

export const tell = {
  invite: (body: NewAccount) => dataOf(client.POST('/api/v1/accounts', { body })),
  edit: (account: AccountShape, body: AccountEdit) =>
    dataOf(
      client.PATCH('/api/v1/accounts/{account_id}', {
        params: { ...of(account), header: match(account.revision) },
        body,
      }),
    ),
  link: (account: AccountShape) =>
    dataOf(client.POST('/api/v1/accounts/{account_id}/link', { params: of(account) })),
  signOut: (account: AccountShape) =>
    dataOf(client.POST('/api/v1/accounts/{account_id}/sign-out', { params: of(account) })),
  remove: (account: AccountShape) =>
    dataOf(client.DELETE('/api/v1/accounts/{account_id}', { params: of(account) })),
  account: (id: string) =>
    dataOf(client.GET('/api/v1/accounts/{account_id}', { params: { path: { account_id: id } } })),
  token: (body: NewToken) => dataOf(client.POST('/api/v1/tokens', { body })),
  revoke: (id: string) =>
    dataOf(client.POST('/api/v1/tokens/{token_id}/revoke', { params: { path: { token_id: id } } })),
};
