/** What the pages about knowledge show of sources and documents, and how it is said. Pure. */
import type { DocumentShape, SourceShape, SyncShape } from '../api/schema';

export type SourceKind = SourceShape['kind'];
export const SOURCE_KINDS = [
  'upload',
  'folder',
  'web',
  'bucket',
  'git',
  'feed',
] as const satisfies readonly SourceKind[];
export type DocumentState = DocumentShape['state'];
export const STATES = [
  'ready',
  'waiting',
  'reading',
  'skipped',
  'failed',
  'gone',
] as const satisfies readonly DocumentState[];
export const TABS = ['trace', 'receipts'] as const;

export interface KnowledgeSearch {
  tab?: (typeof TABS)[number];
  source?: string;
  state?: DocumentState;
  /** Which document is open. */
  doc?: string;
  /** Which receipt is. */
  receipt?: string;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
const one = <T extends string>(of: readonly T[], value: unknown): T | undefined =>
  of.find((each) => each === value);

/** Whatever an address says, only what the page understands. */
export function knowledgeSearch(search: Record<string, unknown>): KnowledgeSearch {
  return {
    tab: one(TABS, search.tab),
    source: text(search.source),
    state: one(STATES, search.state),
    doc: text(search.doc),
    receipt: text(search.receipt),
  };
}

export type Tone = 'good' | 'busy' | 'bad' | 'none';
export const TONES: Record<DocumentState, Tone> = {
  ready: 'good',
  waiting: 'busy',
  reading: 'busy',
  skipped: 'none',
  failed: 'bad',
  gone: 'none',
};
export const SYNC_TONES: Record<SyncShape['state'], Tone> = {
  never: 'none',
  waiting: 'busy',
  running: 'busy',
  done: 'good',
  failed: 'bad',
};

/** Whether something about a source will be different in a moment. */
export const isBusy = ({ content, rights, removing }: SourceShape): boolean =>
  removing ||
  content.waiting > 0 ||
  [content, rights].some(({ state }) => state === 'waiting' || state === 'running');

/** The share of a source's documents that are done with, one way or the other; null: nothing is under way. */
export function shareDone({ found, ready, skipped, failed, waiting, state }: SyncShape): number | null {
  if (found === 0 || (state !== 'running' && waiting === 0)) return null;
  return Math.min(1, (ready + skipped + failed) / found);
}

/** How often a source is looked at, in seconds: the choices that pages offer. */
export const SCHEDULES = [0, 300, 900, 3600, 21_600, 86_400, 604_800] as const;
export type Schedule = (typeof SCHEDULES)[number];
export const isSchedule = (seconds: number): seconds is Schedule =>
  (SCHEDULES as readonly number[]).includes(seconds);

/** A span of time in the largest unit that it is a whole number of. */
export function spanOf(seconds: number): { count: number; unit: 'second' | 'minute' | 'hour' | 'day' } {
  for (const [unit, length] of [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const) {
    if (seconds >= length && seconds % length === 0) return { count: seconds / length, unit };
  }
  return { count: seconds, unit: 'second' };
}

/** How much longer something takes, in words that do not pretend to know it better than they do. */
export function leftOf(seconds: number): { count: number; unit: 'moment' | 'minute' | 'hour' } {
  if (seconds < 45) return { count: 1, unit: 'moment' };
  if (seconds < 5400) return { count: Math.max(1, Math.round(seconds / 60)), unit: 'minute' };
  return { count: Math.round(seconds / 3600), unit: 'hour' };
}

/** Where a source's documents are, in one line: an address or a path. */
export function placeOf({ settings }: Pick<SourceShape, 'settings'>): string {
  const said = (name: string): string => (typeof settings[name] === 'string' ? settings[name] : '');
  return said('bucket')
    ? [said('bucket'), said('prefix')].filter(Boolean).join('/')
    : said('url') || said('path');
}

/** What the form asks for, by kind: names of settings. */
export const FIELDS: Record<SourceKind, readonly Field[]> = {
  upload: [],
  folder: ['path'],
  web: ['url', 'depth', 'most'],
  bucket: ['bucket', 'prefix', 'endpoint', 'region'],
  git: ['url', 'branch', 'path'],
  feed: ['url'],
};
export type Field =
  | 'path'
  | 'url'
  | 'depth'
  | 'most'
  | 'bucket'
  | 'prefix'
  | 'endpoint'
  | 'region'
  | 'branch';
export const NUMBERS: readonly Field[] = ['depth', 'most'];
const NEEDED: Partial<Record<SourceKind, readonly Field[]>> = {
  folder: ['path'],
  web: ['url'],
  bucket: ['bucket'],
  git: ['url'],
  feed: ['url'],
};
export const isNeeded = (kind: SourceKind, field: Field): boolean => NEEDED[kind]?.includes(field) ?? false;
/** Kinds that may have a secret, and whose files can be told apart by patterns. */
export const hasSecret = (kind: SourceKind): boolean => kind === 'bucket' || kind === 'git';
export const hasPatterns = (kind: SourceKind): boolean => kind !== 'upload' && kind !== 'feed';
export const reportsRights = (kind: SourceKind): boolean => kind === 'folder' || kind === 'bucket';

/** What was typed, as the API takes it: what is empty is left to the platform. */
export function settingsOf(
  kind: SourceKind,
  typed: Partial<Record<Field, string>>,
  patterns: { include: string[]; exclude: string[] },
  was: Record<string, unknown> = {},
): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const own: readonly string[] = [...FIELDS[kind], 'include', 'exclude'];
  for (const [name, value] of Object.entries(was)) if (!own.includes(name)) found[name] = value;
  for (const field of FIELDS[kind]) {
    const value = typed[field]?.trim();
    if (value) found[field] = NUMBERS.includes(field) ? Number(value) : value;
  }
  if (hasPatterns(kind)) {
    for (const name of ['include', 'exclude'] as const)
      if (patterns[name].length > 0) found[name] = patterns[name];
  }
  return found;
}

/** Principals as the form holds them: everybody, or some. */
export const EVERYBODY = 'all';
export const isEverybody = (principal: string): boolean => principal.startsWith(EVERYBODY);

/** The last part of a path, and what stands before it. */
export function nameOf(path: string): { folder: string; name: string } {
  const plain = path.replace(/\/+$/, '');
  const cut = plain.lastIndexOf('/');
  return { folder: plain.slice(0, cut + 1), name: plain.slice(cut + 1) || path };
}
