/** What an answer costs while it is being written, from the catalogue's price; the ledger has the last word. */
import type { AskableShape } from '../api/schema';
import type { Figures } from './chat';

/** Letters of a token, about, in the languages and code that people ask about. */
const LETTERS = 4;

export const tokensOf = (letters: number): number => Math.ceil(letters / LETTERS);

export interface Tokens {
  input: number;
  output: number;
  /** Whether the host said so. */
  exact: boolean;
}

export function tokens(figures: Figures): Tokens {
  return {
    input: figures.input ?? tokensOf(figures.asked),
    output: figures.output ?? tokensOf(figures.letters),
    exact: figures.output !== null,
  };
}

/** With what the ledger says, where the answer broke off before its host could say it. */
export function settledBy(
  figures: Figures,
  entry: { usage_reported: boolean; tokens: Record<string, number> } | undefined,
): Figures {
  if (figures.output !== null || !entry?.usage_reported) return figures;
  const sum = (...classes: string[]): number =>
    classes.reduce((all, each) => all + (entry.tokens[each] ?? 0), 0);
  return {
    ...figures,
    input: sum(
      'input',
      'cache_read',
      'cache_write',
      'cache_write_1h',
      'audio_in',
      'audio_cache_read',
      'image_in',
    ),
    output: sum('output', 'reasoning', 'audio_out', 'image_out'),
    cached: sum('cache_read', 'audio_cache_read'),
    thought: sum('reasoning'),
  };
}

type Priced = Pick<AskableShape, 'input_price' | 'output_price' | 'cache_read_price'>;

/** In the price's currency; `null` where a price that is needed is not known, which is not zero. */
export function costOf(figures: Figures, price: Priced | undefined): number | null {
  const { input, output } = tokens(figures);
  const cached = Math.min(figures.cached, input);
  const parts: [number, string | null | undefined][] = [
    [input - cached, price?.input_price],
    [cached, price?.cache_read_price],
    [output, price?.output_price],
  ];
  let sum = 0;
  for (const [count, each] of parts) {
    if (count === 0) continue;
    if (each === null || each === undefined) return null;
    sum += (count * Number(each)) / 1_000_000;
  }
  return sum;
}

/** Tokens of the answer per second, from the first one on; `null` while there is too little to tell. */
export function speed(figures: Figures): number | null {
  const { output } = tokens(figures);
  const writing = (figures.totalMs ?? 0) - (figures.firstMs ?? 0);
  return figures.firstMs !== null && writing > 50 && output > 1 ? (output / writing) * 1000 : null;
}

const BYTES_A_SECOND = 300_000_000;

/** Seconds until a model that sleeps writes its first word: as long as it took last time, else by its size. */
export const wakingSeconds = (size: number, lastTime: number | null): number =>
  Math.max(1, Math.round(lastTime ?? 1 + size / BYTES_A_SECOND));
