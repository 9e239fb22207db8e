/** The state of the conversations that stand side by side. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { bodyOf, converse, type Delta, type Figures, type Settings, type Turn } from '../../lib/chat';
import { settled } from '../../lib/markdown';

export interface Answer {
  /** Whole blocks, which are rendered once. */
  blocks: string[];
  /** What still grows. */
  tail: string;
  reasoning: string;
  tools: { name: string; arguments: string }[];
  error?: unknown;
}
export type Said = (Turn & { kind: 'turn' }) | ({ kind: 'answer' } & Answer);
export interface LaneState {
  id: number;
  model: string;
  said: Said[];
  busy: boolean;
  figures: Figures | null;
}

export const textOf = (answer: Answer): string => answer.blocks.join('') + answer.tail;

export function appended(answer: Answer, deltas: Delta[]): Answer {
  let { tail, reasoning } = answer;
  const tools = answer.tools.map((each) => ({ ...each }));
  for (const delta of deltas) {
    tail += delta.text ?? '';
    reasoning += delta.reasoning ?? '';
    if (delta.tool) {
      const call = tools[delta.tool.index] ?? { name: '', arguments: '' };
      call.name += delta.tool.name ?? '';
      call.arguments += delta.tool.arguments ?? '';
      tools[delta.tool.index] = call;
    }
  }
  const end = settled(tail);
  const blocks = end > 0 ? [...answer.blocks, tail.slice(0, end)] : answer.blocks;
  return { ...answer, blocks, tail: tail.slice(end), reasoning, tools };
}

export function turnsOf(lane: LaneState): Turn[] {
  return lane.said
    .map((each): Turn => (each.kind === 'turn' ? each : { role: 'assistant', text: textOf(each) }))
    .filter((turn) => turn.text !== '' || (turn.images?.length ?? 0) > 0)
    .map(({ role, text, images }) => ({ role, text, ...(images?.length ? { images } : {}) }));
}

let count = 0;
const fresh = (model: string): LaneState => {
  count += 1;
  return { id: count, model, said: [], busy: false, figures: null };
};

interface Lanes {
  lanes: LaneState[];
  add: (model: string) => void;
  remove: (id: number) => void;
  choose: (id: number, model: string) => void;
  send: (turn: Turn, settings: Settings) => void;
  stop: () => void;
  clear: () => void;
}

export function useLanes(models: string[]): Lanes {
  const [lanes, setLanes] = useState<LaneState[]>(() => (models.length ? models : ['']).map(fresh));
  const running = useRef(new Map<number, AbortController>());
  const change = useCallback((id: number, how: (lane: LaneState) => LaneState) => {
    setLanes((all) => all.map((lane) => (lane.id === id ? how(lane) : lane)));
  }, []);
  const stop = useCallback(() => {
    for (const each of running.current.values()) each.abort();
  }, []);
  useEffect(() => stop, [stop]);

  const run = async (lane: LaneState, turn: Turn, settings: Settings): Promise<void> => {
    const control = new AbortController();
    running.current.set(lane.id, control);
    const grow = (how: (answer: Answer) => Answer, figures?: Figures): void =>
      change(lane.id, (now) => {
        const last = now.said.at(-1);
        if (last?.kind !== 'answer') return now;
        const said: Said[] = [...now.said.slice(0, -1), { kind: 'answer', ...how(last) }];
        return { ...now, said, figures: figures ?? now.figures };
      });
    const empty: Answer = { blocks: [], tail: '', reasoning: '', tools: [] };
    change(lane.id, (now) => ({
      ...now,
      busy: true,
      figures: null,
      said: [...now.said, { kind: 'turn', ...turn }, { kind: 'answer', ...empty }],
    }));
    try {
      const body = bodyOf(lane.model, [...turnsOf(lane), turn], settings);
      const figures = await converse(body, control.signal, (deltas, sofar) =>
        grow((answer) => appended(answer, deltas), sofar),
      );
      grow((answer) => answer, figures);
    } catch (error) {
      if (!control.signal.aborted) grow((answer) => ({ ...answer, error }));
    } finally {
      running.current.delete(lane.id);
      change(lane.id, (now) => ({ ...now, busy: false }));
    }
  };

  return {
    lanes,
    add: (model) => setLanes((all) => [...all, fresh(model)]),
    remove: (id) => {
      running.current.get(id)?.abort();
      setLanes((all) => all.filter((lane) => lane.id !== id));
    },
    choose: useCallback((id, model) => change(id, (lane) => ({ ...lane, model })), [change]),
    send: (turn, settings) => {
      for (const lane of lanes) if (lane.model) void run(lane, turn, settings);
    },
    stop,
    clear: () => {
      stop();
      setLanes((all) => all.map((lane) => ({ ...fresh(lane.model), id: lane.id })));
    },
  };
}
