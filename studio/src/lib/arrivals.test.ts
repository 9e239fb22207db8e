import { expect, it } from 'vitest';
import { arrived } from './arrivals';

const items = ['d', 'c', 'b', 'a'].map((id) => ({ id }));

it('what came since waits above the list that is being read', () => {
  expect(arrived(items, 'b')).toEqual({ waiting: 2, shown: [{ id: 'b' }, { id: 'a' }] });
});
it('everything is shown at the top, and where the list is another one', () => {
  for (const held of [undefined, 'd', 'from another filter'])
    expect(arrived(items, held)).toEqual({ waiting: 0, shown: items });
});
