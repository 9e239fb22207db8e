/** A person in two letters and one of a few colours, so that a list is read faster. */
const COLORS = ['voice', 'teal', 'grape', 'orange', 'cyan', 'pink'] as const;

export function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s._@-]+/u)
    .filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const first = words[0] ?? '?';
  const last = words.length > 1 ? words.at(-1) : undefined;
  const letter = (word: string): string => [...word][0]?.toLocaleUpperCase() ?? '';
  return letter(first) + (last ? letter(last) : '');
}

/** The same one for the same person, everywhere. */
export function colorOf(login: string): string {
  let sum = 0;
  for (const letter of login) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return COLORS[sum % COLORS.length] ?? 'voice';
}
