/** A conversation as the playground keeps it, and the call to the gateway that it stands for. */
import { readSchema, strict } from './schema';
import { readTools } from './tools';

export interface Picture {
  name: string;
  /** `data:` with its content. */
  url: string;
}
export interface Question {
  kind: 'question';
  id: string;
  text: string;
  images: Picture[];
}
export interface Call {
  id: string;
  name: string;
  arguments: string;
}
export interface Loss {
  code: string;
  severity: string;
  path: string;
  detail?: string;
}
export interface Figures {
  requestId: string | null;
  offering: string | null;
  losses: Loss[];
  /** Losses that the header had no room for. */
  more: number;
  firstMs: number | null;
  totalMs: number | null;
  input: number | null;
  output: number | null;
  cached: number;
  thought: number;
  /** What is known before the host says: letters asked and answered. */
  asked: number;
  letters: number;
  finish: string | null;
}
/** What went wrong, as plain data: it is kept with the conversation. */
export interface Trouble {
  /** Of the answer; 0: nothing could be reached. */
  status: number;
  title?: string;
  detail?: string;
  /** When to try again at the earliest, in milliseconds since the epoch. */
  again?: number;
}
export interface Answer {
  kind: 'answer';
  id: string;
  model: string;
  /** Whole blocks of Markdown, which are rendered once. */
  blocks: string[];
  /** What still grows. */
  tail: string;
  reasoning: string;
  refusal: string;
  calls: Call[];
  /** By the id of the call: what its tool gave back. */
  results: Record<string, string>;
  /** `null` while it grows; `stopped` by the reader, `broken` off on its way, `failed` with `trouble`. */
  end: null | 'done' | 'stopped' | 'broken' | 'failed';
  trouble?: Trouble;
  figures: Figures;
  /** The answer's JSON schema, where one was asked for. */
  schema: string;
}
export type Said = Question | Answer;

export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const;
export const CHOICES = ['auto', 'required', 'none'] as const;
export const MOST_STOPS = 4;

export interface Settings {
  system: string;
  temperature: number | null;
  topP: number | null;
  maxTokens: number | null;
  stop: string[];
  seed: number | null;
  effort: string;
  tools: string;
  toolChoice: string;
  schema: string;
}

export const DEFAULTS: Settings = {
  system: '',
  temperature: null,
  topP: null,
  maxTokens: null,
  stop: [],
  seed: null,
  effort: '',
  tools: '',
  toolChoice: '',
  schema: '',
};

export const NO_FIGURES: Figures = {
  requestId: null,
  offering: null,
  losses: [],
  more: 0,
  firstMs: null,
  totalMs: null,
  input: null,
  output: null,
  cached: 0,
  thought: 0,
  asked: 0,
  letters: 0,
  finish: null,
};

export const textOf = (answer: Answer): string => answer.blocks.join('') + answer.tail;

/** Calls to which nobody gave a result yet. */
export const open = (answer: Answer): Call[] =>
  answer.calls.filter((call) => answer.results[call.id] === undefined);

/** In place of a result that nobody gave: every call wants one before the conversation goes on. */
const UNGIVEN = 'No result was given.';

export type Body = Record<string, unknown> & { model: string; messages: Message[] };
export interface Message {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string | null | Part[];
  tool_calls?: { id: string; type: 'function'; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
}
export type Part = { type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } };

function asked(question: Question): Message {
  if (question.images.length === 0) return { role: 'user', content: question.text };
  const pictures = question.images.map((each): Part => ({ type: 'image_url', image_url: { url: each.url } }));
  const words: Part[] = question.text ? [{ type: 'text', text: question.text }] : [];
  return { role: 'user', content: [...words, ...pictures] };
}

function answered(answer: Answer): Message[] {
  const text = textOf(answer) || answer.refusal;
  if (answer.calls.length === 0) return text ? [{ role: 'assistant', content: text }] : [];
  const calls = answer.calls.map((call) => ({
    id: call.id,
    type: 'function' as const,
    function: { name: call.name, arguments: call.arguments || '{}' },
  }));
  return [
    { role: 'assistant', content: text || null, tool_calls: calls },
    ...answer.calls.map(
      (call): Message => ({
        role: 'tool',
        tool_call_id: call.id,
        content: answer.results[call.id] ?? UNGIVEN,
      }),
    ),
  ];
}

/** The body of the call: OpenAI's chat completions. Raises `SyntaxError` where tools or schema are not JSON. */
export function bodyOf(model: string, said: Said[], settings: Settings, stream = true): Body {
  const messages: Message[] = settings.system.trim() ? [{ role: 'system', content: settings.system }] : [];
  for (const each of said) messages.push(...(each.kind === 'question' ? [asked(each)] : answered(each)));
  const tools = readTools(settings.tools).tools;
  const schema = readSchema(settings.schema).schema;
  return {
    model,
    messages,
    ...(settings.temperature === null ? {} : { temperature: settings.temperature }),
    ...(settings.topP === null ? {} : { top_p: settings.topP }),
    ...(settings.maxTokens === null ? {} : { max_tokens: settings.maxTokens }),
    ...(settings.stop.length === 0 ? {} : { stop: settings.stop.slice(0, MOST_STOPS) }),
    ...(settings.seed === null ? {} : { seed: settings.seed }),
    ...(settings.effort === '' ? {} : { reasoning_effort: settings.effort }),
    ...(tools.length === 0 ? {} : { tools }),
    ...(tools.length === 0 || settings.toolChoice === '' ? {} : { tool_choice: settings.toolChoice }),
    ...(schema === null
      ? {}
      : {
          response_format: {
            type: 'json_schema',
            json_schema: { name: 'answer', schema, strict: strict(schema) },
          },
        }),
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
}
