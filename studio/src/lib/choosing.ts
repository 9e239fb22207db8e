/** The models to choose from, grouped by where they run, and what one of them cannot do of what is asked. */
import type { AskableShape } from '../api/schema';
import type { Said, Settings } from './chat';

export interface Group {
  /** Empty: this machine. */
  host: string;
  models: AskableShape[];
}

/** All words of the search are found in a model's names. */
export function fits(model: AskableShape, search: string): boolean {
  const names = `${model.name} ${model.display} ${model.maker}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => names.includes(word));
}

/** Whose name begins as it is searched for, then the newest, then by name; what is out of service comes last. */
function order(search: string, today: string): (a: AskableShape, b: AskableShape) => number {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = (model: AskableShape): number => {
    const id = model.name.slice(model.host.length + 1).toLowerCase();
    if (words.includes(id) || words.includes(model.name.toLowerCase())) return 0;
    if (words.some((word) => id.startsWith(word))) return 1;
    return model.retires && model.retires < today ? 3 : 2;
  };
  return (a, b) =>
    rank(a) - rank(b) || (b.created ?? '').localeCompare(a.created ?? '') || (a.name < b.name ? -1 : 1);
}

/** By host, this machine first; within a host the likeliest first. */
export function grouped(
  models: readonly AskableShape[],
  search: string,
  today = new Date().toISOString().slice(0, 10),
): Group[] {
  const groups = new Map<string, AskableShape[]>();
  for (const model of models) {
    if (!fits(model, search)) continue;
    const host = model.local ? '' : model.host;
    groups.set(host, [...(groups.get(host) ?? []), model]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([host, list]) => ({ host, models: list.sort(order(search, today)) }));
}

/** A model to compare with: the newest in service of a provider that is not asked yet, else the newest other one. */
export function another(
  models: readonly AskableShape[],
  asked: readonly string[],
  today = new Date().toISOString().slice(0, 10),
): string {
  const rest = models.filter((model) => !asked.includes(model.name)).sort(order('', today));
  const hosts = new Set(asked.map((name) => name.split('/')[0]));
  return (rest.find((model) => !hosts.has(model.host)) ?? rest[0])?.name ?? asked[0] ?? '';
}

/** A name that is not listed but may be called, since its provider is known. */
export function unlisted(
  search: string,
  hosts: readonly string[],
  models: readonly AskableShape[],
): string | null {
  const name = search.trim();
  const [host, ...rest] = name.split('/');
  const known = host !== undefined && hosts.includes(host) && rest.join('/') !== '' && !/\s/.test(name);
  return known && !models.some((model) => model.name === name) ? name : null;
}

export type Need = 'tools' | 'structured_output' | 'reasoning' | 'images';

export const hasImages = (said: readonly Said[]): boolean =>
  said.some((each) => each.kind === 'question' && each.images.length > 0);

export function needs(settings: Settings, images: boolean): Need[] {
  return [
    ...(images ? (['images'] as const) : []),
    ...(settings.tools.trim() ? (['tools'] as const) : []),
    ...(settings.schema.trim() ? (['structured_output'] as const) : []),
    ...(settings.effort ? (['reasoning'] as const) : []),
  ];
}

/** Of what is needed, what the model is known not to do. A model of which nothing is known may do anything, and
 * models on this machine are held to any schema and shown any tool by the engine that runs them. */
export function lacks(model: AskableShape | undefined, wanted: readonly Need[]): Need[] {
  if (!model || model.capabilities.length === 0) return [];
  return wanted.filter(
    (need) => !model.capabilities.includes(need) && !(model.local && need === 'structured_output'),
  );
}
