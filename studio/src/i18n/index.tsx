/** The studio's sentences in the reader's language. Catalogues are data; a test holds them to the same keys. */
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { type Format, formats, type Language } from '../lib/format';
import type en from './en';
import type later from './en/later';

export type Sentence = keyof typeof en | keyof typeof later;
export type Catalogue = Record<Sentence, string>;
type Values = Record<string, string | number>;
export type Say = (id: Sentence, values?: Values) => string;

export const LANGUAGES: Record<Language, string> = { en: 'English', fr: 'Français' };
const STORED = 'counterpoint.language';

export function negotiate(wanted: readonly string[], stored: string | null): Language {
  if (stored === 'en' || stored === 'fr') return stored;
  for (const each of wanted) {
    const language = each.slice(0, 2).toLowerCase();
    if (language === 'en' || language === 'fr') return language;
  }
  return 'en';
}

export const chosen = (): Language => negotiate(navigator.languages, localStorage.getItem(STORED));

export function choose(language: Language): void {
  localStorage.setItem(STORED, language);
  location.reload();
}

let spoken: { language: Language; catalogue: Catalogue } | undefined;

/** What every page says; what some say comes with them (`loadMore`). */
export async function load(language: Language): Promise<Catalogue> {
  const found = language === 'fr' ? await import('./fr') : await import('./en');
  const catalogue = { ...found.default } as Catalogue;
  spoken = { language, catalogue };
  return catalogue;
}

/** Is to be done before a page is shown whose sentences come with it. */
export async function loadMore(): Promise<void> {
  if (!spoken) return;
  const { language, catalogue } = spoken;
  const found = language === 'fr' ? await import('./fr/later') : await import('./en/later');
  Object.assign(catalogue, found.default);
}

/** `{name}` is replaced; a sentence that counts says `one form || other form` and is given `count`. */
export function fill(text: string, language: Language, format: Format, values: Values = {}): string {
  const forms = text.split(' || ');
  const count = values.count;
  const many = typeof count === 'number' && new Intl.PluralRules(language).select(count) !== 'one';
  const form = (many ? forms[1] : undefined) ?? forms[0] ?? text;
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? format.number(value) : value;
  });
}

interface Words {
  language: Language;
  t: Say;
  f: Format;
}
const Context = createContext<Words | null>(null);

export function Speaking(props: {
  language: Language;
  catalogue: Catalogue;
  children: ReactNode;
}): ReactNode {
  const { language, catalogue } = props;
  const words = useMemo<Words>(() => {
    const f = formats(language);
    return { language, f, t: (id, values) => fill(catalogue[id], language, f, values) };
  }, [language, catalogue]);
  return <Context.Provider value={words}>{props.children}</Context.Provider>;
}

export function useWords(): Words {
  const words = useContext(Context);
  if (!words) throw new Error('no language was chosen');
  return words;
}
