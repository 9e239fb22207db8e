import { describe, expect, it } from 'vitest';
import { type Answer, bodyOf, DEFAULTS, open } from './chat';
import { freshAnswer, question } from './lanes';
import { TOOL_EXAMPLE } from './tools';

const PNG = { name: 'a.png', url: 'data:image/png;base64,AA' };
const said = (part: Partial<Answer>): Answer => ({ ...freshAnswer('m'), end: 'done', ...part });
const CALLS = [
  { id: 'c1', name: 'get_weather', arguments: '{"city":"Paris"}' },
  { id: 'c2', name: 'get_weather', arguments: '' },
];

describe('a call', () => {
  it('holds only what was set', () => {
    expect(bodyOf('m', [question('hi', [])], DEFAULTS, false)).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
    });
  });
  it('holds every parameter, images, tools and the schema where they are given', () => {
    const settings = {
      system: 'be kind',
      temperature: 0,
      topP: 0.5,
      maxTokens: 9,
      stop: ['END'],
      seed: 0,
      effort: 'low',
      tools: TOOL_EXAMPLE,
      toolChoice: 'required',
      schema: '{"type":"object"}',
    };
    const body = bodyOf('m', [question('hi', [PNG])], settings);
    expect(body).toMatchObject({
      temperature: 0,
      top_p: 0.5,
      max_tokens: 9,
      stop: ['END'],
      seed: 0,
      reasoning_effort: 'low',
      tool_choice: 'required',
      stream: true,
      response_format: { type: 'json_schema', json_schema: { strict: false } },
    });
    expect(body.messages).toEqual([
      { role: 'system', content: 'be kind' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'hi' },
          { type: 'image_url', image_url: { url: PNG.url } },
        ],
      },
    ]);
  });
  it('tells an image without words', () => {
    const [message] = bodyOf('m', [question('', [PNG])], DEFAULTS).messages;
    expect(message?.content).toHaveLength(1);
  });
  it('chooses no tool where there is none', () => {
    expect(bodyOf('m', [], { ...DEFAULTS, toolChoice: 'required' })).not.toHaveProperty('tool_choice');
  });
  it('gives every call of a tool its result, in the order of the calls', () => {
    const answer = said({ tail: 'I look.', calls: CALLS, results: { c1: '21' } });
    expect(bodyOf('m', [question('?', []), answer], DEFAULTS).messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris"}' } },
          { id: 'c2', type: 'function', function: { name: 'get_weather', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: '21' },
      { role: 'tool', tool_call_id: 'c2', content: 'No result was given.' },
    ]);
    expect(open(answer).map((call) => call.id)).toEqual(['c2']);
  });
  it('leaves out answers that never came', () => {
    expect(bodyOf('m', [question('a', []), said({ end: 'failed' })], DEFAULTS).messages).toHaveLength(1);
  });
});
