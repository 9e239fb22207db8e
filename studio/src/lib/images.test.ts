import { describe, expect, it } from 'vitest';
import { admitted, LARGEST_IMAGE, MOST_IMAGES, sizeOf } from './images';

const file = (name: string, size = 10, type = 'image/png') => ({ name, size, type });

describe('pictures', () => {
  it('are taken where they are pictures of a fair size', () => {
    const { taken, flaws } = admitted(
      [file('a'), file('b', 10, 'application/pdf'), file('c', LARGEST_IMAGE + 1)],
      [],
    );
    expect(taken.map((each) => each.name)).toEqual(['a']);
    expect(flaws).toEqual([
      { code: 'kind', name: 'b' },
      { code: 'large', name: 'c' },
    ]);
  });
  it('are not too many, nor too large together', () => {
    const many = Array.from({ length: MOST_IMAGES + 1 }, (_, index) => file(String(index)));
    expect(admitted(many, []).flaws).toEqual([{ code: 'many', name: String(MOST_IMAGES) }]);
    const large = Array.from({ length: 5 }, (_, index) => file(String(index), LARGEST_IMAGE));
    expect(admitted(large, []).flaws.map((each) => each.code)).toEqual(['together']);
  });
  it('are as large as what they hold', () => {
    expect(sizeOf({ name: '', url: `data:image/png;base64,${btoa('x'.repeat(300))}` })).toBe(300);
  });
});
