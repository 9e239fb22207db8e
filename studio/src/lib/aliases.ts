/** The list of aliases as it is edited: whole lists go to the API, which takes all of them or none. */
export interface Alias {
  pattern: string;
  target: string;
}
export interface Owned extends Alias {
  owner: 'studio' | 'file';
}

/** Those that can be changed here; what the configuration file declares stays as it is. */
export const editable = (aliases: readonly Owned[]): Alias[] =>
  aliases.filter((each) => each.owner === 'studio').map(({ pattern, target }) => ({ pattern, target }));

/** With one put in place of `was`, or at the end. */
export function put(aliases: readonly Alias[], was: string | null, alias: Alias): Alias[] {
  return was === null ? [...aliases, alias] : aliases.map((each) => (each.pattern === was ? alias : each));
}

export const without = (aliases: readonly Alias[], pattern: string): Alias[] =>
  aliases.filter((each) => each.pattern !== pattern);

/** Earlier ones count first: one step up or down. */
export function moved<T>(items: readonly T[], at: number, by: -1 | 1): T[] {
  const to = at + by;
  const found = items[at];
  if (found === undefined || to < 0 || to >= items.length) return [...items];
  const rest = items.filter((_, index) => index !== at);
  return [...rest.slice(0, to), found, ...rest.slice(to)];
}

/** Why an alias cannot be saved; `null` if it can. */
export function flaw(alias: Alias, others: readonly Alias[]): 'empty' | 'space' | 'taken' | 'itself' | null {
  const { pattern, target } = alias;
  if (!pattern || !target) return 'empty';
  if (/\s/.test(pattern) || /\s/.test(target)) return 'space';
  if (others.some((each) => each.pattern === pattern)) return 'taken';
  return pattern === target ? 'itself' : null;
}
