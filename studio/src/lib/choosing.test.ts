import { describe, expect, it } from 'vitest';
import type { AskableShape } from '../api/schema';
import { DEFAULTS } from './chat';
import { another, fits, grouped, lacks, needs, unlisted } from './choosing';

const model = (name: string, part: Partial<AskableShape> = {}): AskableShape => {
  const [host = '', id = ''] = name.split('/');
  const shape = {
    name,
    host,
    local: host === 'local',
    display: id,
    maker: '',
    model: id,
    capabilities: ['chat'],
  };
  const unknown = { context: null, max_output: null, currency: null, retires: null, created: null };
  return { ...shape, ...unknown, input_price: null, output_price: null, cache_read_price: null, ...part };
};
const MODELS = [
  model('zed/a'),
  model('acme/big', { maker: 'somebody', display: 'Big One' }),
  model('acme/aware', { capabilities: ['chat', 'images'] }),
  model('local/small'),
];

describe('models', () => {
  it('stand by host, this machine first', () => {
    expect(grouped(MODELS, '').map((group) => [group.host, group.models.map((each) => each.model)])).toEqual([
      ['', ['small']],
      ['acme', ['aware', 'big']],
      ['zed', ['a']],
    ]);
  });
  it('begin with the newest, end with what is gone, and put what is searched for first', () => {
    const some = [
      model('a/old-4o', { created: '2023-01-01T00:00:00Z', retires: '2025-01-01' }),
      model('a/x-4o-late', { created: '2025-01-01T00:00:00Z' }),
      model('a/4o', { created: '2024-01-01T00:00:00Z' }),
      model('a/4o-mini'),
    ];
    const names = (search: string) =>
      grouped(some, search, '2026-01-01').flatMap((group) => group.models.map((each) => each.model));
    expect(names('')).toEqual(['x-4o-late', '4o', '4o-mini', 'old-4o']);
    expect(names('a/ 4o')).toEqual(['4o', '4o-mini', 'x-4o-late', 'old-4o']);
  });
  it('are compared with the newest of another provider first', () => {
    const some = [
      model('a/one', { created: '2025-01-01T00:00:00Z' }),
      model('a/two', { created: '2026-01-01T00:00:00Z' }),
      model('b/old', { created: '2020-01-01T00:00:00Z', retires: '2021-01-01' }),
      model('b/three', { created: '2024-01-01T00:00:00Z' }),
    ];
    expect(another(some, ['a/two'])).toBe('b/three');
    expect(another(some, ['a/two', 'b/three'])).toBe('a/one');
    expect(another([], ['x/y'])).toBe('x/y');
  });
  it('are found by all words, in any name', () => {
    expect(fits(MODELS[1] as AskableShape, 'SOME one')).toBe(true);
    expect(fits(MODELS[1] as AskableShape, 'some two')).toBe(false);
  });
  it('that are not listed may be named where their provider is known', () => {
    expect(unlisted('acme/new-1', ['acme'], MODELS)).toBe('acme/new-1');
    expect(unlisted('acme/meta/llama', ['acme'], MODELS)).toBe('acme/meta/llama');
    expect(unlisted('acme/big', ['acme'], MODELS)).toBeNull();
    expect(unlisted('acme/', ['acme'], MODELS)).toBeNull();
    expect(unlisted('who/x', ['acme'], MODELS)).toBeNull();
  });
});

describe('what a model lacks', () => {
  it('is said of what is asked for', () => {
    const wanted = needs({ ...DEFAULTS, tools: '[]', schema: '{}', effort: 'low' }, true);
    expect(wanted).toEqual(['images', 'tools', 'structured_output', 'reasoning']);
    expect(lacks(MODELS[2], wanted)).toEqual(['tools', 'structured_output', 'reasoning']);
    expect(lacks(MODELS[3], wanted)).toEqual(['images', 'tools', 'reasoning']);
  });
  it('is not said of a model that nobody knows', () => {
    expect(lacks(undefined, ['images'])).toEqual([]);
    expect(lacks(model('a/b', { capabilities: [] }), ['images'])).toEqual([]);
  });
});
