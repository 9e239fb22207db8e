/** What the page about keys works out: what patterns let through, what keys were used for, how to use one. */

/** As the gateway compares them: `*` anything, `?` one letter, `[ab]` one of these; letters count as they are. */
export function fits(pattern: string, name: string): boolean {
  let source = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const letter = pattern.charAt(at);
    const end = letter === '[' ? pattern.indexOf(']', at + 2) : -1;
    if (letter === '*') source += '[^]*';
    else if (letter === '?') source += '[^]';
    else if (end > 0) {
      const inside = pattern
        .slice(at + 1, end)
        .replaceAll('\\', '\\\\')
        .replace(/^!/, '^');
      source += `[${inside.replaceAll('[', '\\[')}]`;
      at = end;
    } else source += letter.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  }
  try {
    return new RegExp(`^${source}$`).test(name);
  } catch {
    return false;
  }
}

/** A model goes by its whole name and by what follows its host's. */
export function allowed(patterns: readonly string[], models: readonly string[]): string[] {
  if (patterns.length === 0) return [...models];
  const names = (model: string): string[] => [model, model.slice(model.indexOf('/') + 1)];
  return models.filter((model) => patterns.some((each) => names(model).some((name) => fits(each, name))));
}

/** What a list of models is chosen from: everything of one host, or one model. */
export function choices(models: readonly string[]): { hosts: string[]; models: string[] } {
  const hosts = new Set(models.filter((each) => each.includes('/')).map((each) => each.split('/')[0]));
  return { hosts: [...hosts].map((host) => `${host}/*`), models: [...models] };
}

export interface Used {
  exchanges: number;
  cost: Record<string, string>;
  /** When the last day began on which it was used. */
  last: string | null;
}
interface Sum {
  at: string | null;
  group: Record<string, { id: string }>;
  exchanges: number;
  cost: Record<string, string>;
}

/** `sums`: by key; `days`: by key and day. */
export function usedBy(sums: readonly Sum[], days: readonly Sum[]): Map<string, Used> {
  const found = new Map<string, Used>();
  for (const { group, exchanges, cost } of sums) {
    if (group.key) found.set(group.key.id, { exchanges, cost, last: null });
  }
  for (const { group, at, exchanges } of days) {
    const used = group.key && found.get(group.key.id);
    if (used && at && exchanges > 0 && (used.last === null || at > used.last)) used.last = at;
  }
  return found;
}

export type Snippet = 'env' | 'openai' | 'anthropic' | 'curl';
export const SNIPPETS: readonly Snippet[] = ['env', 'openai', 'anthropic', 'curl'];

/** Ready to run, with the key in it: this is the only time that it is known. */
export function snippet(kind: Snippet, gateway: string, secret: string, model: string): string {
  const ask = { role: 'user', content: 'Hello!' };
  switch (kind) {
    case 'env':
      return [
        `export OPENAI_BASE_URL=${gateway}/v1`,
        `export OPENAI_API_KEY=${secret}`,
        `export ANTHROPIC_BASE_URL=${gateway}`,
        `export ANTHROPIC_API_KEY=${secret}`,
      ].join('\n');
    case 'openai':
      return `from openai import OpenAI

client = OpenAI(
    base_url="${gateway}/v1",
    api_key="${secret}",
)
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "${ask.content}"}],
)
print(answer.choices[0].message.content)`;
    case 'anthropic':
      return `from anthropic import Anthropic

client = Anthropic(
    base_url="${gateway}",
    api_key="${secret}",
)
answer = client.messages.create(
    model="${model}",
    max_tokens=200,
    messages=[{"role": "user", "content": "${ask.content}"}],
)
print(answer.content[0].text)`;
    case 'curl':
      return `curl ${gateway}/v1/chat/completions \\
  -H "Authorization: Bearer ${secret}" \\
  -H "Content-Type: application/json" \\
  -d '${JSON.stringify({ model, messages: [ask] })}'`;
  }
}
