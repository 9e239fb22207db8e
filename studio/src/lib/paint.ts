/** Code in a few colours: comments, strings, numbers and words that most languages share. Not a grammar. */
export interface Piece {
  text: string;
  tone: 'plain' | 'comment' | 'string' | 'number' | 'word';
}

const WORDS = new Set(
  `abstract and as async await bool break case catch class const continue def default del do echo elif else end enum
  except export extends extern false finally float fn for from func function go if impl import in int interface is
  lambda let loop match mod module mut namespace new nil None not null or package pass pub public private protected
  raise return select self static string struct super switch then this throw trait true True False try type typeof
  union use using val var void where while with yield SELECT FROM WHERE INSERT UPDATE DELETE CREATE TABLE JOIN ON AND
  OR NOT NULL GROUP BY ORDER LIMIT VALUES INTO SET`.split(/\s+/),
);
const HASH = new Set([
  'py',
  'python',
  'sh',
  'bash',
  'shell',
  'zsh',
  'rb',
  'ruby',
  'yaml',
  'yml',
  'toml',
  'r',
  'perl',
]);
const DASH = new Set(['sql', 'lua', 'haskell', 'hs', 'elm']);
const PLAIN = new Set(['', 'text', 'txt', 'plain', 'plaintext', 'markdown', 'md', 'diff', 'csv', 'output']);
/** What is longer stays plain: it would cost more than it helps. */
const LONGEST = 60_000;

const STRINGS =
  /"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\.)*`?/
    .source;
const NUMBERS = /\b(?:0[xX][\da-fA-F_]+|0[bB][01_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)\b/.source;
const NAMES = /[A-Za-z_$][\w$]*/.source;

function commentsOf(language: string): string {
  if (HASH.has(language)) return /#[^\n]*/.source;
  if (DASH.has(language)) return /--[^\n]*/.source;
  return /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|<!--[\s\S]*?(?:-->|$)/.source;
}

/** The same text in pieces. */
export function painted(code: string, language: string): Piece[] {
  const is = language.toLowerCase();
  if (PLAIN.has(is) || code.length > LONGEST) return [{ text: code, tone: 'plain' }];
  const pattern = new RegExp(`(${commentsOf(is)})|(${STRINGS})|(${NUMBERS})|(${NAMES})`, 'g');
  const pieces: Piece[] = [];
  const add = (text: string, tone: Piece['tone']): void => {
    const end = pieces.at(-1);
    if (end?.tone === tone) end.text += text;
    else if (text) pieces.push({ text, tone });
  };
  let at = 0;
  for (const found of code.matchAll(pattern)) {
    add(code.slice(at, found.index), 'plain');
    const [text, comment, string, number] = found;
    const word = WORDS.has(text);
    add(text, comment ? 'comment' : string ? 'string' : number ? 'number' : word ? 'word' : 'plain');
    at = found.index + text.length;
  }
  add(code.slice(at), 'plain');
  return pieces;
}
