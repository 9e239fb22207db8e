/** A provider to be: what the form knows, what it still wants, and what is sent. */

export interface ProvidersSearch {
  /** The host whose form is open; empty: the choice of one. */
  add?: string;
  /** The provider whose settings are open. */
  edit?: string;
}

export function providersSearch(search: Record<string, unknown>): ProvidersSearch {
  return {
    add: typeof search.add === 'string' ? search.add : undefined,
    edit: typeof search.edit === 'string' && search.edit !== '' ? search.edit : undefined,
  };
}

export interface Setting {
  name: string;
  description: string;
  default: string;
  example: string;
}

export interface Host {
  name: string;
  display: string;
  company: string;
  country: string;
  kind: 'cloud' | 'aggregator' | 'local' | 'custom';
  dialects: string[];
  base_url: string;
  needs_secret: boolean;
  settings: Setting[];
  secret_url: string;
  models: number;
  own_models: number;
  described: boolean;
}

/** What its operator says of it instead of the catalogue; empty: nothing. */
export interface Governed {
  /** Where it computes: countries or groups of them. */
  residency: string[];
  /** The country whose law binds it. */
  jurisdiction: string;
  /** Patterns of the classes of data that may be sent there; none: any may. */
  classes: string[];
}

export const UNGOVERNED: Governed = { residency: [], jurisdiction: '', classes: [] };

export const isGoverned = (of: Governed): boolean =>
  of.residency.length > 0 || of.jurisdiction !== '' || of.classes.length > 0;

export const governedBy = (one: {
  residency?: string[] | null;
  jurisdiction?: string | null;
  data_classes?: string[] | null;
}): Governed => ({
  residency: one.residency ?? [],
  jurisdiction: one.jurisdiction ?? '',
  classes: one.data_classes ?? [],
});

export interface GovernedWanted {
  residency: string[] | null;
  jurisdiction: string | null;
  data_classes: string[] | null;
}

export const governedWanted = (of: Governed): GovernedWanted => ({
  residency: of.residency.length > 0 ? of.residency : null,
  jurisdiction: of.jurisdiction || null,
  data_classes: of.classes.length > 0 ? of.classes : null,
});

export interface Draft extends Governed {
  name: string;
  secret: string;
  address: string;
  /** For a server of one's own: what it speaks. */
  dialect: string;
  settings: Record<string, string>;
}

export const blank = (host: Host, taken: readonly string[]): Draft => ({
  name: freeName(host.kind === 'custom' ? 'my-server' : host.name, taken),
  secret: '',
  address: '',
  dialect: 'openai-chat',
  settings: Object.fromEntries(asksFor(host).map((each) => [each.name, each.default])),
  ...UNGOVERNED,
});

/** The first of `openai`, `openai-2`, `openai-3` that is free. */
export function freeName(wanted: string, taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (!taken.includes(name)) return name;
  }
}

/** What the host's address has to be told; a server of one's own is told its whole address instead. */
export const asksFor = (host: Host): Setting[] => (host.kind === 'custom' ? [] : host.settings);

const SLUG = /^[a-z0-9][a-z0-9._-]{0,62}$/;
export type NameFlaw = 'empty' | 'letters' | 'taken' | 'reserved';

export function nameFlaw(name: string, taken: readonly string[]): NameFlaw | null {
  if (name === '') return 'empty';
  if (name === 'local') return 'reserved';
  if (!SLUG.test(name)) return 'letters';
  return taken.includes(name) ? 'taken' : null;
}

export const isAddress = (text: string): boolean => /^https?:\/\/[^\s/?#]+[^\s?#]*$/.test(text);

export type Lack = 'address' | 'secret' | { setting: string };

/** What is to be filled in before anything can be tried. */
export function lacks(host: Host, draft: Draft): Lack[] {
  const found: Lack[] = [];
  const address = draft.address.trim();
  if ((host.kind === 'custom' || address !== '') && !isAddress(address)) found.push('address');
  for (const each of asksFor(host)) {
    if (!draft.settings[each.name]?.trim() && !each.default) found.push({ setting: each.name });
  }
  if (host.needs_secret && !draft.secret.trim()) found.push('secret');
  return found;
}

/** Where each operation of a dialect is, below the address of a server of one's own. */
const PATHS: Record<string, Record<string, string>> = {
  'openai-chat': { 'openai-chat': '/chat/completions', 'openai-embeddings': '/embeddings' },
  'anthropic-messages': { 'anthropic-messages': '/messages' },
};

export interface Wanted extends GovernedWanted {
  name: string;
  host: string;
  base_url: string | null;
  dialects: Record<string, string>;
  settings: Record<string, string>;
  enabled: boolean;
  secret: string | null;
}

export function wanted(host: Host, draft: Draft): Wanted {
  const own = host.kind === 'custom';
  const settings = asksFor(host)
    .map((each) => [each.name, draft.settings[each.name]?.trim() ?? ''] as const)
    .filter(
      ([name, value]) => value !== '' && value !== host.settings.find((each) => each.name === name)?.default,
    );
  return {
    name: draft.name.trim(),
    host: host.name,
    base_url: draft.address.trim().replace(/\/+$/, '') || null,
    dialects: own ? (PATHS[draft.dialect] ?? {}) : {},
    settings: Object.fromEntries(settings),
    enabled: true,
    secret: draft.secret.trim() || null,
    ...governedWanted(draft),
  };
}

/** Hosts by how likely they are meant: well described first, then makers of models, then by how much they offer. */
export function found(hosts: readonly Host[], words: string): Host[] {
  const wantedWords = words.toLowerCase().split(/\s+/).filter(Boolean);
  return hosts
    .filter((host) => host.kind !== 'custom')
    .filter((host) => {
      const text = `${host.name} ${host.display} ${host.company}`.toLowerCase();
      return wantedWords.every((word) => text.includes(word));
    })
    .sort(
      (a, b) =>
        Number(b.described) - Number(a.described) ||
        Number(b.secret_url !== '') - Number(a.secret_url !== '') ||
        Number(a.kind === 'local') - Number(b.kind === 'local') ||
        b.own_models - a.own_models ||
        b.models - a.models ||
        (a.display < b.display ? -1 : 1),
    );
}

export interface Traffic {
  exchanges: number;
  failures: number;
}

export type Health = 'good' | 'bad' | 'busy' | 'none';

/** How a provider is: off, what stands in its way, what its last test and its traffic say. */
export function healthOf(
  provider: { state: string; tried?: { ok: boolean } | null },
  traffic: Traffic | undefined,
): Health {
  if (provider.state === 'disabled') return 'none';
  if (provider.state === 'unusable' || provider.tried?.ok === false) return 'bad';
  if (traffic && traffic.exchanges > 0) {
    const share = traffic.failures / traffic.exchanges;
    if (share >= 0.5) return 'bad';
    return share >= 0.05 ? 'busy' : 'good';
  }
  return provider.tried?.ok ? 'good' : 'none';
}
