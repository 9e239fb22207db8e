/** The call that the playground makes, as code that people can run. Pictures are files beside it. */
import type { Body } from './chat';
import { asMessages } from './messages';

export const FLAVOURS = ['curl', 'openai', 'anthropic', 'openai-js', 'anthropic-js'] as const;
export type Flavour = (typeof FLAVOURS)[number];

/** Code within data. */
class Code {
  constructor(readonly text: string) {}
}

interface Grammar {
  nothing: string;
  yes: string;
  no: string;
  indent: string;
  key: (name: string) => string;
}
const PYTHON: Grammar = {
  nothing: 'None',
  yes: 'True',
  no: 'False',
  indent: '    ',
  key: (name) => `${JSON.stringify(name)}: `,
};
const JAVASCRIPT: Grammar = {
  nothing: 'null',
  yes: 'true',
  no: 'false',
  indent: '  ',
  key: (name) => `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)}: `,
};
const WIDE = 88;

/** A value as the language writes it. */
export function written(value: unknown, by: Grammar, depth = 0): string {
  if (value instanceof Code) return value.text;
  if (value === null || value === undefined) return by.nothing;
  if (typeof value === 'boolean') return value ? by.yes : by.no;
  if (typeof value !== 'object') return JSON.stringify(value);
  const several = Array.isArray(value);
  const items = several
    ? value.map((each) => written(each, by, depth + 1))
    : Object.entries(value).map(([name, each]) => `${by.key(name)}${written(each, by, depth + 1)}`);
  const [open, close] = several ? '[]' : '{}';
  const space = !several && by === JAVASCRIPT && items.length > 0 ? ' ' : '';
  const line = `${open}${space}${items.join(', ')}${space}${close}`;
  if (items.length === 0 || (line.length + depth * 4 < WIDE && !line.includes('\n'))) return line;
  const pad = by.indent.repeat(depth + 1);
  return `${open}\n${items.map((item) => `${pad}${item},\n`).join('')}${by.indent.repeat(depth)}${close}`;
}
export const python = (value: unknown): string => written(value, PYTHON);

interface File {
  name: string;
  type: string;
}
const ENDINGS: Record<string, string> = { 'image/jpeg': 'jpg', 'image/webp': 'webp', 'image/gif': 'gif' };

/** The value with every picture replaced by what `code` says for it; and the files that stand for them. */
function placed(
  value: unknown,
  code: (file: File, bare: boolean) => unknown,
): { value: unknown; files: File[] } {
  const files: File[] = [];
  const fileOf = (type: string): File => {
    const file = { name: `image-${files.length + 1}.${ENDINGS[type] ?? 'png'}`, type };
    files.push(file);
    return file;
  };
  const walk = (each: unknown): unknown => {
    if (typeof each === 'string') {
      const type = /^data:(image\/[a-z]+);base64,/.exec(each)?.[1];
      return type ? code(fileOf(type), false) : each;
    }
    if (Array.isArray(each)) return each.map(walk);
    if (typeof each !== 'object' || each === null) return each;
    const { type, media_type: media } = each as Record<string, unknown>;
    if (type === 'base64' && typeof media === 'string') return { ...each, data: code(fileOf(media), true) };
    return Object.fromEntries(Object.entries(each).map(([name, inner]) => [name, walk(inner)]));
  };
  return { value: walk(value), files };
}

const single = (text: string): string => text.replaceAll("'", "'\\''");

function curl(gateway: string, body: Body): string {
  const { value, files } = placed(body, (file, bare) =>
    bare ? `\u0001${file.name}\u0002` : `data:${file.type};base64,\u0001${file.name}\u0002`,
  );
  const json = JSON.stringify(value, null, 2);
  const head = [
    `curl${body.stream ? ' -N' : ''} ${gateway}/v1/chat/completions \\`,
    '  -H "Authorization: Bearer $COUNTERPOINT_KEY" \\',
    "  -H 'Content-Type: application/json' \\",
  ];
  if (files.length === 0) return [...head, `  -d '${single(json)}'`].join('\n');
  // A here-document, in which the shell puts the files' content.
  const shell = json
    .replaceAll(/[\\$`]/g, (sign) => `\\${sign}`)
    .replaceAll(/\\\\u0001(.*?)\\\\u0002/g, "$(base64 < $1 | tr -d '\\n')");
  return [...head, '  --data-binary @- <<EOF', shell, 'EOF'].join('\n');
}

const named = (body: Record<string, unknown>): string =>
  Object.entries(body)
    .map(([name, value]) => `    ${name}=${written(value, PYTHON, 1)},\n`)
    .join('');

const READS = `
def picture(file):
    return base64.b64encode(Path(file).read_bytes()).decode()

`;

function pythonHead(files: File[], library: string, client: string): string {
  const imports = files.length ? 'import base64\nimport os\nfrom pathlib import Path\n' : 'import os\n';
  return `${imports}\nfrom ${library} import ${client}\n${files.length ? READS : ''}\n`;
}

function openaiPython(gateway: string, body: Body): string {
  const { value, files } = placed(
    body,
    (file) => new Code(`"data:${file.type};base64," + picture("${file.name}")`),
  );
  const calls = body.tools
    ? body.stream
      ? '        for call in chunk.choices[0].delta.tool_calls or []:\n            print(call.function.name or call.function.arguments, end="", flush=True)\n'
      : 'for call in answer.choices[0].message.tool_calls or []:\n    print(call.function.name, call.function.arguments)\n'
    : '';
  const shown = body.stream
    ? `for chunk in answer:\n    if chunk.choices:\n        print(chunk.choices[0].delta.content or "", end="", flush=True)\n${calls}`
    : `print(answer.choices[0].message.content)\n${calls}`;
  return `${pythonHead(files, 'openai', 'OpenAI')}client = OpenAI(base_url="${gateway}/v1", api_key=os.environ["COUNTERPOINT_KEY"])
answer = client.chat.completions.create(
${named(value as Body)})
${shown}`;
}

/** Which newer releases of that SDK no longer name as arguments. */
const EXTRA = ['temperature', 'top_p'];

function anthropicPython(gateway: string, body: Body): string {
  const { value, files } = placed(asMessages(body), (file) => new Code(`picture("${file.name}")`));
  const all = Object.entries(value as Record<string, unknown>);
  const extra = Object.fromEntries(all.filter(([name]) => EXTRA.includes(name)));
  const call = {
    ...Object.fromEntries(all.filter(([name]) => !EXTRA.includes(name))),
    ...(Object.keys(extra).length > 0 ? { extra_body: extra } : {}),
  };
  const shown = body.stream
    ? `for event in answer:
    if event.type == "content_block_start" and event.content_block.type == "tool_use":
        print(event.content_block.name, end=" ")
    elif event.type == "content_block_delta":
        print(getattr(event.delta, "text", getattr(event.delta, "partial_json", "")), end="", flush=True)
`
    : `for block in answer.content:
    print(block.text if block.type == "text" else block)
`;
  return `${pythonHead(files, 'anthropic', 'Anthropic')}client = Anthropic(base_url="${gateway}", api_key=os.environ["COUNTERPOINT_KEY"])
answer = client.messages.create(
${named(call)})
${shown}`;
}

const jsHead = (files: File[], client: string, library: string): string =>
  files.length
    ? `import { readFileSync } from 'node:fs';\nimport ${client} from '${library}';\n\nconst picture = (file) => readFileSync(file, 'base64');\n\n`
    : `import ${client} from '${library}';\n\n`;

function openaiJs(gateway: string, body: Body): string {
  const { value, files } = placed(
    body,
    (file) => new Code(`\`data:${file.type};base64,\${picture('${file.name}')}\``),
  );
  const shown = body.stream
    ? `for await (const chunk of answer) {
  const delta = chunk.choices[0]?.delta;
  process.stdout.write(delta?.content ?? delta?.tool_calls?.[0]?.function?.arguments ?? '');
}
`
    : `console.log(answer.choices[0].message.content${body.tools ? ', answer.choices[0].message.tool_calls' : ''});
`;
  return `${jsHead(files, 'OpenAI', 'openai')}const client = new OpenAI({ baseURL: '${gateway}/v1', apiKey: process.env.COUNTERPOINT_KEY });
const answer = await client.chat.completions.create(${written(value, JAVASCRIPT)});
${shown}`;
}

function anthropicJs(gateway: string, body: Body): string {
  const { value, files } = placed(asMessages(body), (file) => new Code(`picture('${file.name}')`));
  const shown = body.stream
    ? `for await (const event of answer) {
  if (event.type === 'content_block_delta') {
    process.stdout.write(event.delta.text ?? event.delta.partial_json ?? '');
  }
}
`
    : `for (const block of answer.content) console.log(block.type === 'text' ? block.text : block);
`;
  return `${jsHead(files, 'Anthropic', '@anthropic-ai/sdk')}const client = new Anthropic({ baseURL: '${gateway}', apiKey: process.env.COUNTERPOINT_KEY });
const answer = await client.messages.create(${written(value, JAVASCRIPT)});
${shown}`;
}

const WRITERS: Record<Flavour, (gateway: string, body: Body) => string> = {
  curl,
  openai: openaiPython,
  anthropic: anthropicPython,
  'openai-js': openaiJs,
  'anthropic-js': anthropicJs,
};

/** `stream`: whether the program prints the answer as it comes. */
export function snippet(flavour: Flavour, gateway: string, body: Body, stream: boolean): string {
  const { stream: _, stream_options: __, ...rest } = body;
  const call = { ...rest, ...(stream ? { stream: true } : {}) } as Body;
  return WRITERS[flavour](gateway.replace(/\/$/, ''), call);
}

export const LANGUAGE: Record<Flavour, string> = {
  curl: 'bash',
  openai: 'python',
  anthropic: 'python',
  'openai-js': 'js',
  'anthropic-js': 'js',
};
