import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from '../i18n/en';
import { AREA_NAMES, grouped, levelOf } from './rights';

describe('what rights come to', () => {
  it('is seeing, changing or nothing', () => {
    expect(levelOf('keys', ['keys.read', 'keys.write'])).toBe('change');
    expect(levelOf('keys', ['keys.read'])).toBe('see');
    expect(levelOf('keys', ['usage.read'])).toBe('none');
    expect(levelOf('models', ['models.read'])).toBe('none');
    expect(levelOf('playground', ['playground.use'])).toBe('change');
  });
  it('names each part once', () => {
    const found = grouped(['playground.use', 'usage.read']);
    expect(found.change).toEqual(['playground']);
    expect(found.see).toEqual(['usage']);
    expect(found.none).toHaveLength(AREA_NAMES.length - 2);
  });
  it('is said in words wherever it can occur', () => {
    const source = readFileSync(join(import.meta.dirname, 'rights.ts'), 'utf8');
    for (const [, area, rest] of source.matchAll(/\{ area: '(\w+)'(.*)\}/g)) {
      expect(en, `area.${area}`).toHaveProperty([`area.${area}`]);
      if (rest?.includes('see:')) expect(en).toHaveProperty([`area.${area}.see`]);
      if (rest?.includes('change:')) expect(en).toHaveProperty([`area.${area}.change`]);
    }
  });
});
