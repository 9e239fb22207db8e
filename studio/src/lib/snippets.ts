/** The call that the playground makes, as code that people can run. */
export type Flavour = 'curl' | 'openai' | 'anthropic';

const single = (text: string): string => text.replaceAll("'", "'\\''");

/** JSON as Python writes it. */
export function python(value: unknown, depth = 0): string {
  const pad = '    '.repeat(depth + 1);
  const end = '    '.repeat(depth);
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return JSON.stringify(value);
  const [open, close, items] = Array.isArray(value)
    ? ['[', ']', value.map((each) => python(each, depth + 1))]
    : [
        '{',
        '}',
        Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${python(each, depth + 1)}`),
      ];
  if (items.length === 0) return `${open}${close}`;
  const line = `${open}${items.join(', ')}${close}`;
  return line.length + depth * 4 < 90 && !line.includes('\n')
    ? line
    : `${open}\n${items.map((item) => `${pad}${item},`).join('\n')}\n${end}${close}`;
}

const named = (body: Record<string, unknown>): string =>
  Object.entries(body)
    .map(([key, value]) => `    ${key}=${python(value, 1)},`)
    .join('\n');

export function curl(gateway: string, body: Record<string, unknown>): string {
  return [
    `curl ${gateway}/v1/chat/completions \\`,
    '  -H "Authorization: Bearer $COUNTERPOINT_KEY" \\',
    "  -H 'Content-Type: application/json' \\",
    `  -d '${single(JSON.stringify(body, null, 2))}'`,
  ].join('\n');
}

export function openai(gateway: string, body: Record<string, unknown>): string {
  return `import os
from openai import OpenAI

client = OpenAI(base_url="${gateway}/v1", api_key=os.environ["COUNTERPOINT_KEY"])
answer = client.chat.completions.create(
${named(body)}
)
print(answer.choices[0].message.content)`;
}

interface OpenAiMessage {
  role: string;
  content: string | { type: string; text?: string; image_url?: { url: string } }[];
}
interface OpenAiTool {
  function?: { name?: string; description?: string; parameters?: unknown };
}

/** The same call as Anthropic's Messages API says it. */
export function asMessages(body: Record<string, unknown>): Record<string, unknown> {
  const all = body.messages as OpenAiMessage[];
  const system = all.filter((each) => each.role === 'system').map((each) => each.content);
  const tools = body.tools as OpenAiTool[] | undefined;
  return {
    model: body.model,
    max_tokens: body.max_tokens ?? 1024,
    ...(system.length ? { system: system.join('\n\n') } : {}),
    ...(body.temperature === undefined ? {} : { temperature: body.temperature }),
    ...(body.top_p === undefined ? {} : { top_p: body.top_p }),
    ...(tools
      ? {
          tools: tools.map((each) => ({
            name: each.function?.name,
            description: each.function?.description ?? '',
            input_schema: each.function?.parameters ?? { type: 'object' },
          })),
        }
      : {}),
    messages: all
      .filter((each) => each.role !== 'system')
      .map((each) => ({
        role: each.role,
        content:
          typeof each.content === 'string'
            ? each.content
            : each.content.map((part) => (part.image_url ? image(part.image_url.url) : part)),
      })),
  };
}

function image(url: string): unknown {
  const inline = /^data:([^;]+);base64,(.*)$/.exec(url);
  return {
    type: 'image',
    source: inline ? { type: 'base64', media_type: inline[1], data: inline[2] } : { type: 'url', url },
  };
}

export function anthropic(gateway: string, body: Record<string, unknown>): string {
  return `import os
from anthropic import Anthropic

client = Anthropic(base_url="${gateway}", api_key=os.environ["COUNTERPOINT_KEY"])
answer = client.messages.create(
${named(asMessages(body))}
)
print(answer.content[0].text)`;
}
