/**
 * How hard a password is to guess, roughly: length counts (NIST SP 800-63B), repetition, runs of neighbours and one's
 * own name do not. The platform decides whether it takes one; this only tells while it is written.
 */
export const SHORTEST = 12;
const FEWEST_DIFFERENT = 5;

export type Strength = 'none' | 'short' | 'weak' | 'fair' | 'good' | 'strong';
const STEPS: [number, Strength][] = [
  [80, 'strong'],
  [58, 'good'],
  [42, 'fair'],
];
const COMMON =
  /p[a@]ssw[o0]rd|motdepasse|counterpoint|qwert[yz]|azerty|letmein|welcome|bienvenue|admin|12345/gi;

/** Whether the platform would take it. */
export function isTaken(password: string): boolean {
  return [...password].length >= SHORTEST && new Set(password).size >= FEWEST_DIFFERENT;
}

export function strengthOf(password: string, own: readonly string[] = []): Strength {
  if (password === '') return 'none';
  if ([...password].length < SHORTEST) return 'short';
  if (!isTaken(password)) return 'weak';
  const bits = surprises(password, own) * Math.log2(alphabet(password));
  return STEPS.find(([least]) => bits >= least)?.[1] ?? 'weak';
}

/** Letters that do not follow from those before them, once what everybody tries is taken out. */
function surprises(password: string, own: readonly string[]): number {
  let rest = password.replaceAll(COMMON, '*');
  for (const word of own) {
    if (word.length > 2) rest = rest.toLowerCase().replaceAll(word.toLowerCase(), '*');
  }
  const letters = [...rest];
  let count = 0;
  for (const [index, letter] of letters.entries()) {
    const step = (letter.codePointAt(0) ?? 0) - (letters[index - 1]?.codePointAt(0) ?? -9);
    count += Math.abs(step) <= 1 ? 0.25 : letters.indexOf(letter) < index ? 0.6 : 1;
  }
  return count;
}

function alphabet(password: string): number {
  const kinds: [RegExp, number][] = [
    [/\p{Ll}/u, 26],
    [/\p{Lu}/u, 26],
    [/\d/, 10],
    [/ /, 1],
    [/[^\p{L}\d ]/u, 20],
  ];
  return kinds.reduce((size, [kind, letters]) => (kind.test(password) ? size + letters : size), 0);
}
