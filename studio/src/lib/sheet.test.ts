import { describe, expect, it } from 'vitest';
import { beginning, columnName, columnNumber, rowsOf } from './sheet';

describe('columns', () => {
  it('are numbered as sheets name them', () => {
    for (const [name, number] of [
      ['A', 0],
      ['Z', 25],
      ['AA', 26],
      ['AZ', 51],
      ['XFD', 16383],
    ] as const) {
      expect(columnNumber(name)).toBe(number);
      expect(columnName(number)).toBe(name);
    }
    expect(beginning('C4:D9')).toEqual({ column: 2, row: 4 });
    expect(beginning('')).toBeNull();
  });
});

describe('the rows of a passage', () => {
  const text = 'Name | Net | Tax\nÉpée 😀 | 12 | 3';
  it('are numbered as in the sheet', () => {
    const rows = rowsOf(text, 'B7:D8', []);
    expect(rows.map((row) => row.number)).toEqual([7, 8]);
    expect(rows[1]?.cells.map((cell) => cell.text)).toEqual(['Épée 😀', '12', '3']);
  });
  it('have empty cells at their ends', () => {
    const rows = rowsOf('| Food | kcal\nLeaf | 50 |', '', [{ start: 2, end: 6 }]);
    expect(rows.map(({ cells }) => cells.map(({ text: said }) => said))).toEqual([
      ['', 'Food', 'kcal'],
      ['Leaf', '50', ''],
    ]);
    const marked = rows.flatMap(({ cells }) => cells.filter((cell) => cell.marked));
    expect(marked.map((cell) => [cell.text, cell.ranges])).toEqual([['Food', [{ start: 0, end: 4 }]]]);
  });
  it('mark the cell that is named', () => {
    const marked = rowsOf(text, 'B7:D8', [], 'C8').flatMap((row) => row.cells.filter((cell) => cell.marked));
    expect(marked.map((cell) => cell.text)).toEqual(['12']);
  });
  it('mark where the span is, by characters', () => {
    const start = Array.from(text.slice(0, text.indexOf('12'))).length;
    const rows = rowsOf(text, '', [{ start, end: start + 2 }]);
    expect(rows[0]?.number).toBeNull();
    const marked = rows.flatMap((row) => row.cells.filter((cell) => cell.marked));
    expect(marked).toEqual([{ text: '12', ranges: [{ start: 0, end: 2 }], marked: true }]);
  });
});
