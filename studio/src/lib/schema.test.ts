import { describe, expect, it } from 'vitest';
import type { Json } from './json';
import { misfits, readSchema, SCHEMA_EXAMPLE, strict, verdict } from './schema';

const found = (schema: Json, value: Json): string[] =>
  misfits(schema, value).map((each) => `${each.path} ${each.code}`);

describe('a schema', () => {
  it('is found within what OpenAI wraps it in', () => {
    const inner = { type: 'object' };
    expect(readSchema('{"type":"object"}').schema).toEqual(inner);
    expect(readSchema('{"name":"x","schema":{"type":"object"}}').schema).toEqual(inner);
    const whole = '{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object"}}}';
    expect(readSchema(whole).schema).toEqual(inner);
    expect(readSchema('')).toEqual({ schema: null });
    expect(readSchema('[]').flaw).toEqual({ code: 'object' });
    expect(readSchema('{').flaw).toEqual({ code: 'json', line: 1, column: 2 });
  });
  it('can be kept to strictly where every object is closed and complete', () => {
    expect(strict(JSON.parse(SCHEMA_EXAMPLE))).toBe(true);
    expect(strict({ type: 'object', properties: { a: {} }, additionalProperties: false })).toBe(false);
    expect(strict({ type: 'array', items: { type: 'object' } })).toBe(false);
  });
});

describe('an answer', () => {
  it('is of the form, or says where it is not', () => {
    const schema = JSON.parse(SCHEMA_EXAMPLE) as Json;
    expect(found(schema, { name: 'Ada', age: 36, languages: ['en'] })).toEqual([]);
    expect(found(schema, { name: 1, age: -1, languages: ['en', null], 'x y': 1 })).toEqual([
      '$.name type',
      '$.age least',
      '$.languages[1] type',
      '$["x y"] extra',
    ]);
    expect(found(schema, { name: 'Ada' })).toEqual(['$.age required', '$.languages required']);
    expect(found(schema, [])).toEqual(['$ type']);
  });
  it.each([
    [{ enum: ['a', { b: 1 }] }, { b: 1 }, 0],
    [{ enum: ['a'] }, 'b', 1],
    [{ const: 2 }, 3, 1],
    [{ type: ['string', 'null'] }, null, 0],
    [{ type: 'integer' }, 1.5, 1],
    [{ anyOf: [{ type: 'string' }, { type: 'number' }] }, true, 1],
    [{ oneOf: [{ type: 'number' }, { type: 'integer' }] }, 1, 1],
    [{ allOf: [{ minimum: 2 }, { maximum: 3 }] }, 5, 1],
    [{ not: { type: 'string' } }, 'x', 1],
    [{ pattern: '^a' }, 'b', 1],
    [{ pattern: '(' }, 'b', 0],
    [{ minLength: 2 }, '🙂', 1],
    [
      { uniqueItems: true },
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      1,
    ],
    [{ multipleOf: 0.1 }, 0.3, 0],
    [{ exclusiveMinimum: 0 }, 0, 1],
    [{ minItems: 1, maxItems: 1 }, [], 1],
    [{ prefixItems: [{ type: 'string' }], items: { type: 'number' } }, ['a', 1, 'b'], 1],
    [{ additionalProperties: { type: 'number' } }, { a: 'x' }, 1],
    [{ patternProperties: { '^x': { type: 'number' } }, additionalProperties: false }, { x1: 1, y: 2 }, 1],
    [false, 1, 1],
    [{ properties: { a: {} } }, 'not an object', 0],
  ] as [Json, Json, number][])('is judged by %j: %j', (schema, value, count) => {
    expect(misfits(schema, value)).toHaveLength(count);
  });
  it('is followed through references, in circles too', () => {
    const tree: Json = {
      $ref: '#/$defs/node',
      $defs: {
        node: {
          type: 'object',
          properties: { next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
          required: ['next'],
        },
      },
    };
    expect(found(tree, { next: { next: null } })).toEqual([]);
    expect(found(tree, { next: { next: 3 } })).toEqual(['$.next any']);
    expect(found({ $ref: '#' }, 1)).toEqual([]);
    expect(found({ $ref: 'https://elsewhere.example/schema' }, 1)).toEqual([]);
  });
  it('may stand in a block of code, or be no JSON at all', () => {
    expect(verdict('```json\n{"a": 1}\n```', { type: 'object' })).toEqual([]);
    expect(verdict('Sure! {"a": 1}', { type: 'object' })).toBe('nojson');
    expect(verdict(' ', {})).toBe('nothing');
  });
});
