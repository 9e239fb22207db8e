/** What the page about budgets asks and tells the API. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client, dataOf } from './client';
import { match } from './people';
import type { BudgetEdit, BudgetInput, BudgetShape, RaiseInput, RaiseShape } from './schema';

const MOST = 500;
const of = (budget: BudgetShape): { path: { budget_id: string } } => ({ path: { budget_id: budget.id } });
const which = (raise: RaiseShape): { path: { raise_id: string } } => ({ path: { raise_id: raise.id } });

export const purse = {
  /** All of them, a page after the other: a tree is not cut in the middle. */
  list: () =>
    queryOptions({
      queryKey: ['budgets', 'all'],
      queryFn: async (): Promise<BudgetShape[]> => {
        const found: BudgetShape[] = [];
        let cursor: string | null = null;
        do {
          const query: { limit: number; cursor?: string } = { limit: MOST, ...(cursor ? { cursor } : {}) };
          const page = await dataOf(client.GET('/api/v1/budgets', { params: { query } }));
          found.push(...page.items);
          cursor = page.next;
        } while (cursor);
        return found;
      },
      refetchInterval: 15_000,
    }),
  /** Those that bind the reader. */
  mine: () =>
    queryOptions({
      queryKey: ['budgets', 'mine'],
      queryFn: () => dataOf(client.GET('/api/v1/raises/limits')),
      refetchInterval: 15_000,
    }),
  spending: (budget: BudgetShape) =>
    queryOptions({
      queryKey: ['budgets', 'spending', budget.id],
      queryFn: () => dataOf(client.GET('/api/v1/budgets/{budget_id}/spending', { params: of(budget) })),
      staleTime: 30_000,
    }),
  raises: () =>
    infiniteQueryOptions({
      queryKey: ['raises'],
      queryFn: ({ pageParam }) =>
        dataOf(
          client.GET('/api/v1/raises', {
            params: { query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } },
          }),
        ),
      initialPageParam: '',
      getNextPageParam: (page) => page.next,
    }),
  add: (body: BudgetInput) => dataOf(client.POST('/api/v1/budgets', { body })),
  show: (id: string) =>
    dataOf(client.GET('/api/v1/budgets/{budget_id}', { params: { path: { budget_id: id } } })),
  edit: (budget: BudgetShape, body: BudgetEdit) =>
    dataOf(
      client.PATCH('/api/v1/budgets/{budget_id}', {
        params: { ...of(budget), header: match(budget.revision) },
        body,
      }),
    ),
  remove: (budget: BudgetShape) =>
    dataOf(
      client.DELETE('/api/v1/budgets/{budget_id}', {
        params: { ...of(budget), header: match(budget.revision) },
      }),
    ),
  ask: (body: RaiseInput) => dataOf(client.POST('/api/v1/raises', { body })),
  approve: (raise: RaiseShape, note: string, amount: string) =>
    dataOf(
      client.POST('/api/v1/raises/{raise_id}/approve', {
        params: which(raise),
        body: { note, ...(amount ? { amount } : {}) },
      }),
    ),
  refuse: (raise: RaiseShape, note: string) =>
    dataOf(client.POST('/api/v1/raises/{raise_id}/refuse', { params: which(raise), body: { note } })),
  withdraw: (raise: RaiseShape) =>
    dataOf(client.POST('/api/v1/raises/{raise_id}/withdraw', { params: which(raise) })),
};
