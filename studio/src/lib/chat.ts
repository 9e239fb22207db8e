/** A chat through the platform's own gateway, as the playground needs it: deltas as they come, then the figures. */
import { ApiError, at, errorOf } from '../api/client';
import { frames } from './sse';

export interface Turn {
  role: 'user' | 'assistant';
  text: string;
  images?: string[];
}

export interface Settings {
  system: string;
  temperature: number | null;
  topP: number | null;
  maxTokens: number | null;
  tools: string;
  schema: string;
}

export const DEFAULTS: Settings = {
  system: '',
  temperature: null,
  topP: null,
  maxTokens: null,
  tools: '',
  schema: '',
};

export interface Figures {
  requestId: string | null;
  offering: string | null;
  losses: string | null;
  firstMs: number | null;
  totalMs: number | null;
  input: number | null;
  output: number | null;
  pieces: number;
  finish: string | null;
}

export interface Delta {
  text?: string;
  reasoning?: string;
  tool?: { index: number; name?: string; arguments?: string };
}

interface Chunk {
  choices?: {
    delta?: {
      content?: string | null;
      reasoning_content?: string | null;
      reasoning?: string | null;
      tool_calls?: { index?: number; function?: { name?: string; arguments?: string } }[];
    };
    finish_reason?: string | null;
  }[];
  usage?: { prompt_tokens?: number; completion_tokens?: number } | null;
  error?: { message?: string };
}

/** The body of the call: OpenAI's chat completions. Raises `SyntaxError` where tools or schema are not JSON. */
export function bodyOf(
  model: string,
  turns: Turn[],
  settings: Settings,
  stream = true,
): Record<string, unknown> {
  const messages: unknown[] = settings.system.trim() ? [{ role: 'system', content: settings.system }] : [];
  for (const turn of turns) {
    const pictures = turn.images ?? [];
    messages.push({
      role: turn.role,
      content: pictures.length
        ? [
            { type: 'text', text: turn.text },
            ...pictures.map((url) => ({ type: 'image_url', image_url: { url } })),
          ]
        : turn.text,
    });
  }
  const tools: unknown = settings.tools.trim() ? JSON.parse(settings.tools) : undefined;
  const schema: unknown = settings.schema.trim() ? JSON.parse(settings.schema) : undefined;
  return {
    model,
    messages,
    ...(settings.temperature === null ? {} : { temperature: settings.temperature }),
    ...(settings.topP === null ? {} : { top_p: settings.topP }),
    ...(settings.maxTokens === null ? {} : { max_tokens: settings.maxTokens }),
    ...(tools === undefined ? {} : { tools }),
    ...(schema === undefined
      ? {}
      : { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } } }),
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
}

/** What one event of the stream adds; also notes what it says about usage and the end. */
export function read(data: string, figures: Figures): Delta[] {
  const chunk = JSON.parse(data) as Chunk;
  if (chunk.error) throw new ApiError(502, { detail: chunk.error.message ?? data });
  if (chunk.usage) {
    figures.input = chunk.usage.prompt_tokens ?? figures.input;
    figures.output = chunk.usage.completion_tokens ?? figures.output;
  }
  const deltas: Delta[] = [];
  for (const choice of chunk.choices ?? []) {
    figures.finish = choice.finish_reason ?? figures.finish;
    const reasoning = choice.delta?.reasoning_content ?? choice.delta?.reasoning;
    if (reasoning) deltas.push({ reasoning });
    if (choice.delta?.content) deltas.push({ text: choice.delta.content });
    for (const call of choice.delta?.tool_calls ?? []) {
      deltas.push({ tool: { index: call.index ?? 0, ...call.function } });
    }
  }
  return deltas;
}

export async function converse(
  body: Record<string, unknown>,
  signal: AbortSignal,
  told: (deltas: Delta[], figures: Figures) => void,
): Promise<Figures> {
  const began = performance.now();
  const response = await fetch(at('api/v1/gateway/v1/chat/completions'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok) throw await errorOf(response);
  const figures: Figures = {
    requestId: response.headers.get('x-request-id'),
    offering: response.headers.get('x-counterpoint-offering'),
    losses: response.headers.get('x-counterpoint-losses'),
    firstMs: null,
    totalMs: null,
    input: null,
    output: null,
    pieces: 0,
    finish: null,
  };
  if (!response.body) return figures;
  for await (const frame of frames(response.body)) {
    if (frame.data === '[DONE]') break;
    const deltas = read(frame.data, figures);
    if (deltas.length > 0) {
      figures.firstMs ??= performance.now() - began;
      figures.pieces += deltas.length;
    }
    figures.totalMs = performance.now() - began;
    told(deltas, { ...figures });
  }
  figures.totalMs = performance.now() - began;
  return figures;
}
