import { afterEach, describe, expect, it, vi } from 'vitest';

vi.stubGlobal('document', { baseURI: 'http://localhost/studio/', documentElement: { lang: 'fr' } });
const { againAt, Broken, converse, lossesOf, read, troubleOf } = await import('./stream');
const { NO_FIGURES } = await import('./chat');
const { ApiError } = await import('../api/client');

const BODY = { model: 'm', messages: [] };
const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ choices: [{ delta, finish_reason: finish }] })}\n\n`;

function answers(status: number, body: BodyInit, headers: Record<string, string> = {}): void {
  vi.stubGlobal('fetch', async () => new Response(body, { status, headers }));
}
/** A body that gives `pieces`, and then breaks. */
const breaking = (...pieces: string[]): ReadableStream =>
  new ReadableStream({
    pull(into) {
      const next = pieces.shift();
      if (next === undefined) into.error(new TypeError('network error'));
      else into.enqueue(new TextEncoder().encode(next));
    },
  });
const ask = async (): Promise<{ text: string; figures: unknown }> => {
  let text = '';
  const figures = await converse(BODY, new AbortController().signal, (deltas) => {
    for (const each of deltas) text += each.text ?? '';
  });
  return { text, figures };
};
afterEach(() => vi.unstubAllGlobals);

describe('a stream', () => {
  it('gives text, reasoning, refusals and calls, and notes usage', () => {
    const seen = { ...NO_FIGURES };
    const delta = {
      reasoning_content: 'hm',
      content: 'yes',
      refusal: 'no',
      tool_calls: [{ index: 1, id: 'c', function: { arguments: '{' } }],
    };
    const usage = {
      prompt_tokens: 3,
      completion_tokens: 4,
      prompt_tokens_details: { cached_tokens: 1 },
      completion_tokens_details: { reasoning_tokens: 2 },
    };
    expect(read(JSON.stringify({ choices: [{ delta, finish_reason: 'stop' }], usage }), seen)).toEqual([
      { reasoning: 'hm' },
      { text: 'yes' },
      { refusal: 'no' },
      { call: { index: 1, id: 'c', arguments: '{' } },
    ]);
    expect(seen).toMatchObject({ input: 3, output: 4, cached: 1, thought: 2, finish: 'stop' });
  });
  it('ends with the error that the gateway sent into it', () => {
    expect(() => read('{"error":{"message":"gone"}}', { ...NO_FIGURES })).toThrow('gone');
  });
  it('is read to its end, with the headers', async () => {
    answers(200, `${chunk({ content: 'a' })}${chunk({ content: 'b' }, 'stop')}data: [DONE]\n\n`, {
      'x-request-id': 'r1',
      'x-counterpoint-losses': 'seed;degraded;seed',
    });
    const { text, figures } = await ask();
    expect(text).toBe('ab');
    expect(figures).toMatchObject({
      requestId: 'r1',
      finish: 'stop',
      letters: 2,
      losses: [{ code: 'seed' }],
    });
  });
  it('keeps what came before the connection was lost, and says that it was', async () => {
    answers(200, breaking(chunk({ content: 'half' })));
    let kept = '';
    const asked = converse(BODY, new AbortController().signal, (deltas) => {
      for (const each of deltas) kept += each.text ?? '';
    });
    await expect(asked).rejects.toBeInstanceOf(Broken);
    expect(kept).toBe('half');
  });
  it('that ends before the answer does is broken too', async () => {
    answers(200, chunk({ content: 'half' }));
    await expect(ask()).rejects.toBeInstanceOf(Broken);
  });
});

describe('a failure', () => {
  it('is told in the gateway’s words, with the time to wait', async () => {
    answers(429, '{"error":{"message":"slow down"}}', { 'retry-after': '7' });
    const trouble = await ask().catch(troubleOf);
    expect(trouble).toMatchObject({ status: 429, detail: 'slow down' });
    expect((trouble as { again: number }).again).toBeGreaterThan(Date.now());
  });
  it('without an answer has no status', () => {
    expect(troubleOf(new TypeError('Failed to fetch'))).toEqual({ status: 0 });
    expect(troubleOf(new ApiError(503, { title: 'Away', detail: 'x' }))).toEqual({
      status: 503,
      title: 'Away',
      detail: 'x',
    });
  });
  it('may be tried again after seconds, or at a time', () => {
    expect(againAt('2', 1000)).toBe(3000);
    expect(againAt('Sun, 22 Nov 2026 00:00:00 GMT')).toBe(Date.UTC(2026, 10, 22));
    expect(againAt('soon')).toBeUndefined();
    expect(againAt(null)).toBeUndefined();
  });
});

describe('losses', () => {
  it('are read from the header, whatever their paths hold', () => {
    const header = 'max_output.default;cosmetic;max_tokens, part.audio;meaning;messages[0].a, b;c, more;4';
    expect(lossesOf(header)).toEqual({
      losses: [
        { code: 'max_output.default', severity: 'cosmetic', path: 'max_tokens' },
        { code: 'part.audio', severity: 'meaning', path: 'messages[0].a, b;c' },
      ],
      more: 4,
    });
    expect(lossesOf(null)).toEqual({ losses: [], more: 0 });
  });
});
