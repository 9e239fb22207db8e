import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { bodyOf, DEFAULTS } from './chat';
import { freshAnswer, question } from './lanes';
import { asMessages } from './messages';
import { SCHEMA_EXAMPLE } from './schema';
import { FLAVOURS, python, snippet } from './snippets';
import { TOOL_EXAMPLE } from './tools';

const GATEWAY = 'http://127.0.0.1:8600/';
const PNG = { name: 'a.png', url: 'data:image/png;base64,AA' };
const JPG = { name: 'b.jpg', url: 'data:image/jpeg;base64,BB' };
const ALL = {
  ...DEFAULTS,
  system: 'be "kind" \\ $HOME `x`',
  temperature: 0.2,
  topP: 0.5,
  maxTokens: 5,
  stop: ['END'],
  seed: 3,
  effort: 'minimal',
  tools: TOOL_EXAMPLE,
  toolChoice: 'required',
  schema: SCHEMA_EXAMPLE,
};
const talk = [
  question('look', [PNG, JPG]),
  {
    ...freshAnswer('m'),
    end: 'done' as const,
    calls: [
      { id: 'c1', name: 'get_weather', arguments: '{"city":"Paris"}' },
      { id: 'c2', name: 'get_weather', arguments: 'broken' },
    ],
    results: { c1: '21', c2: '22' },
  },
];
const simple = bodyOf('m', [question("it's", [])], { ...DEFAULTS, system: 'kind' });
const whole = bodyOf('m', talk, ALL);

describe('code', () => {
  it('quotes for the shell', () => {
    const code = snippet('curl', GATEWAY, simple, false);
    expect(code).toContain("it'\\''s");
    expect(code).toContain('curl http://127.0.0.1:8600/v1/chat/completions');
    expect(code).not.toContain('stream');
  });
  it('puts pictures in as files, and quotes the rest for a here-document', () => {
    const code = snippet('curl', GATEWAY, whole, true);
    expect(code).toContain("data:image/png;base64,$(base64 < image-1.png | tr -d '\\n')");
    expect(code).toContain('image-2.jpg');
    expect(code).toContain('be \\\\"kind\\\\" \\\\\\\\ \\$HOME \\`x\\`');
    expect(code).not.toContain('base64,AA');
  });
  it('is Python', () => {
    expect(python({ a: [true, null, 'x'], b: {} })).toBe('{"a": [True, None, "x"], "b": {}}');
    expect(snippet('openai', GATEWAY, simple, false)).toContain('model="m"');
    expect(snippet('openai', GATEWAY, whole, false)).toContain(
      '"data:image/png;base64," + picture("image-1.png")',
    );
  });
  it.each(['openai-js', 'anthropic-js'] as const)('is JavaScript: %s', (flavour) => {
    for (const body of [simple, whole]) {
      for (const stream of [true, false]) {
        const code = snippet(flavour, GATEWAY, body, stream);
        const options = { reportDiagnostics: true, compilerOptions: { target: ts.ScriptTarget.ES2022 } };
        expect(ts.transpileModule(code, options).diagnostics).toEqual([]);
      }
    }
  });
  it.each(FLAVOURS)('never holds a key or a picture: %s', (flavour) => {
    const code = snippet(flavour, GATEWAY, whole, false);
    expect(code).toContain('COUNTERPOINT_KEY');
    expect(code).not.toMatch(/base64,(AA|BB)|"AA"|'AA'/);
  });
});

describe('the Messages API', () => {
  it('says the same', () => {
    expect(asMessages(simple)).toMatchObject({ system: 'kind', max_tokens: 4096 });
    expect(asMessages(whole)).toMatchObject({
      max_tokens: 5,
      stop_sequences: ['END'],
      tool_choice: { type: 'any' },
      output_config: { effort: 'low', format: { type: 'json_schema' } },
      tools: [{ name: 'get_weather', input_schema: { type: 'object' } }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA' } },
            { type: 'image' },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', id: 'c1', input: { city: 'Paris' } },
            { type: 'tool_use', id: 'c2', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'c1', content: '21' },
            { type: 'tool_result', tool_use_id: 'c2', content: '22' },
          ],
        },
      ],
    });
  });
  it('has no seed, and turns thinking off', () => {
    const none = asMessages(bodyOf('m', [], { ...DEFAULTS, effort: 'none', seed: 1 }));
    expect(none).toMatchObject({ thinking: { type: 'disabled' } });
    expect(none).not.toHaveProperty('seed');
    expect(none).not.toHaveProperty('output_config');
  });
});
