/** A call through the platform's own gateway: what each event adds, then the figures, and failures as plain data. */
import { ApiError, at, errorOf } from '../api/client';
import { type Body, type Figures, type Loss, NO_FIGURES, type Trouble } from './chat';
import { frames } from './sse';

export interface Delta {
  text?: string;
  reasoning?: string;
  refusal?: string;
  call?: { index: number; id?: string; name?: string; arguments?: string };
}

interface Chunk {
  choices?: {
    delta?: {
      content?: string | null;
      reasoning_content?: string | null;
      reasoning?: string | null;
      refusal?: string | null;
      tool_calls?: { index?: number; id?: string; function?: { name?: string; arguments?: string } }[];
    };
    finish_reason?: string | null;
  }[];
  usage?: {
    prompt_tokens?: number;
    completion_tokens?: number;
    prompt_tokens_details?: { cached_tokens?: number } | null;
    completion_tokens_details?: { reasoning_tokens?: number } | null;
  } | null;
  error?: { message?: string; code?: string | number | null; type?: string };
}

/** The answer broke off: the connection was lost, or ended before the answer did. */
export class Broken extends Error {}

/** The losses of the header `x-counterpoint-losses`: `code;severity;path`, separated by commas, then `more;N`. */
export function lossesOf(header: string | null): { losses: Loss[]; more: number } {
  const losses: Loss[] = [];
  let more = 0;
  // Paths and codes may hold anything a caller wrote, a comma too: an item begins with its code and severity.
  for (const item of (header ?? '').split(/, (?=[^;,]+;(?:cosmetic|degraded|meaning|\d+))/)) {
    const [code = '', severity = '', ...path] = item.split(';');
    if (code === 'more' && /^\d+$/.test(severity)) more = Number(severity);
    else if (code) losses.push({ code, severity, path: path.join(';') });
  }
  return { losses, more };
}

/** What one event of the stream adds; also notes what it says about usage and the end. */
export function read(data: string, figures: Figures): Delta[] {
  const chunk = JSON.parse(data) as Chunk;
  if (chunk.error) {
    const code = Number(chunk.error.code);
    throw new ApiError(code >= 400 && code < 600 ? code : 502, { detail: chunk.error.message ?? data });
  }
  if (chunk.usage) {
    figures.input = chunk.usage.prompt_tokens ?? figures.input;
    figures.output = chunk.usage.completion_tokens ?? figures.output;
    figures.cached = chunk.usage.prompt_tokens_details?.cached_tokens ?? figures.cached;
    figures.thought = chunk.usage.completion_tokens_details?.reasoning_tokens ?? figures.thought;
  }
  const deltas: Delta[] = [];
  for (const choice of chunk.choices ?? []) {
    figures.finish = choice.finish_reason ?? figures.finish;
    const reasoning = choice.delta?.reasoning_content ?? choice.delta?.reasoning;
    if (reasoning) deltas.push({ reasoning });
    if (choice.delta?.content) deltas.push({ text: choice.delta.content });
    if (choice.delta?.refusal) deltas.push({ refusal: choice.delta.refusal });
    for (const call of choice.delta?.tool_calls ?? []) {
      deltas.push({
        call: { index: call.index ?? 0, ...(call.id ? { id: call.id } : {}), ...call.function },
      });
    }
  }
  return deltas;
}

const lettersOf = (deltas: Delta[]): number =>
  deltas.reduce(
    (sum, each) =>
      sum +
      (each.text ?? each.reasoning ?? each.refusal ?? '').length +
      (each.call ? (each.call.name ?? '').length + (each.call.arguments ?? '').length : 0),
    0,
  );

/** How many letters a call holds, pictures aside. */
export const lettersAsked = (body: Body): number =>
  JSON.stringify({ messages: body.messages, tools: body.tools }, (key, value: unknown) =>
    key === 'image_url' ? undefined : value,
  ).length;

/** When a `Retry-After` allows the next try: seconds, or a date. */
export function againAt(header: string | null, now = Date.now()): number | undefined {
  if (!header) return undefined;
  const seconds = Number(header);
  const when = Number.isFinite(seconds) ? now + seconds * 1000 : Date.parse(header);
  return Number.isNaN(when) ? undefined : when;
}

class Refusal extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble.detail);
  }
}

/** What went wrong, as data that can be kept and shown later. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Refusal) return error.trouble;
  if (error instanceof ApiError) {
    const { title, detail } = error.problem;
    return { status: error.status, ...(title ? { title } : {}), ...(detail ? { detail } : {}) };
  }
  return { status: 0 };
}

export async function converse(
  body: Body,
  signal: AbortSignal,
  told: (deltas: Delta[], figures: Figures) => void,
): Promise<Figures> {
  const began = performance.now();
  const figures: Figures = { ...NO_FIGURES, asked: lettersAsked(body) };
  const response = await fetch(at('api/v1/gateway/v1/chat/completions'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Accept-Language': document.documentElement.lang },
    body: JSON.stringify(body),
    signal,
  });
  figures.requestId = response.headers.get('x-request-id');
  figures.offering = response.headers.get('x-counterpoint-offering');
  Object.assign(figures, lossesOf(response.headers.get('x-counterpoint-losses')));
  told([], { ...figures });
  if (!response.ok) {
    const again = againAt(response.headers.get('retry-after'));
    throw new Refusal({ ...troubleOf(await errorOf(response)), ...(again ? { again } : {}) });
  }
  if (!response.body) return figures;
  let ended = false;
  try {
    for await (const frame of frames(response.body)) {
      ended = frame.data === '[DONE]';
      if (ended) break;
      const deltas = read(frame.data, figures);
      if (deltas.length > 0) figures.firstMs ??= performance.now() - began;
      figures.letters += lettersOf(deltas);
      figures.totalMs = performance.now() - began;
      told(deltas, { ...figures });
    }
  } catch (error) {
    if (signal.aborted || error instanceof ApiError) throw error;
    throw new Broken(String(error));
  }
  figures.totalMs = performance.now() - began;
  // An answer that says how it ended is whole, even from a host that forgets the last line.
  if (!ended && figures.finish === null) throw new Broken('the stream ended before the answer did');
  return figures;
}
