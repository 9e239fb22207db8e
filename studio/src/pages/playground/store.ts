/** The conversations of the playground. They live beside the page, so that answers go on being written while their
 * reader looks at another page, and are kept in the tab, so that a reload loses nothing. */
import {
  type Answer,
  bodyOf,
  DEFAULTS,
  type Figures,
  NO_FIGURES,
  type Picture,
  type Question,
  type Said,
  type Settings,
} from '../../lib/chat';
import {
  freshAnswer,
  freshLane,
  grown,
  type Lane,
  lastQuestion,
  newId,
  question,
  questionIn,
  rested,
  settingsOf,
  until,
  waits,
  withAnswer,
  without,
} from '../../lib/lanes';
import { checked, type Shared } from '../../lib/share';
import { Broken, converse, type Delta, lettersAsked, troubleOf } from '../../lib/stream';

export type State = Shared;

const KEPT = 'counterpoint.playground';
/** Often enough to look like writing, seldom enough to leave the machine time for other things. */
const FRAME_MS = 40;
const KEEP_MS = 400;

const fresh = (): State => ({ lanes: [freshLane('')], settings: DEFAULTS, draft: '', images: [] });

class Store {
  #state: State = fresh();
  #owner = '';
  readonly #watchers = new Set<() => void>();
  readonly #running = new Map<string, AbortController>();
  #keeping = 0;

  readonly state = (): State => this.#state;
  readonly watch = (told: () => void): (() => void) => {
    this.#watchers.add(told);
    return () => this.#watchers.delete(told);
  };

  /** What `owner` left in this tab; of another person's nothing stays. */
  open(owner: string): void {
    if (this.#owner === owner) return;
    this.stop();
    this.#owner = owner;
    this.#state = this.#kept(sessionStorage) ?? this.#kept(localStorage) ?? fresh();
    this.#tell();
    addEventListener('pagehide', () => this.#keep());
  }

  set(part: Partial<State>): void {
    this.#state = { ...this.#state, ...part };
    this.#tell();
    if (this.#keeping === 0) this.#keeping = window.setTimeout(() => this.#keep(), KEEP_MS);
  }

  lane(id: string): Lane | undefined {
    return this.#state.lanes.find((lane) => lane.id === id);
  }

  change(id: string, how: (lane: Lane) => Lane): void {
    this.set({ lanes: this.#state.lanes.map((lane) => (lane.id === id ? how(lane) : lane)) });
  }

  add(lane: Lane): void {
    this.set({ lanes: [...this.#state.lanes, lane] });
  }

  /** Gives back what takes it back. */
  remove(id: string): () => void {
    this.#running.get(id)?.abort();
    const at = this.#state.lanes.findIndex((lane) => lane.id === id);
    const gone = this.#state.lanes[at];
    this.set({ lanes: this.#state.lanes.filter((lane) => lane.id !== id) });
    return () => {
      if (gone) this.set({ lanes: this.#state.lanes.toSpliced(at, 0, rested(gone)) });
    };
  }

  /** Gives back what takes it back. */
  clear(): () => void {
    const { lanes } = this.#state;
    this.stop();
    this.set({ lanes: lanes.map((lane) => ({ ...freshLane(lane.model, lane.own) })) });
    return () => this.set({ lanes: lanes.map(rested) });
  }

  restore(shared: Shared): void {
    this.stop();
    this.set(shared);
  }

  stop(): void {
    for (const each of this.#running.values()) each.abort();
  }

  stopOne(id: string): void {
    this.#running.get(id)?.abort();
  }

  /** Asks every lane that has a model and is not at work. */
  send(text: string, images: Picture[]): void {
    const turn = question(text, images);
    for (const lane of this.#state.lanes) {
      if (lane.model && !lane.busy) void this.#run(lane.id, [...lane.said, turn]);
    }
    this.set({ draft: '', images: [] });
  }

  /** Asks an earlier question differently, in every lane that has it; what came after it is gone. */
  ask(changed: Question): void {
    for (const lane of this.#state.lanes) {
      if (!questionIn(lane, changed.id)) continue;
      this.#running.get(lane.id)?.abort();
      void this.#run(lane.id, [...until(lane.said, changed.id), { ...changed, id: newId() }]);
    }
  }

  retry(id: string, answer: string): void {
    const lane = this.lane(id);
    if (lane && !lane.busy) void this.#run(id, until(lane.said, answer));
  }

  /** The last question of another lane, with all that was said before it. */
  askAlso(id: string, from: Lane): void {
    const last = lastQuestion(from);
    if (last) void this.#run(id, [...until(from.said, last.id), last]);
  }

  forget(id: string, turn: string): void {
    this.change(id, (lane) => ({ ...lane, said: without(lane.said, turn) }));
  }

  /** What a tool gave back; with the last missing one, or `go`, the model goes on. */
  give(id: string, answer: string, results: Record<string, string>): void {
    this.change(id, (lane) => withAnswer(lane, answer, (is) => ({ ...is, results })));
    const lane = this.lane(id);
    if (lane && !waits(lane) && lane.said.at(-1)?.id === answer) void this.#run(id, lane.said);
  }

  async #run(id: string, said: Said[]): Promise<void> {
    const lane = this.lane(id);
    if (!lane) return;
    const settings: Settings = settingsOf(lane, this.#state.settings);
    const body = bodyOf(lane.model, said, settings);
    const figures = { ...NO_FIGURES, asked: lettersAsked(body) };
    const answer: Answer = { ...freshAnswer(lane.model, settings.schema), figures };
    const control = new AbortController();
    this.#running.set(id, control);
    this.change(id, (now) => ({ ...now, said: [...said, answer], busy: true }));
    const news = new Gathered((deltas, figures) =>
      this.change(id, (now) => withAnswer(now, answer.id, (is) => grown(is, deltas, figures))),
    );
    let end: Partial<Answer> = { end: 'done' };
    try {
      const last = await converse(body, control.signal, (deltas, sofar) => news.add(deltas, sofar));
      news.add([], last);
    } catch (error) {
      if (control.signal.aborted) end = { end: 'stopped' };
      else if (error instanceof Broken) end = { end: 'broken' };
      else end = { end: 'failed', trouble: troubleOf(error) };
    }
    news.flush();
    if (this.#running.get(id) === control) this.#running.delete(id);
    this.change(id, (now) => ({
      ...withAnswer(now, answer.id, (is) => ({ ...is, ...end })),
      busy: this.#running.has(id),
    }));
  }

  #tell(): void {
    for (const told of this.#watchers) told();
  }

  #kept(where: Storage): State | null {
    try {
      const found = JSON.parse(where.getItem(KEPT) ?? 'null') as { owner?: string; state?: never } | null;
      return found?.owner === this.#owner ? checked(found.state ?? null) : null;
    } catch {
      return null; // not ours, or of another release
    }
  }

  #keep(): void {
    clearTimeout(this.#keeping);
    this.#keeping = 0;
    if (!this.#owner) return;
    const { lanes, settings, draft, images } = this.#state;
    const bare = lanes.map((lane) => ({ ...lane, said: [] }));
    write(localStorage, this.#owner, { lanes: bare, settings, draft: '', images: [] });
    if (write(sessionStorage, this.#owner, { lanes, settings, draft, images })) return;
    // Pictures are what fills a tab's store: the words are kept at least.
    const words = lanes.map((lane) => ({
      ...lane,
      said: lane.said.map((each) => (each.kind === 'question' ? { ...each, images: [] } : each)),
    }));
    write(sessionStorage, this.#owner, { lanes: words, settings, draft, images: [] });
  }
}

function write(where: Storage, owner: string, state: State): boolean {
  try {
    where.setItem(KEPT, JSON.stringify({ owner, state }));
    return true;
  } catch {
    return false; // full, or not allowed
  }
}

/** Gathers the news of a moment, so that the page is drawn once for all of them. */
class Gathered {
  #deltas: Delta[] = [];
  #figures: Figures | null = null;
  #timer = 0;
  constructor(readonly tell: (deltas: Delta[], figures: Figures) => void) {}

  add(deltas: Delta[], figures: Figures): void {
    this.#deltas.push(...deltas);
    this.#figures = figures;
    if (this.#timer === 0) this.#timer = window.setTimeout(() => this.flush(), FRAME_MS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (!this.#figures) return;
    const deltas = this.#deltas;
    this.#deltas = [];
    this.tell(deltas, this.#figures);
    this.#figures = null;
  }
}

export const store = new Store();
