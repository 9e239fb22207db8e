/** What the reader may do, so that no page offers what the API would refuse. */
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { ask } from './queries';

export type Right =
  | 'accounts.read'
  | 'accounts.write'
  | 'audit.read'
  | 'budgets.read'
  | 'budgets.write'
  | 'catalog.read'
  | 'documents.read'
  | 'groups.read'
  | 'groups.write'
  | 'home.read'
  | 'keys.read'
  | 'keys.write'
  | 'knowledge.read'
  | 'knowledge.write'
  | 'me'
  | 'models.read'
  | 'models.write'
  | 'playground.use'
  | 'providers.read'
  | 'providers.write'
  | 'raises.ask'
  | 'raises.read'
  | 'receipts.own'
  | 'receipts.read'
  | 'rules.read'
  | 'rules.write'
  | 'search.use'
  | 'status.read'
  | 'tokens.read'
  | 'tokens.write'
  | 'usage.read';

export function useMay(): (right: Right) => boolean {
  const { data } = useQuery(ask.me());
  const rights = data?.rights;
  return useCallback((right) => rights?.includes(right) ?? false, [rights]);
}
