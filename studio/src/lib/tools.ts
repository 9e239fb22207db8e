/** Tools as people write them: OpenAI's list, the Messages API's, or bare functions; checked before they are sent. */
import { isObject, type Json, type JsonObject, type Place, parse } from './json';

export interface Tool {
  type: 'function';
  function: { name: string; description?: string; parameters?: Json; strict?: boolean };
}
export type ToolFlaw =
  | ({ code: 'json' } & Place)
  | { code: 'list' }
  | { code: 'object' | 'name' | 'grammar' | 'twice' | 'parameters' | 'kind'; tool: number; name: string };

export const TOOL_EXAMPLE = `[
  {
    "type": "function",
    "function": {
      "name": "get_weather",
      "description": "The weather in a city right now.",
      "parameters": {
        "type": "object",
        "properties": {
          "city": { "type": "string", "description": "For example: Paris" },
          "unit": { "type": "string", "enum": ["celsius", "fahrenheit"] }
        },
        "required": ["city"]
      }
    }
  }
]`;

/** What the APIs take as a tool's name. */
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** The tools, and everything that is wrong with them. Raises nothing. */
export function readTools(text: string): { tools: Tool[]; flaws: ToolFlaw[] } {
  if (!text.trim()) return { tools: [], flaws: [] };
  const found = parse(text);
  if ('wrong' in found) return { tools: [], flaws: [{ code: 'json', ...found.wrong }] };
  const list = Array.isArray(found.value)
    ? found.value
    : isObject(found.value) && Array.isArray(found.value.tools)
      ? found.value.tools
      : isObject(found.value)
        ? [found.value]
        : null;
  if (list === null) return { tools: [], flaws: [{ code: 'list' }] };
  const flaws: ToolFlaw[] = [];
  const names = new Set<string>();
  const tools = list.map((each, index): Tool => {
    const tool = index + 1;
    const is = isObject(each) ? (isObject(each.function) ? each.function : each) : {};
    const name = typeof is.name === 'string' ? is.name : '';
    const flaw = (code: 'object' | 'name' | 'grammar' | 'twice' | 'parameters' | 'kind'): void => {
      flaws.push({ code, tool, name });
    };
    const parameters = is.parameters ?? is.input_schema;
    if (!isObject(each)) flaw('object');
    else if (typeof each.type === 'string' && !['function', 'custom'].includes(each.type)) flaw('kind');
    else if (!name) flaw('name');
    else if (!NAME.test(name)) flaw('grammar');
    else if (names.has(name)) flaw('twice');
    if (parameters !== undefined && (!isObject(parameters) || parameters.type !== 'object'))
      flaw('parameters');
    names.add(name);
    return toolOf(name, is, parameters);
  });
  return { tools: flaws.length === 0 ? tools : [], flaws };
}

function toolOf(name: string, is: JsonObject, parameters: Json | undefined): Tool {
  return {
    type: 'function',
    function: {
      name,
      ...(typeof is.description === 'string' ? { description: is.description } : {}),
      ...(parameters === undefined ? {} : { parameters }),
      ...(typeof is.strict === 'boolean' ? { strict: is.strict } : {}),
    },
  };
}

/** Arguments as people read them; as they came where they are not JSON. */
export function pretty(text: string): string {
  const found = parse(text || '{}');
  return 'wrong' in found ? text : JSON.stringify(found.value, null, 2);
}
