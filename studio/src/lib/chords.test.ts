import { describe, expect, it } from 'vitest';
import { CHORD_MS, Chords } from './chords';

const press = (chords: Chords, key: string, at: number, plain = true) => chords.take({ key, plain, at });

describe('single keys', () => {
  it('go to a place after g', () => {
    const chords = new Chords();
    expect(press(chords, 'g', 0)).toBeNull();
    expect(press(chords, 'u', 100)).toEqual({ go: 'u' });
    expect(press(chords, 'u', 200)).toBeNull();
  });
  it('mean nothing too late, or while writing', () => {
    const chords = new Chords();
    press(chords, 'g', 0);
    expect(press(chords, 'u', CHORD_MS + 1)).toBeNull();
    press(chords, 'g', 0, false);
    expect(press(chords, 'u', 1)).toBeNull();
  });
  it('ask for help', () => expect(press(new Chords(), '?', 0)).toBe('help'));
});
