/** Where each thing that needs attention can be seen to. Pure. */
import type { ConcernShape } from '../api/schema';
import { type UsageSearch, written } from './asked';

export type Place =
  | { to: '/usage'; search: UsageSearch }
  | { to: '/models'; search: { model: string } | { tab: 'local' } }
  | { to: '/providers' }
  | { to: '/keys' }
  | { to: '/settings' };

export function placeOf(concern: ConcernShape): Place {
  const { code, page, subject = '' } = concern;
  if (code === 'provider_failing') {
    return { to: '/usage', search: { span: 'day', host: written([subject]), failed: 'yes' } };
  }
  if (code === 'many_failures')
    return { to: '/usage', search: { span: 'day', failed: 'yes', metric: 'errors' } };
  if (code === 'unpriced') return { to: '/usage', search: { span: 'day', metric: 'cost' } };
  if (code === 'model_retires') return { to: '/models', search: { model: subject } };
  if (code === 'engine_failed') return { to: '/models', search: { tab: 'local' } };
  if (page === 'providers') return { to: '/providers' };
  if (page === 'keys') return { to: '/keys' };
  return { to: '/settings' };
}
