/**
 * The page's line to the platform: one stream of events, told apart into what came, whether it stands, and what
 * to do when it broke. It knows nothing of pages; `api/live.ts` says what an event means for what they show.
 */

/** `waiting`: not open yet; `live`: events come; `lost`: the platform cannot be reached. */
export type Standing = 'waiting' | 'live' | 'lost';
/** What the platform is asked when the stream ended: whether it answers, and still knows this browser. */
export type Pulse = 'well' | 'stranger' | 'away';

export interface Source {
  addEventListener(name: string, hear: (event: { data?: string }) => void): void;
  close(): void;
}

export interface Ends {
  open(): Source;
  pulse(): Promise<Pulse>;
  /** An event by its name, with its data. */
  hear(name: string, data: unknown): void;
  stands(standing: Standing): void;
  /** The stream was down and is open again; `lost`: so was the platform. What was seen may be old. */
  back(lost: boolean): void;
  /** The platform answers, but does not know this browser any more. */
  unknown(): void;
}

export const NAMES = ['status', 'job', 'exchanges', 'standing', 'still'] as const;
/** The platform says something at least every 15 s; a line this quiet is dead, whatever the browser thinks. */
export const QUIET_MS = 45_000;
/** A stream that stood for so long was a good one. */
const STEADY_MS = 10_000;
const FIRST_MS = 500;
const MOST_MS = 5_000;
/** Where a proxy lets no streams through, pages are told to look again this often. */
const WITHOUT_STREAM_MS = 30_000;

export class Line {
  private source: Source | null = null;
  private standing: Standing = 'waiting';
  private timer: ReturnType<typeof setTimeout> | undefined;
  private broken = 0;
  private since = Number.POSITIVE_INFINITY;
  private asking = false;
  private running = false;

  constructor(private readonly ends: Ends) {}

  start(): void {
    if (this.running) return;
    this.running = true;
    this.connect();
  }

  /** No page looks: the connection is free for others (a browser has six for one host, for all of its tabs). */
  stop(): void {
    this.running = false;
    this.drop();
  }

  /** Something else failed, or the machine was asleep: find out now whether the platform is there. */
  doubt(): void {
    if (this.running && !this.asking) void this.ask();
  }

  private connect(): void {
    this.drop();
    const source = this.ends.open();
    this.source = source;
    const mine = (act: (event: { data?: string }) => void) => (event: { data?: string }) => {
      if (this.source === source) act(event);
    };
    source.addEventListener(
      'open',
      mine(() => this.opened()),
    );
    source.addEventListener(
      'error',
      mine(() => this.broke()),
    );
    for (const name of NAMES) {
      source.addEventListener(
        name,
        mine((event) => {
          this.watch();
          if (name !== 'still') this.ends.hear(name, JSON.parse(event.data ?? 'null'));
        }),
      );
    }
    this.watch();
  }

  private opened(): void {
    const [was, broken] = [this.standing, this.broken];
    this.since = Date.now();
    this.turn('live');
    this.watch();
    if (was === 'lost' || broken > 0) this.ends.back(was === 'lost');
  }

  private broke(): void {
    this.drop();
    if (Date.now() - this.since > STEADY_MS) this.broken = 0;
    this.since = Number.POSITIVE_INFINITY;
    this.broken += 1;
    void this.ask();
  }

  private async ask(): Promise<void> {
    this.asking = true;
    const pulse = await this.ends.pulse();
    this.asking = false;
    if (!this.running) return;
    if (pulse === 'away') {
      this.drop();
      this.broken += 1;
      this.turn('lost');
      this.later(() => void this.ask(), this.pause());
    } else if (pulse === 'stranger') {
      this.stop();
      this.ends.unknown();
    } else if (this.source === null) {
      // It answers, yet the stream breaks again and again: something between lets no stream through.
      const hopeless = this.standing !== 'lost' && this.broken > 4;
      if (hopeless) this.ends.back(false);
      this.later(
        () => this.connect(),
        this.standing === 'lost' ? 0 : hopeless ? WITHOUT_STREAM_MS : this.pause(),
      );
    }
  }

  private pause(): number {
    return Math.min(MOST_MS, FIRST_MS * 2 ** Math.max(0, this.broken - 1));
  }

  private turn(standing: Standing): void {
    if (this.standing === standing) return;
    this.standing = standing;
    this.ends.stands(standing);
  }

  private watch(): void {
    this.later(() => this.broke(), QUIET_MS);
  }

  private later(act: () => void, after: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, after);
  }

  private drop(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }
}

/** Runs at once, then at most every `least` ms, and the more rarely (up to `most`) the longer calls go on. */
export class Throttle {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wanted = false;
  private gap: number;

  constructor(
    private readonly run: () => void,
    private readonly least = 800,
    private readonly most = 5_000,
  ) {
    this.gap = least;
  }

  call(): void {
    if (this.timer !== undefined) {
      this.wanted = true;
      return;
    }
    this.run();
    this.timer = setTimeout(() => this.over(), this.gap);
  }

  private over(): void {
    this.timer = undefined;
    if (!this.wanted) {
      this.gap = this.least;
      return;
    }
    this.wanted = false;
    this.gap = Math.min(this.most, this.gap * 1.3);
    this.call();
  }
}
