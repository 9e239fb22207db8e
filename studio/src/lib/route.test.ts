import { describe, expect, it } from 'vitest';
import {
  blank,
  count,
  type Draft,
  draftOf,
  FREE,
  flawOf,
  shares,
  wanted,
  withPolicy,
  withTargets,
} from './route';

const draft = (part: Partial<Draft> = {}): Draft => ({
  ...blank(),
  name: 'chat',
  targets: ['a', 'b', 'c'].map((model) => ({ model, weight: 3, check: null })),
  ...part,
});

describe('a route that is edited', () => {
  it('gets checks on all but the last target of a cascade, and loses them elsewhere', () => {
    const cascade = withPolicy(draft(), 'cascade');
    expect(cascade.targets.map((target) => target.check?.kind)).toEqual([
      'confidence',
      'confidence',
      undefined,
    ]);
    expect(withPolicy(cascade, 'priority').targets.every((target) => target.check === null)).toBe(true);
    const fewer = withTargets(cascade, cascade.targets.slice(0, 2));
    expect(fewer.targets.map((target) => target.check?.kind)).toEqual(['confidence', undefined]);
  });
  it('keeps weights where they mean shares', () => {
    expect(withPolicy(draft(), 'weighted').targets.map((target) => target.weight)).toEqual([3, 3, 3]);
    const canary = withPolicy(draft(), 'canary');
    expect(canary.targets[1]?.weight).toBe(50);
    expect(withPolicy(canary, 'weighted').targets.map((target) => target.weight)).toEqual([1, 1, 1]);
  });
  it('says what is missing before anybody is asked', () => {
    expect(flawOf(draft({ name: ' ' }), [])).toBe('name');
    expect(flawOf(draft({ name: 'a/b' }), [])).toBe('letters');
    expect(flawOf(draft(), ['chat'])).toBe('taken');
    expect(flawOf(withTargets(draft(), []), [])).toBe('targets');
    expect(flawOf(withPolicy(draft(), 'canary'), [])).toBe('canary');
    expect(flawOf(draft(), [])).toBeNull();
  });
  it('is sent without spaces, and comes back as it was', () => {
    expect(wanted(draft({ name: ' chat ' })).name).toBe('chat');
    const shape = { ...draft(), owner: 'studio', created_at: '', updated_at: '', revision: 2 } as never;
    expect(draftOf(shape)).toEqual(draft());
  });
  it('counts its conditions', () => {
    expect(count(FREE)).toBe(0);
    expect(count({ ...FREE, residency: ['EU'], open_weights: true, context: 8000 })).toBe(3);
  });
});

describe('live shares', () => {
  it('are of the calls that came by a route', () => {
    const row = (route: string, offering: string, exchanges: number) => ({
      group: { route: { id: route }, offering: { id: offering } },
      exchanges,
    });
    const found = shares([row('r', 'a', 1), row('r', 'b', 3), row('', 'a', 9), row('r', '', 2)]);
    expect([...found.keys()]).toEqual(['r']);
    expect(found.get('r')).toEqual([
      { offering: 'b', calls: 3, share: 0.75 },
      { offering: 'a', calls: 1, share: 0.25 },
    ]);
  });
});
