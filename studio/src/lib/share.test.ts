import { describe, expect, it } from 'vitest';
import { type Answer, DEFAULTS } from './chat';
import { freshAnswer, freshLane, question } from './lanes';
import { checked, pack, type Shared, shareable, unpack } from './share';

const PNG = { name: 'a.png', url: 'data:image/png;base64,AA==' };
const CALL = { id: 'c1', name: 'look', arguments: '{}' };
const answer: Answer = {
  ...freshAnswer('m'),
  blocks: ['été ✓\n\n'],
  tail: 'end',
  end: 'done',
  calls: [CALL],
  results: { c1: '21' },
};
const shared: Shared = {
  lanes: [
    {
      ...freshLane('a', { ...DEFAULTS, seed: 3, stop: ['x'], effort: 'low' }),
      said: [question('?', [PNG]), answer],
    },
    freshLane('b'),
  ],
  settings: { ...DEFAULTS, system: 'été ✓', toolChoice: 'auto' },
  draft: 'x',
  images: [PNG],
};
const nameless = (all: Shared | null): unknown =>
  all && { ...all, lanes: all.lanes.map(({ id: _, ...lane }) => lane) };

describe('a link', () => {
  it('brings back everything that was shared', async () => {
    expect(nameless(await unpack(await pack(shared)))).toEqual(nameless(shared));
  });
  it('holds as much as its maker wants', () => {
    const bare = shareable(shared, { said: true, images: false });
    expect(bare.images).toEqual([]);
    expect(bare.lanes[0]?.said[0]).toMatchObject({ images: [] });
    expect(shareable(shared, { said: false, images: true }).lanes[0]?.said).toEqual([]);
  });
  it('is small: much of a conversation says itself again', async () => {
    const long = { ...shared, draft: 'the same words again and again '.repeat(500) };
    expect((await pack(long)).length).toBeLessThan(2_000);
  });
  it('from a stranger is taken for data', async () => {
    expect(await unpack('%%%')).toBeNull();
    expect(await unpack(btoa('{"lanes":[]}'))).toBeNull();
    expect(checked({ lanes: 'no' })).toBeNull();
    expect(checked({ lanes: [] })).toBeNull();
    const odd = checked({
      lanes: [{ model: 1, said: [{ kind: 'answer', end: 'odd', calls: [{}], results: { x: 1 } }, 3] }, 2],
      settings: { temperature: 'hot', effort: 'enormous', stop: ['a', 1] },
      images: [{ url: 'https://evil.example/x.png' }, { url: 'javascript:alert(1)' }],
    });
    expect(odd).toMatchObject({ settings: { ...DEFAULTS, stop: ['a'] }, draft: '', images: [] });
    expect(odd?.lanes).toHaveLength(1);
    expect(odd?.lanes[0]?.said).toHaveLength(1);
    expect(odd?.lanes[0]?.said[0]).toMatchObject({ end: 'broken', results: {} });
  });
});
