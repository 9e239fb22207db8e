/** Files on their way to the platform: a few at a time, each with how far it is. */
export type Going =
  | { state: 'waiting' }
  | { state: 'sending'; share: number }
  | { state: 'sent' }
  | { state: 'failed'; error: unknown };
export interface Upload {
  id: number;
  name: string;
  size: number;
  going: Going;
}

export const MOST_AT_ONCE = 3;

type Send = (file: File, name: string, far: (share: number) => void) => Promise<unknown>;

/** Sends what it is given, and tells after each step how all of it stands. */
export class Uploads {
  private readonly all = new Map<number, Upload & { file: File }>();
  private busy = 0;
  private next = 1;

  constructor(
    private readonly send: Send,
    private readonly told: (all: Upload[]) => void,
  ) {}

  add(files: readonly { file: File; name: string }[]): void {
    for (const { file, name } of files) {
      const id = this.next++;
      this.all.set(id, { id, name, size: file.size, going: { state: 'waiting' }, file });
    }
    this.step();
  }

  again(id: number): void {
    this.set(id, { state: 'waiting' });
    this.step();
  }

  /** What is done with is forgotten. */
  clear(): void {
    for (const [id, { going }] of this.all)
      if (going.state === 'sent' || going.state === 'failed') this.all.delete(id);
    this.tell();
  }

  private step(): void {
    for (const [id, { file, name, going }] of this.all) {
      if (this.busy >= MOST_AT_ONCE) break;
      if (going.state !== 'waiting') continue;
      this.busy += 1;
      this.set(id, { state: 'sending', share: 0 });
      this.send(file, name, (share) => this.set(id, { state: 'sending', share }))
        .then(
          () => this.set(id, { state: 'sent' }),
          (error: unknown) => this.set(id, { state: 'failed', error }),
        )
        .finally(() => {
          this.busy -= 1;
          this.step();
        });
    }
    this.tell();
  }

  private set(id: number, going: Going): void {
    const one = this.all.get(id);
    if (!one) return;
    this.all.set(id, { ...one, going });
    this.tell();
  }

  private tell(): void {
    this.told([...this.all.values()].map(({ id, name, size, going }) => ({ id, name, size, going })));
  }
}

/** Of all that is or was on its way, by bytes. */
export function shareOf(all: readonly Upload[]): number {
  let [sent, sum] = [0, 0];
  for (const { size, going } of all) {
    sum += size;
    sent += going.state === 'sending' ? going.share * size : going.state === 'waiting' ? 0 : size;
  }
  return sum > 0 ? sent / sum : 1;
}
