/** What the search page was asked, as it stands in its address; and what of that the API is asked. Pure. */
export const LANGUAGES = ['en', 'fr'] as const;
export const SINCE = { week: 7, month: 30, year: 365 } as const;
export type Since = keyof typeof SINCE;

/** Kinds of documents as people tell them apart, by their media types. */
export const KINDS = {
  pdf: ['application/pdf'],
  word: [
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/msword',
    'application/vnd.oasis.opendocument.text',
    'application/rtf',
  ],
  sheet: [
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'application/vnd.ms-excel',
    'application/vnd.oasis.opendocument.spreadsheet',
    'text/csv',
    'text/tab-separated-values',
  ],
  slides: [
    'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    'application/vnd.ms-powerpoint',
    'application/vnd.oasis.opendocument.presentation',
  ],
  page: ['text/html', 'application/xhtml+xml'],
  text: ['text/plain', 'text/markdown'],
  mail: ['message/rfc822', 'application/vnd.ms-outlook'],
  image: ['image/png', 'image/jpeg', 'image/tiff', 'image/webp', 'image/gif', 'image/bmp'],
} as const satisfies Record<string, readonly string[]>;
export type Kind = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS) as Kind[];

export function kindOf(mediaType: string): Kind | 'other' {
  const plain = mediaType.split(';')[0]?.trim().toLowerCase() ?? '';
  return KIND_NAMES.find((each) => (KINDS[each] as readonly string[]).includes(plain)) ?? 'other';
}

export interface FoundSearch {
  q?: string;
  source?: string;
  kind?: Kind;
  language?: (typeof LANGUAGES)[number];
  since?: Since;
  /** The document that is open, and what of it is marked: `12-80`. */
  doc?: string;
  at?: string;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
const one = <T extends string>(of: readonly T[], value: unknown): T | undefined =>
  of.find((each) => each === value);

/** Whatever an address says, only what the page understands. */
export function foundSearch(search: Record<string, unknown>): FoundSearch {
  const doc = text(search.doc);
  return {
    q: text(search.q),
    source: text(search.source),
    kind: one(KIND_NAMES, search.kind),
    language: one(LANGUAGES, search.language),
    since: one(Object.keys(SINCE) as Since[], search.since),
    doc,
    at: doc ? text(search.at) : undefined,
  };
}

export const UNFILTERED: Partial<FoundSearch> = {
  source: undefined,
  kind: undefined,
  language: undefined,
  since: undefined,
};
export const isFiltered = (search: FoundSearch): boolean =>
  Object.keys(UNFILTERED).some((each) => search[each as keyof FoundSearch] !== undefined);

export interface Filters {
  sources?: string[];
  media_types?: string[];
  languages?: string[];
  modified_from?: string;
}

/** As the API takes them; `today`: its beginning, so that the same question has the same words all day. */
export function filtersOf(search: FoundSearch, today: Date): Filters {
  const days = search.since && SINCE[search.since];
  return {
    ...(search.source ? { sources: [search.source] } : {}),
    ...(search.kind ? { media_types: [...KINDS[search.kind]] } : {}),
    ...(search.language ? { languages: [search.language] } : {}),
    ...(days ? { modified_from: new Date(today.getTime() - days * 86_400_000).toISOString() } : {}),
  };
}

export function spanOf(at: string | undefined): { start: number; end: number } | null {
  const found = /^(\d{1,9})-(\d{1,9})$/.exec(at ?? '');
  if (!found) return null;
  const [start, end] = [Number(found[1]), Number(found[2])];
  return end > start ? { start, end } : null;
}
