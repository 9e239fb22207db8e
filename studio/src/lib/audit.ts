/** What an act of the audit log says, in the parts that a page shows. Pure. */
import type { ChangeShape } from '../api/schema';

export type Verb = 'made' | 'changed' | 'removed';

export function verbOf(change: ChangeShape): Verb {
  return change.before === null ? 'made' : change.after === null ? 'removed' : 'changed';
}

/** The things that acts are about, as far as there is a word for them. */
export const THINGS = [
  'organisation',
  'project',
  'key',
  'key_secret',
  'secret',
  'provider',
  'rule',
  'route',
  'limit',
  'raise',
  'price',
  'rate',
  'account',
  'signin_link',
  'session',
  'token',
  'setting',
  'group',
  'source',
  'document',
  'membership',
] as const;
export type Thing = (typeof THINGS)[number];
export const isThing = (what: string): what is Thing => (THINGS as readonly string[]).includes(what);

export interface Line {
  field: string;
  before: string | null;
  after: string | null;
}

/** Each field that an act touched, with what it was and what it is; null where there was or is nothing. */
export function linesOf(change: ChangeShape): Line[] {
  const fields = new Set([...Object.keys(change.before ?? {}), ...Object.keys(change.after ?? {})]);
  return [...fields].sort().map((field) => ({
    field,
    before: told(field, change.before?.[field]),
    after: told(field, change.after?.[field]),
  }));
}

function told(field: string, value: unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  // The database counts microseconds.
  if (typeof value === 'number' && field.endsWith('_at')) return new Date(value / 1000).toISOString();
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export const ACTORS = ['account', 'token', 'service', 'command', 'file', 'system', 'stranger'] as const;
export type ActorKind = (typeof ACTORS)[number];

/** The address of a file of what is shown. */
export function exportPath(which: Record<string, string | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(which)) if (value) query.set(name, value);
  const asked = query.toString();
  return `api/v1/audit/export${asked ? `?${asked}` : ''}`;
}
