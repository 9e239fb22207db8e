/** Shortcuts of single keys: which one was meant, and whether the reader wants any (WCAG 2.1.4: they can be turned off). */

const STORED = 'counterpoint.shortcuts';
/** After `g`, a place's letter is waited for so long. */
export const CHORD_MS = 1_200;

export const areOn = (): boolean => localStorage.getItem(STORED) !== 'off';
export const turn = (on: boolean): void => localStorage.setItem(STORED, on ? 'on' : 'off');

export interface Pressed {
  key: string;
  plain: boolean;
  /** Milliseconds on any clock. */
  at: number;
}

/** Reads key after key; says `help`, a letter that came after `g`, or nothing. */
export class Chords {
  private began = Number.NEGATIVE_INFINITY;

  take(pressed: Pressed): { go: string } | 'help' | null {
    if (!pressed.plain) return null;
    const going = pressed.at - this.began < CHORD_MS;
    this.began = Number.NEGATIVE_INFINITY;
    if (pressed.key === '?') return 'help';
    if (going) return { go: pressed.key };
    if (pressed.key === 'g') this.began = pressed.at;
    return null;
  }
}
