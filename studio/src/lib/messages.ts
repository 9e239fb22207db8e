/** The same call as the Messages API says it. */
import type { Body, Message, Part } from './chat';
import { isObject, type Json, parse } from './json';

/** Which that API demands. */
const LONGEST_ANSWER = 4096;
const EFFORTS: Record<string, string> = { minimal: 'low' };
const CHOICE: Record<string, string> = { auto: 'auto', required: 'any', none: 'none' };

interface Tool {
  function: { name: string; description?: string; parameters?: Json };
}

export function asMessages(body: Body): Record<string, unknown> {
  const system = body.messages.filter((each) => each.role === 'system').map((each) => each.content);
  const tools = body.tools as Tool[] | undefined;
  const effort = body.reasoning_effort as string | undefined;
  const format = body.response_format as { json_schema: { schema: Json } } | undefined;
  const config = {
    ...(effort === undefined || effort === 'none' ? {} : { effort: EFFORTS[effort] ?? effort }),
    ...(format ? { format: { type: 'json_schema', schema: format.json_schema.schema } } : {}),
  };
  return {
    model: body.model,
    max_tokens: body.max_tokens ?? LONGEST_ANSWER,
    ...(system.length ? { system: system.join('\n\n') } : {}),
    messages: turns(body.messages.filter((each) => each.role !== 'system')),
    ...(tools ? { tools: tools.map(toolOf) } : {}),
    ...(body.tool_choice ? { tool_choice: { type: CHOICE[String(body.tool_choice)] ?? 'auto' } } : {}),
    ...(body.stop ? { stop_sequences: body.stop } : {}),
    ...(Object.keys(config).length > 0 ? { output_config: config } : {}),
    ...(effort === 'none' ? { thinking: { type: 'disabled' } } : {}),
    ...(body.temperature === undefined ? {} : { temperature: body.temperature }),
    ...(body.top_p === undefined ? {} : { top_p: body.top_p }),
    ...(body.stream ? { stream: true } : {}),
  };
}

const toolOf = (each: Tool): unknown => ({
  name: each.function.name,
  ...(each.function.description ? { description: each.function.description } : {}),
  input_schema: each.function.parameters ?? { type: 'object' },
});

interface Turn {
  role: 'user' | 'assistant';
  content: unknown;
}

function turns(messages: Message[]): Turn[] {
  const found: Turn[] = [];
  let results: unknown[] | null = null;
  for (const each of messages) {
    if (each.role === 'tool') {
      const result = { type: 'tool_result', tool_use_id: each.tool_call_id, content: each.content };
      if (results) results.push(result);
      else {
        results = [result];
        found.push({ role: 'user', content: results });
      }
      continue;
    }
    results = null;
    if (each.role === 'assistant') found.push({ role: 'assistant', content: said(each) });
    else found.push({ role: 'user', content: asked(each.content) });
  }
  return found;
}

function asked(content: Message['content']): unknown {
  return Array.isArray(content) ? content.map(partOf) : content;
}

function partOf(part: Part): unknown {
  if (part.type === 'text') return part;
  const inline = /^data:([^;]+);base64,(.*)$/s.exec(part.image_url.url);
  return {
    type: 'image',
    source: inline
      ? { type: 'base64', media_type: inline[1], data: inline[2] }
      : { type: 'url', url: part.image_url.url },
  };
}

function said(message: Message): unknown {
  if (!message.tool_calls?.length) return message.content;
  const words = typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : [];
  return [
    ...words,
    ...message.tool_calls.map((call) => {
      const given = parse(call.function.arguments);
      const input = 'value' in given && isObject(given.value) ? given.value : {};
      return { type: 'tool_use', id: call.id, name: call.function.name, input };
    }),
  ];
}
