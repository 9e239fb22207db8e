import { describe, expect, it } from 'vitest';
import { type Frame, SseParser } from './sse';

const STREAM =
  '\uFEFF: hello\r\nevent: part\r\ndata: {"a":\r\ndata: 1}\r\n\r\nid: 7\rdata:x\r\rdata: é\n\ndata\n\nevent: none\n\ndata: cut off';
const WANTED: Frame[] = [
  { event: 'part', data: '{"a":\n1}', id: '' },
  { event: 'message', data: 'x', id: '7' },
  { event: 'message', data: 'é', id: '7' },
  { event: 'message', data: '', id: '7' },
];

function fed(pieces: string[]): Frame[] {
  const parser = new SseParser();
  return pieces.flatMap((piece) => parser.feed(piece));
}

describe('events', () => {
  it('are read whole', () => expect(fed([STREAM])).toEqual(WANTED));
  it('are the same one character at a time', () => expect(fed([...STREAM])).toEqual(WANTED));
  it('are the same in every cut', () => {
    for (let cut = 0; cut <= STREAM.length; cut += 1) {
      expect(fed([STREAM.slice(0, cut), STREAM.slice(cut)])).toEqual(WANTED);
    }
  });
});
