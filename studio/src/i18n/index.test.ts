import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formats } from '../lib/format';
import english from './en';
import englishLater from './en/later';
import french from './fr';
import frenchLater from './fr/later';
import { fill, load, loadMore, negotiate } from './index';

const en = { ...english, ...englishLater };
const fr = { ...french, ...frenchLater };
const holes = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
const sources = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((each) => {
    const path = join(folder, each.name);
    return each.isDirectory()
      ? sources(path)
      : /(?<!test)\.tsx?$/.test(each.name)
        ? [readFileSync(path, 'utf8')]
        : [];
  });

describe('the catalogues', () => {
  it('have the same sentences', () => expect(Object.keys(fr)).toEqual(Object.keys(en)));
  it('have the same values in each sentence', () => {
    for (const [id, text] of Object.entries(en))
      expect(holes(fr[id as keyof typeof fr]), id).toEqual(holes(text));
  });
  it('say nothing that no page asks for', () => {
    const code = sources(join(import.meta.dirname, '..')).join('\n');
    const starts = [...code.matchAll(/t\(`([^`$]*)\$\{/g)].map((found) => found[1] ?? '');
    const unused = Object.keys(en).filter(
      (id) => !code.includes(`'${id}'`) && !starts.some((start) => start !== '' && id.startsWith(start)),
    );
    expect(unused.filter((id) => !id.endsWith('.detail'))).toEqual([]);
  });
});

it('has what only some pages say once one of them was gone to', async () => {
  const catalogue = await load('fr');
  expect(catalogue['search.go']).toBeUndefined();
  await loadMore();
  expect(catalogue['search.go']).toBe(fr['search.go']);
  expect(catalogue['nav.home']).toBe(fr['nav.home']);
});

describe('a sentence', () => {
  const say = (text: string, language: 'en' | 'fr', count: number): string =>
    fill(text, language, formats(language, language), { count });
  it('counts as the language does', () => {
    expect(say('{count} file || {count} files', 'en', 0)).toBe('0 files');
    expect(say('{count} fichier || {count} fichiers', 'fr', 0)).toBe('0 fichier');
    expect(say('{count} file || {count} files', 'en', 1200)).toBe('1,200 files');
  });
  it('keeps what it has no value for', () =>
    expect(fill('{a} {b}', 'en', formats('en', 'en'), { a: 'x' })).toBe('x {b}'));
});

describe('the language', () => {
  it('is the one chosen, then the browser’s, then English', () => {
    expect(negotiate(['de', 'fr-CA', 'en'], null)).toBe('fr');
    expect(negotiate(['fr'], 'en')).toBe('en');
    expect(negotiate(['de'], 'xx')).toBe('en');
  });
});
