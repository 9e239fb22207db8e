import { describe, expect, it } from 'vitest';
import { painted } from './paint';

const tones = (code: string, language: string): string[] =>
  painted(code, language)
    .filter((piece) => piece.tone !== 'plain')
    .map((piece) => `${piece.tone} ${piece.text}`);

describe('code', () => {
  it('keeps every letter', () => {
    const code = 'def f(x):\n    """doc"""\n    return "a\\"b" + str(1.5e3)  # end\n`x$' + '{y}` /* open';
    for (const language of ['python', 'js', 'sql', '', 'text'])
      expect(
        painted(code, language)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(code);
  });
  it('shows words, strings, numbers and comments', () => {
    expect(tones('return "x" # 1', 'python')).toEqual(['word return', 'string "x"', 'comment # 1']);
    expect(tones('const a = 12 // b', 'ts')).toEqual(['word const', 'number 12', 'comment // b']);
    expect(tones('SELECT 1 -- x', 'sql')).toEqual(['word SELECT', 'number 1', 'comment -- x']);
  });
  it('leaves prose alone', () => expect(tones('for "x"', 'text')).toEqual([]));
});
