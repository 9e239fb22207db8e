/** What happens to conversations that stand side by side: pure changes of them. */
import {
  type Answer,
  DEFAULTS,
  type Figures,
  NO_FIGURES,
  type Picture,
  type Question,
  type Said,
  type Settings,
} from './chat';
import { settled } from './markdown';
import type { Delta } from './stream';

export const MOST_LANES = 3;

export interface Lane {
  id: string;
  model: string;
  /** Its own parameters; `null`: those of all. */
  own: Settings | null;
  said: Said[];
  busy: boolean;
}

let last = 0;
/** Unique in this page and beyond it: conversations are kept and shared. */
export function newId(): string {
  last += 1;
  return `${Date.now().toString(36)}-${last.toString(36)}`;
}

export const freshLane = (model: string, own: Settings | null = null): Lane => ({
  id: newId(),
  model,
  own,
  said: [],
  busy: false,
});

export const freshAnswer = (model: string, schema = ''): Answer => ({
  kind: 'answer',
  id: newId(),
  model,
  blocks: [],
  tail: '',
  reasoning: '',
  refusal: '',
  calls: [],
  results: {},
  end: null,
  figures: NO_FIGURES,
  schema,
});

export const question = (text: string, images: Picture[]): Question => ({
  kind: 'question',
  id: newId(),
  text,
  images,
});

export const settingsOf = (lane: Lane, all: Settings): Settings => lane.own ?? all ?? DEFAULTS;

export function grown(answer: Answer, deltas: Delta[], figures: Figures): Answer {
  let { tail, reasoning, refusal } = answer;
  const calls = deltas.some((each) => each.call) ? answer.calls.map((each) => ({ ...each })) : answer.calls;
  for (const delta of deltas) {
    tail += delta.text ?? '';
    reasoning += delta.reasoning ?? '';
    refusal += delta.refusal ?? '';
    if (delta.call) {
      const { index, id, name, arguments: more } = delta.call;
      while (calls.length <= index) calls.push({ id: `call_${newId()}`, name: '', arguments: '' });
      const call = calls[index];
      if (!call) continue;
      call.id = id ?? call.id;
      call.name += name ?? '';
      call.arguments += more ?? '';
    }
  }
  const end = settled(tail);
  const blocks = end > 0 ? [...answer.blocks, tail.slice(0, end)] : answer.blocks;
  return { ...answer, blocks, tail: tail.slice(end), reasoning, refusal, calls, figures };
}

/** The lane with one of its answers changed. */
export function withAnswer(lane: Lane, id: string, change: (answer: Answer) => Answer): Lane {
  const said = lane.said.map((each) => (each.kind === 'answer' && each.id === id ? change(each) : each));
  return { ...lane, said };
}

/** What was said before that turn; everything where there is no such turn. */
export function until(said: Said[], id: string): Said[] {
  const at = said.findIndex((each) => each.id === id);
  return at < 0 ? said : said.slice(0, at);
}

/** Without a question and what was answered to it. */
export function without(said: Said[], id: string): Said[] {
  const at = said.findIndex((each) => each.id === id);
  if (at < 0) return said;
  const after = said.findIndex((each, index) => index > at && each.kind === 'question');
  return [...said.slice(0, at), ...(after < 0 ? [] : said.slice(after))];
}

export const questionIn = (lane: Lane, id: string): Question | undefined =>
  lane.said.find((each): each is Question => each.kind === 'question' && each.id === id);

export const lastAnswer = (lane: Lane): Answer | undefined =>
  lane.said.findLast((each): each is Answer => each.kind === 'answer');

export const lastQuestion = (lane: Lane): Question | undefined =>
  lane.said.findLast((each): each is Question => each.kind === 'question');

/** Whether its last word is a call of tools that nobody answered. */
export function waits(lane: Lane): boolean {
  const end = lane.said.at(-1);
  return end?.kind === 'answer' && end.end === 'done' && end.calls.some((call) => !(call.id in end.results));
}

/** As it stands after a while away: what was growing grows no more. */
export const rested = (lane: Lane): Lane => ({
  ...lane,
  busy: false,
  said: lane.said.map((each) =>
    each.kind === 'answer' && each.end === null ? { ...each, end: 'broken' as const } : each,
  ),
});

/** The request that the lane's last answer came from, or that `draft` would make. */
export function asking(lane: Lane, draft: Question | null): Said[] {
  if (draft) return [...lane.said, draft];
  const end = lane.said.at(-1);
  return end?.kind === 'answer' && (end.calls.length === 0 || waits(lane))
    ? lane.said.slice(0, -1)
    : lane.said;
}
