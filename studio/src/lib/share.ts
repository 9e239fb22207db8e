/** A playground in a link: what was set up and said travels in the fragment, which browsers do not send to any
 * server. Also how a conversation is kept over a reload. A link comes from anybody: it is data, and is checked. */

import type { Call, Loss, Picture, Said, Settings, Trouble } from './chat';
import { type Answer, CHOICES, DEFAULTS, EFFORTS, type Figures, MOST_STOPS, NO_FIGURES } from './chat';
import { isObject, type Json, type JsonObject } from './json';
import { type Lane, MOST_LANES, newId } from './lanes';

export interface Shared {
  lanes: Lane[];
  settings: Settings;
  draft: string;
  images: Picture[];
}

/** Longer addresses are cut by mail programs and chats. */
export const LONGEST_LINK = 32_000;
/** A small link may not unfold into what fills the memory. */
const LARGEST = 24_000_000;

const base64 = (bytes: Uint8Array): string => {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
};

async function through(bytes: Uint8Array, stream: ReadableWritablePair, most: number): Promise<Uint8Array> {
  const reader = new Blob([bytes as BlobPart]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = (await reader.read()) as ReadableStreamReadResult<Uint8Array>;
    if (done) break;
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new RangeError('too large');
    }
    parts.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** For the fragment of an address. */
export async function pack(shared: Shared): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(shared));
  return base64(await through(bytes, new CompressionStream('deflate-raw'), Number.POSITIVE_INFINITY));
}

/** `null` for what is no such link. */
export async function unpack(text: string): Promise<Shared | null> {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const packed = Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
    const bytes = await through(packed, new DecompressionStream('deflate-raw'), LARGEST);
    return checked(JSON.parse(new TextDecoder().decode(bytes)) as Json);
  } catch {
    return null;
  }
}

const isPicture = (url: string): boolean => /^data:image\/(?:png|jpeg|webp|gif);base64,[\w+/=]*$/.test(url);
const texts = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const figure = (value: Json | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
const list = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
const words = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string' && each !== '') : [];
const one = (value: Json | undefined, of: readonly string[]): string =>
  typeof value === 'string' && of.includes(value) ? value : '';

/** What of `value` can be used; `null`: nothing. */
export function checked(value: Json): Shared | null {
  if (!isObject(value) || !Array.isArray(value.lanes)) return null;
  const lanes = list(value.lanes).slice(0, MOST_LANES).map(laneOf);
  if (lanes.length === 0) return null;
  return {
    lanes,
    settings: settingsFrom(value.settings),
    draft: texts(value.draft),
    images: pictures(value.images),
  };
}

function laneOf(is: JsonObject): Lane {
  const own = isObject(is.own) ? settingsFrom(is.own) : null;
  // Of its own page it has its own name: lanes of two links may meet.
  return { id: newId(), model: texts(is.model), own, said: list(is.said).map(saidOf), busy: false };
}

function settingsFrom(value: Json | undefined): Settings {
  const is = isObject(value) ? value : {};
  return {
    ...DEFAULTS,
    system: texts(is.system),
    tools: texts(is.tools),
    schema: texts(is.schema),
    temperature: figure(is.temperature),
    topP: figure(is.topP),
    maxTokens: figure(is.maxTokens),
    seed: figure(is.seed),
    stop: words(is.stop).slice(0, MOST_STOPS),
    effort: one(is.effort, EFFORTS),
    toolChoice: one(is.toolChoice, CHOICES),
  };
}

const pictures = (value: Json | undefined): Picture[] =>
  list(value)
    .map((each) => ({ name: texts(each.name), url: texts(each.url) }))
    .filter((each) => isPicture(each.url));

function saidOf(is: JsonObject): Said {
  const id = texts(is.id) || newId();
  if (is.kind !== 'answer')
    return { kind: 'question', id, text: texts(is.text), images: pictures(is.images) };
  const calls = list(is.calls).map(
    (each): Call => ({ id: texts(each.id), name: texts(each.name), arguments: texts(each.arguments) }),
  );
  const results = isObject(is.results) ? is.results : {};
  const end = one(is.end, ['done', 'stopped', 'failed']) || 'broken';
  return {
    kind: 'answer',
    id,
    model: texts(is.model),
    blocks: words(is.blocks),
    tail: texts(is.tail),
    reasoning: texts(is.reasoning),
    refusal: texts(is.refusal),
    calls,
    results: Object.fromEntries(
      calls.flatMap((call) => {
        const given = Object.hasOwn(results, call.id) ? results[call.id] : undefined;
        return typeof given === 'string' ? [[call.id, given]] : [];
      }),
    ),
    end: end as Answer['end'],
    ...(isObject(is.trouble) ? { trouble: troubleFrom(is.trouble) } : {}),
    figures: figuresFrom(is.figures),
    schema: texts(is.schema),
  };
}

const troubleFrom = (is: JsonObject): Trouble => ({
  status: figure(is.status) ?? 0,
  ...(texts(is.title) ? { title: texts(is.title) } : {}),
  ...(texts(is.detail) ? { detail: texts(is.detail) } : {}),
});

function figuresFrom(value: Json | undefined): Figures {
  const is = isObject(value) ? value : {};
  const losses = list(is.losses).map((each): Loss => {
    const detail = texts(each.detail);
    const { code, severity, path } = each;
    return { code: texts(code), severity: texts(severity), path: texts(path), ...(detail ? { detail } : {}) };
  });
  return {
    ...NO_FIGURES,
    requestId: texts(is.requestId) || null,
    offering: texts(is.offering) || null,
    losses,
    more: figure(is.more) ?? 0,
    firstMs: figure(is.firstMs),
    totalMs: figure(is.totalMs),
    input: figure(is.input),
    output: figure(is.output),
    cached: figure(is.cached) ?? 0,
    thought: figure(is.thought) ?? 0,
    asked: figure(is.asked) ?? 0,
    letters: figure(is.letters) ?? 0,
    finish: texts(is.finish) || null,
  };
}

/** What a link holds of a playground: as much as its maker wants to show. */
export function shareable(all: Shared, parts: { said: boolean; images: boolean }): Shared {
  const bare = (said: Said[]): Said[] =>
    said.map((each) => (each.kind === 'question' && !parts.images ? { ...each, images: [] } : each));
  return {
    ...all,
    images: parts.images ? all.images : [],
    lanes: all.lanes.map((lane) => ({ ...lane, busy: false, said: parts.said ? bare(lane.said) : [] })),
  };
}
