import { describe, expect, it, vi } from 'vitest';

vi.stubGlobal('document', { baseURI: 'http://localhost/studio/', documentElement: { lang: 'en' } });
const { bodyOf, DEFAULTS, read } = await import('./chat');
const { pack, unpack } = await import('./share');
const { anthropic, curl, openai, python } = await import('./snippets');

const figures = {
  requestId: null,
  offering: null,
  losses: null,
  firstMs: null,
  totalMs: null,
  input: null,
  output: null,
  pieces: 0,
  finish: null,
};

describe('a call', () => {
  it('holds only what was set', () => {
    expect(bodyOf('m', [{ role: 'user', text: 'hi' }], DEFAULTS, false)).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
    });
  });
  it('holds images, tools and the schema where they are given', () => {
    const settings = {
      ...DEFAULTS,
      system: 'be kind',
      temperature: 0,
      tools: '[]',
      schema: '{"type":"object"}',
    };
    const body = bodyOf('m', [{ role: 'user', text: 'hi', images: ['data:image/png;base64,AA'] }], settings);
    expect(body).toMatchObject({
      temperature: 0,
      tools: [],
      stream: true,
      response_format: { type: 'json_schema' },
    });
    expect((body.messages as unknown[]).length).toBe(2);
  });
  it('is not made of what is no JSON', () => {
    expect(() => bodyOf('m', [], { ...DEFAULTS, tools: '{' })).toThrow(SyntaxError);
  });
});

describe('a stream', () => {
  it('gives text, reasoning and calls, and notes usage', () => {
    const seen = { ...figures };
    const delta = {
      reasoning_content: 'hm',
      content: 'yes',
      tool_calls: [{ index: 1, function: { arguments: '{' } }],
    };
    expect(
      read(
        JSON.stringify({
          choices: [{ delta, finish_reason: 'stop' }],
          usage: { prompt_tokens: 3, completion_tokens: 4 },
        }),
        seen,
      ),
    ).toEqual([{ reasoning: 'hm' }, { text: 'yes' }, { tool: { index: 1, arguments: '{' } }]);
    expect(seen).toMatchObject({ input: 3, output: 4, finish: 'stop' });
  });
  it('ends with the error that the gateway sent into it', () => {
    expect(() => read('{"error":{"message":"gone"}}', { ...figures })).toThrow('gone');
  });
});

describe('a link', () => {
  it('brings back what was shared', () => {
    const shared = { models: ['a', 'b'], settings: { ...DEFAULTS, system: 'été ✓' }, draft: 'x' };
    expect(unpack(pack(shared))).toEqual(shared);
  });
  it('from a stranger is taken for data', () => {
    expect(unpack('%%%')).toBeNull();
    expect(unpack(btoa('{"models":"no"}'))).toBeNull();
    expect(unpack(btoa('{"models":[1,"a"],"settings":{"temperature":"hot"}}'))).toEqual({
      models: ['a'],
      settings: DEFAULTS,
      draft: '',
    });
  });
});

describe('code', () => {
  const body = bodyOf('m', [{ role: 'user', text: "it's" }], { ...DEFAULTS, system: 'kind' }, false);
  it('quotes for the shell', () => expect(curl('http://g', body)).toContain("it'\\''s"));
  it('is Python', () => {
    expect(python({ a: [true, null, 'x'], b: {} })).toBe('{"a": [True, None, "x"], "b": {}}');
    expect(openai('http://g', body)).toContain('model="m"');
  });
  it('says the same in Anthropic’s words', () => {
    const code = anthropic('http://g', body);
    expect(code).toContain('system="kind"');
    expect(code).toContain('max_tokens=1024');
    expect(code).not.toContain('"system"');
  });
});
