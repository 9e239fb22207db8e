import { describe, expect, it } from 'vitest';
import { byGravity, grave, lossSentence } from './losses';

const loss = (code: string, severity = 'degraded') => ({ code, severity, path: '' });

describe('losses', () => {
  it('have a sentence, each by its code or its family', () => {
    expect(lossSentence(loss('max_output.default'))).toBe('play.loss.limit');
    expect(lossSentence(loss('part.audio'))).toBe('play.loss.part');
    expect(lossSentence(loss('frequency_penalty'))).toBe('play.loss.other');
  });
  it('stand with the gravest first', () => {
    const sorted = byGravity([loss('a', 'cosmetic'), loss('b', 'meaning'), loss('c')]);
    expect(sorted.map((each) => each.code)).toEqual(['b', 'c', 'a']);
    expect(grave(sorted)).toBe(true);
    expect(grave([loss('a', 'cosmetic')])).toBe(false);
  });
});
