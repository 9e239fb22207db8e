/** Models' answers as HTML that can do no harm: Markdown is rendered, then everything but plain markup is removed. */
import DOMPurify from 'dompurify';
import { marked } from 'marked';

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

/** Images are left out: an address in an answer must not be able to call out with what it was told. */
export function safeHtml(markdown: string): string {
  const html = marked.parse(markdown, { async: false, gfm: true, breaks: true });
  return DOMPurify.sanitize(html, {
    ALLOWED_TAGS: ALLOWED,
    ALLOWED_ATTR: ['href', 'start'],
    ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
  }).replaceAll('<a href', '<a target="_blank" rel="noopener noreferrer" href');
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
