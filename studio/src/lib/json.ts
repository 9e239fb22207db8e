/** Where JSON goes wrong, in lines and columns, whatever the browser's own words for it are. */
export interface Place {
  line: number;
  column: number;
}
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function placeOf(text: string, at: number): Place {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** The value, or where the text stops being JSON. */
export function parse(text: string): { value: Json } | { wrong: Place } {
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return { wrong: placeOf(text, new Reader(text).flaw()) };
  }
}

class Reader {
  #at = 0;
  constructor(readonly text: string) {}

  /** How far the text is JSON. */
  flaw(): number {
    this.#space();
    if (this.#value()) this.#space();
    return this.#at;
  }

  #space(): void {
    while (/[ \t\r\n]/.test(this.text[this.#at] ?? '')) this.#at += 1;
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text);
    if (found) this.#at += found[0].length;
    return found !== null;
  }

  #value(): boolean {
    const sign = this.text[this.#at];
    if (sign === '{') return this.#many('}', () => this.#string() && this.#colon() && this.#value());
    if (sign === '[') return this.#many(']', () => this.#value());
    if (sign === '"') return this.#string();
    return this.#take(/(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y);
  }

  #string(): boolean {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them within strings
    return this.#take(/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y);
  }

  #colon(): boolean {
    this.#space();
    const there = this.#take(/:/y);
    this.#space();
    return there;
  }

  #many(end: string, one: () => boolean): boolean {
    this.#at += 1;
    this.#space();
    if (this.text[this.#at] === end) {
      this.#at += 1;
      return true;
    }
    for (;;) {
      if (!one()) return false;
      this.#space();
      const sign = this.text[this.#at];
      if (sign !== ',' && sign !== end) return false;
      this.#at += 1;
      if (sign === end) return true;
      this.#space();
    }
  }
}
