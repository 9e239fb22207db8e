/** What the catalogue's facts mean in words: licences, countries, what a model reads and writes, what a call costs. */
import type { Language } from './format';

const names = new Map<Language, Intl.DisplayNames>();

/** The country of an ISO code, as the reader calls it. */
export function countryName(code: string, language: Language): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  let found = names.get(language);
  if (!found) {
    found = new Intl.DisplayNames(language, { type: 'region' });
    names.set(language, found);
  }
  return found.of(code) ?? code;
}

export type Licence =
  | { kind: 'unknown' }
  | { kind: 'proprietary' }
  /** One with an SPDX identifier: it is known by that. */
  | { kind: 'standard'; name: string; noncommercial: boolean }
  /** Its maker's own terms, called so. */
  | { kind: 'own'; name: string };

export function licenceOf(licence: string): Licence {
  if (licence === '') return { kind: 'unknown' };
  if (licence === 'proprietary') return { kind: 'proprietary' };
  if (licence.startsWith('LicenseRef-')) {
    return { kind: 'own', name: licence.slice('LicenseRef-'.length).replaceAll('-', ' ') };
  }
  return { kind: 'standard', name: licence, noncommercial: /\bNC\b/.test(licence) };
}

/** What a model is for; one that chats may do more besides. */
export const PURPOSES = [
  'chat',
  'embed',
  'rerank',
  'image',
  'video',
  'transcribe',
  'speak',
  'moderate',
  'ocr',
  'realtime',
] as const;
const READS = ['images', 'documents', 'audio', 'video_input'] as const;
const WRITES = ['audio_output', 'image_output'] as const;
const SKILLS = [
  'tools',
  'parallel_tools',
  'tool_choice',
  'structured_output',
  'reasoning',
  'caching',
  'web_search',
  'computer_use',
  'streaming',
] as const;
export const CAPABILITIES = [...PURPOSES, ...READS, ...WRITES, ...SKILLS] as const;
export type Capability = (typeof CAPABILITIES)[number];
export const isCapability = (text: string): text is Capability =>
  (CAPABILITIES as readonly string[]).includes(text);

export interface Abilities {
  purposes: Capability[];
  reads: Capability[];
  writes: Capability[];
  skills: Capability[];
}

export function abilities(capabilities: readonly string[]): Abilities {
  const of = (group: readonly Capability[]): Capability[] =>
    group.filter((each) => capabilities.includes(each));
  return { purposes: of(PURPOSES), reads: of(READS), writes: of(WRITES), skills: of(SKILLS) };
}

/** What a call of so many tokens costs, from prices per million; null where a price that counts is unknown. */
export function callPrice(
  price: { input: string | null; output: string | null } | null,
  tokens: { input: number; output: number },
): number | null {
  if (!price) return null;
  const of = (amount: string | null, count: number): number | null =>
    count === 0 ? 0 : amount === null ? null : (Number(amount) * count) / 1e6;
  const [input, output] = [of(price.input, tokens.input), of(price.output, tokens.output)];
  return input === null || output === null ? null : input + output;
}

/** How soon a model retires: over, within half a year (which wants a plan), later, never said. */
export function ending(retires: string | null, now = new Date()): 'over' | 'soon' | 'later' | null {
  if (!retires) return null;
  const today = now.toISOString().slice(0, 10);
  if (retires < today) return 'over';
  const soon = new Date(now);
  soon.setUTCMonth(soon.getUTCMonth() + 6);
  return retires < soon.toISOString().slice(0, 10) ? 'soon' : 'later';
}

export interface Offered {
  host: string;
  id: string;
  region: string;
  country: string;
  input_price: string | null;
  output_price: string | null;
  cache_read_price: string | null;
  context: number | null;
  called: string[];
  first_hand: boolean;
}
export const OFFER_SORTS = ['host', 'country', 'input', 'output', 'cached', 'context'] as const;
export type OfferSort = (typeof OFFER_SORTS)[number];

/** What can be called here stands first, then the maker's own; in the order given, or sorted, unknown values last. */
export function ranked<T extends Offered>(offers: readonly T[], by: OfferSort | null, falling: boolean): T[] {
  const first = (offer: T): number => (offer.called.length > 0 ? 0 : offer.first_hand ? 1 : 2);
  const key = (offer: T): string | number | null => {
    const amount = (text: string | null): number | null => (text === null ? null : Number(text));
    if (by === 'host') return offer.host;
    if (by === 'country') return offer.country || null;
    if (by === 'input') return amount(offer.input_price);
    if (by === 'output') return amount(offer.output_price);
    if (by === 'cached') return amount(offer.cache_read_price);
    return offer.context;
  };
  const compare = (a: T, b: T): number => {
    if (by === null) return first(a) - first(b);
    const [x, y] = [key(a), key(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    const order = x < y ? -1 : x > y ? 1 : 0;
    return falling ? -order : order;
  };
  return [...offers].sort(compare);
}
