/** The rows of a sheet around a cell. A table's text has a line for each row, its cells separated by ` | `. Pure. */
import { type Range, within } from './marks';

export interface SheetCell {
  text: string;
  /** What of it is marked. */
  ranges: Range[];
  marked: boolean;
}
export interface SheetRow {
  /** As the sheet numbers it, if that is known. */
  number: number | null;
  cells: SheetCell[];
}

const BETWEEN = ' | ';
const FIRST = /^\$?([A-Z]{1,3})\$?(\d{1,7})/;

/** `AB` is the 27th, counted from 0. */
export function columnNumber(letters: string): number {
  let number = 0;
  for (const letter of letters) number = number * 26 + letter.charCodeAt(0) - 64;
  return number - 1;
}

export function columnName(number: number): string {
  let name = '';
  for (let left = number + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    name = String.fromCharCode(65 + ((left - 1) % 26)) + name;
  }
  return name;
}

/** Where a range of cells begins: `B4:D9` at column 1, row 4. */
export function beginning(range: string): { column: number; row: number } | null {
  const found = FIRST.exec(range);
  return found?.[1] ? { column: columnNumber(found[1]), row: Number(found[2]) } : null;
}

/** The cells of a line, and where each begins. An empty one at either end leaves but half of what separates. */
function partsOf(line: string): { text: string; start: number }[] {
  const found: { text: string; start: number }[] = [];
  let at = 0;
  const inner = line.startsWith('| ') ? ` ${line}` : line;
  const whole = inner.endsWith(' |') ? `${inner} ` : inner;
  at -= inner.length - line.length;
  for (const text of whole.split(BETWEEN)) {
    found.push({ text, start: Math.max(0, at) });
    at += Array.from(text).length + BETWEEN.length;
  }
  return found;
}

/** `ranges`: what is marked, counted from the text's beginning. `cell`: marked as a whole. */
export function rowsOf(text: string, range: string, ranges: readonly Range[], cell = ''): SheetRow[] {
  const first = beginning(range);
  const wanted = beginning(cell);
  let at = 0;
  return text.split('\n').map((line, index) => {
    const number = first && first.row + index;
    const cells = partsOf(line).map(({ text: part, start: offset }, column) => {
      const start = at + offset;
      const length = Array.from(part).length;
      const own = within(ranges, start).filter((each) => each.start < length && each.end > 0);
      const named =
        wanted !== null && number === wanted.row && (first?.column ?? 0) + column === wanted.column;
      return { text: part, ranges: own, marked: named || own.length > 0 };
    });
    at += Array.from(line).length;
    at += 1;
    return { number, cells };
  });
}
