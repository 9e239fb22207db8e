import { describe, expect, it } from 'vitest';
import { type Answer, NO_FIGURES, type Said, textOf } from './chat';
import {
  asking,
  freshAnswer,
  freshLane,
  grown,
  type Lane,
  question,
  rested,
  until,
  waits,
  without,
} from './lanes';

const lane = (...said: Said[]): Lane => ({ ...freshLane('m'), said });
const answer = (part: Partial<Answer> = {}): Answer => ({ ...freshAnswer('m'), end: 'done', ...part });
const CALL = { id: 'c1', name: 'look', arguments: '{}' };

describe('an answer', () => {
  it('grows by text, thought and calls that come in pieces and at once', () => {
    let is = freshAnswer('m');
    is = grown(is, [{ reasoning: 'hm' }, { text: 'One.\n\nTw' }], NO_FIGURES);
    is = grown(is, [{ text: 'o' }], { ...NO_FIGURES, output: 2 });
    is = grown(
      is,
      [
        { call: { index: 0, id: 'a', name: 'x', arguments: '{"q"' } },
        { call: { index: 1, id: 'b', name: 'y', arguments: '' } },
        { call: { index: 0, arguments: ':1}' } },
      ],
      NO_FIGURES,
    );
    expect(is.blocks).toEqual(['One.\n\n']);
    expect(textOf(is)).toBe('One.\n\nTwo');
    expect(is.reasoning).toBe('hm');
    expect(is.calls).toEqual([
      { id: 'a', name: 'x', arguments: '{"q":1}' },
      { id: 'b', name: 'y', arguments: '' },
    ]);
  });
  it('names calls that a host left without a name', () => {
    const [one, two] = grown(freshAnswer('m'), [{ call: { index: 1, name: 'x' } }], NO_FIGURES).calls;
    expect(one?.id).toBeTruthy();
    expect(one?.id).not.toBe(two?.id);
  });
});

describe('a conversation', () => {
  const [a, b] = [question('a', []), question('b', [])];
  const [one, two] = [answer(), answer()];
  it('loses a question with what was answered to it', () => {
    expect(without([a, one, b, two], a.id)).toEqual([b, two]);
    expect(without([a, one, b, two], b.id)).toEqual([a, one]);
    expect(without([a, one], 'x')).toEqual([a, one]);
  });
  it('goes on from an earlier turn', () => {
    expect(until([a, one, b, two], b.id)).toEqual([a, one]);
    expect(until([a, one], one.id)).toEqual([a]);
  });
  it('waits for the results of calls', () => {
    expect(waits(lane(a, answer({ calls: [CALL] })))).toBe(true);
    expect(waits(lane(a, answer({ calls: [CALL], results: { c1: '' } })))).toBe(false);
    expect(waits(lane(a, answer({ calls: [CALL] }), b))).toBe(false);
  });
  it('that was left amid an answer says so', () => {
    const [, left] = rested({ ...lane(a, freshAnswer('m')), busy: true }).said;
    expect(left).toMatchObject({ end: 'broken' });
  });
  it('is asked as it was asked last, or as it would be', () => {
    const called = answer({ calls: [CALL] });
    const given = answer({ calls: [CALL], results: { c1: 'x' } });
    expect(asking(lane(a, one), null)).toEqual([a]);
    expect(asking(lane(a, one), b)).toEqual([a, one, b]);
    expect(asking(lane(a, called), null)).toEqual([a]);
    expect(asking(lane(a, given), null)).toEqual([a, given]);
    expect(asking(lane(a, given, two), null)).toEqual([a, given]);
  });
});
