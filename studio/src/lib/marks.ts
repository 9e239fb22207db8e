/**
 * Which parts of a text are marked. A document's words come as text and as text they are shown: marks are offsets, never
 * markup. The platform counts characters; a JavaScript string counts the halves of some of them.
 */
export interface Range {
  start: number;
  end: number;
}
export interface Piece {
  text: string;
  marked: boolean;
  /** Where it begins, in characters. */
  at: number;
}

const HALVES = /[\ud800-\udfff]/;

/** A text whose places are counted in characters. */
export class Counted {
  private readonly characters: string[] | null;

  constructor(private readonly text: string) {
    this.characters = HALVES.test(text) ? Array.from(text) : null;
  }

  get length(): number {
    return this.characters?.length ?? this.text.length;
  }

  slice(start: number, end = this.length): string {
    return this.characters?.slice(start, end).join('') ?? this.text.slice(start, end);
  }
}

/** Ranges in order, those that touch as one, nothing outside of `length`. */
export function merged(ranges: readonly Range[], length: number): Range[] {
  const found: Range[] = [];
  const inside = ranges
    .map(({ start, end }) => ({ start: Math.max(0, start), end: Math.min(length, end) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start);
  for (const range of inside) {
    const last = found.at(-1);
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else found.push(range);
  }
  return found;
}

/** The text in pieces, marked and not. */
export function pieces(text: string, ranges: readonly Range[]): Piece[] {
  const counted = new Counted(text);
  const found: Piece[] = [];
  let at = 0;
  const add = (end: number, marked: boolean): void => {
    if (end > at) found.push({ text: counted.slice(at, end), marked, at });
    at = end;
  };
  for (const { start, end } of merged(ranges, counted.length)) {
    add(start, false);
    add(end, true);
  }
  add(counted.length, false);
  return found;
}

/** Ranges of a whole, as those of a part of it that begins at `start`. */
export const within = (ranges: readonly Range[], start: number): Range[] =>
  ranges.map((range) => ({ start: range.start - start, end: range.end - start }));

/** A part of a text around what is marked first, cut between words. */
export function excerpt(
  text: string,
  ranges: readonly Range[],
  size: number,
): { text: string; ranges: Range[]; before: boolean; after: boolean } {
  const counted = new Counted(text);
  const { length } = counted;
  if (length <= size) return { text, ranges: [...ranges], before: false, after: false };
  const first = merged(ranges, length)[0]?.start ?? 0;
  const lead = Math.floor(size / 4);
  let start = Math.max(0, Math.min(first - lead, length - size));
  let end = Math.min(length, start + size);
  const space = counted.slice(start, first).indexOf(' ');
  if (start > 0 && space >= 0) start += space + 1;
  const last = counted.slice(start, end).lastIndexOf(' ');
  if (end < length && last > size / 2) end = start + last;
  return {
    text: counted.slice(start, end),
    ranges: within(ranges, start),
    before: start > 0,
    after: end < length,
  };
}
