/** A playground in a link: what was set up travels in the fragment, which browsers do not send to any server. */
import { DEFAULTS, type Settings } from './chat';

export interface Shared {
  models: string[];
  settings: Settings;
  draft: string;
}

export function pack(shared: Shared): string {
  const bytes = new TextEncoder().encode(JSON.stringify(shared));
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

const texts = (value: unknown): string => (typeof value === 'string' ? value : '');
const figure = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** `null` for what is no such link: a link comes from anybody. */
export function unpack(text: string): Shared | null {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const found: unknown = JSON.parse(
      new TextDecoder().decode(Uint8Array.from(binary, (c) => c.charCodeAt(0))),
    );
    if (typeof found !== 'object' || found === null) return null;
    const { models, settings, draft } = found as Record<string, unknown>;
    if (!Array.isArray(models)) return null;
    const given = (typeof settings === 'object' && settings !== null ? settings : {}) as Record<
      string,
      unknown
    >;
    return {
      models: models.filter((each): each is string => typeof each === 'string').slice(0, 3),
      draft: texts(draft),
      settings: {
        ...DEFAULTS,
        system: texts(given.system),
        tools: texts(given.tools),
        schema: texts(given.schema),
        temperature: figure(given.temperature),
        topP: figure(given.topP),
        maxTokens: figure(given.maxTokens),
      },
    };
  } catch {
    return null;
  }
}
