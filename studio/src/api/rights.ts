/** What the reader may do, so that no page offers what the API would refuse. */
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { ask } from './queries';

export type Right =
  | 'accounts.read'
  | 'accounts.write'
  | 'catalog.read'
  | 'home.read'
  | 'keys.read'
  | 'keys.write'
  | 'me'
  | 'models.read'
  | 'models.write'
  | 'playground.use'
  | 'providers.read'
  | 'providers.write'
  | 'rules.read'
  | 'rules.write'
  | 'status.read'
  | 'tokens.read'
  | 'tokens.write'
  | 'usage.read';

export function useMay(): (right: Right) => boolean {
  const { data } = useQuery(ask.me());
  const rights = data?.rights;
  return useCallback((right) => rights?.includes(right) ?? false, [rights]);
}
