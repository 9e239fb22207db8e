/** Models' answers as HTML that can do no harm: Markdown is rendered, then everything but plain markup is removed. */
import DOMPurify from 'dompurify';
import { Marked, type Tokens } from 'marked';

const ALLOWED = [
  'a',
  'b',
  'blockquote',
  'br',
  'code',
  'del',
  'em',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'hr',
  'i',
  'li',
  'ol',
  'p',
  'pre',
  'strong',
  'sub',
  'sup',
  'table',
  'tbody',
  'td',
  'th',
  'thead',
  'tr',
  'ul',
];

/** Formulas stay as they were written: `$x_1$`, `$$…$$`, `\\(…\\)`, `\\[…\\]`. Two prices in a line are no formula. */
const FORMULA =
  /^(?:\$\$[\s\S]+?\$\$|\\\([\s\S]+?\\\)|\\\[[\s\S]+?\\\]|\$(?![\s\d])(?:[^$\n\\]|\\.)*?[^\s\\]\$(?!\d)|\$\d[^$\n\s]*[\\^_=][^$\n]*?\$)/;
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const marked = new Marked({
  async: false,
  gfm: true,
  breaks: true,
  extensions: [
    {
      name: 'formula',
      level: 'inline',
      start: (text) => /\$|\\[([]/.exec(text)?.index,
      tokenizer(text) {
        const found = FORMULA.exec(text);
        return found ? { type: 'formula', raw: found[0] } : undefined;
      },
      renderer: (token) => escaped(token.raw),
    },
  ],
});

/** Images are left out: an address in an answer must not be able to call out with what it was told. */
export function safeHtml(markdown: string): string {
  return DOMPurify.sanitize(marked.parse(markdown, { async: false }), {
    ALLOWED_TAGS: ALLOWED,
    ALLOWED_ATTR: ['href', 'start'],
    ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
  }).replaceAll('<a href', '<a target="_blank" rel="noopener noreferrer" href');
}

export type Section = { kind: 'code'; text: string; language: string } | { kind: 'prose'; text: string };

/** Blocks of code by themselves, so that they can be copied; the rest as it was written. */
export function sections(markdown: string): Section[] {
  const found: Section[] = [];
  for (const token of marked.lexer(markdown)) {
    const end = found.at(-1);
    if (token.type === 'code') {
      const { text, lang } = token as Tokens.Code;
      found.push({ kind: 'code', text, language: (lang ?? '').split(/\s/)[0] ?? '' });
    } else if (end?.kind === 'prose') end.text += token.raw;
    else if (token.type !== 'space') found.push({ kind: 'prose', text: token.raw });
  }
  return found.filter((each) => each.kind === 'code' || each.text.trim() !== '');
}

/** How much of a growing text will not change its meaning any more: whole blocks, up to one that begins anew. */
export function settled(text: string): number {
  let at = 0;
  let fenced = false;
  let blank = 0;
  let end = 0;
  for (const line of text.split(/(?<=\n)/)) {
    // A list goes on past blank lines, and so does what is indented below one of its items.
    if (blank > 0 && !fenced && /^(?![-*+]\s|\d+[.)]\s)\S/.test(line)) end = blank;
    if (/^\s{0,3}(```|~~~)/.test(line)) fenced = !fenced;
    at += line.length;
    if (line.trim() !== '') blank = 0;
    else if (line.endsWith('\n') && !fenced) blank = at;
  }
  return end;
}
