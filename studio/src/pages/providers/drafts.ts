/** What was typed is kept while the page is open, whatever is closed or gone to; all but the secret outlives a reload. */
import { type Draft, UNGOVERNED } from '../../lib/provider';

const drafts = new Map<string, Draft>();
const key = (host: string): string => `counterpoint.provider.${host}`;

export function draftOf(host: string): Draft | null {
  const kept = drafts.get(host);
  if (kept) return kept;
  const stored = sessionStorage.getItem(key(host));
  return stored ? { ...UNGOVERNED, ...(JSON.parse(stored) as Draft), secret: '' } : null;
}

export function keep(host: string, draft: Draft): void {
  drafts.set(host, draft);
  sessionStorage.setItem(key(host), JSON.stringify({ ...draft, secret: '' }));
}

export function forget(host: string): void {
  drafts.delete(host);
  sessionStorage.removeItem(key(host));
}
