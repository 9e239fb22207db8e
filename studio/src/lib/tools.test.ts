import { describe, expect, it } from 'vitest';
import { pretty, readTools, TOOL_EXAMPLE } from './tools';

const codes = (text: string): string[] => readTools(text).flaws.map((flaw) => flaw.code);

describe('tools', () => {
  it('may be none', () => expect(readTools('  ')).toEqual({ tools: [], flaws: [] }));
  it('are the example', () => {
    const { tools, flaws } = readTools(TOOL_EXAMPLE);
    expect(flaws).toEqual([]);
    expect(tools[0]?.function.name).toBe('get_weather');
  });
  it('may be written as either API has them, or bare', () => {
    const same = readTools('[{"type":"function","function":{"name":"a","parameters":{"type":"object"}}}]');
    expect(readTools('[{"name":"a","input_schema":{"type":"object"}}]')).toEqual(same);
    expect(readTools('{"tools":[{"name":"a","parameters":{"type":"object"}}]}')).toEqual(same);
    expect(readTools('{"name":"a","parameters":{"type":"object"}}')).toEqual(same);
  });
  it('say what is wrong with them, and are not sent', () => {
    expect(readTools('[{]').flaws).toEqual([{ code: 'json', line: 1, column: 3 }]);
    expect(codes('3')).toEqual(['list']);
    expect(codes('[3]')).toEqual(['object']);
    expect(codes('[{"type":"web_search_20250305","name":"w"}]')).toEqual(['kind']);
    expect(codes('[{"type":"function","function":{}}]')).toEqual(['name']);
    expect(codes('[{"name":"a b"}]')).toEqual(['grammar']);
    expect(codes('[{"name":"a"},{"name":"a"}]')).toEqual(['twice']);
    expect(codes('[{"name":"a","parameters":{"type":"string"}}]')).toEqual(['parameters']);
    expect(readTools('[{"name":"a"},{"name":"a b"}]').tools).toEqual([]);
  });
});

describe('arguments', () => {
  it('are laid out where they are JSON', () => {
    expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(pretty('')).toBe('{}');
    expect(pretty('{"a')).toBe('{"a');
  });
});
