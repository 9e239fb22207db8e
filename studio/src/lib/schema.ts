/** JSON schemas: whether one can be sent, and whether an answer is of its form, and where it is not. */
import { isObject, type Json, type JsonObject, type Place, parse } from './json';

export type SchemaFlaw = ({ code: 'json' } & Place) | { code: 'object' };
/** `path` as in `$.items[2].name`; `want`: what the schema says there. */
export interface Misfit {
  path: string;
  code: 'type' | 'enum' | 'required' | 'extra' | 'least' | 'most' | 'pattern' | 'unique' | 'any' | 'never';
  want: string;
}

export const SCHEMA_EXAMPLE = `{
  "type": "object",
  "properties": {
    "name": { "type": "string" },
    "age": { "type": "integer", "minimum": 0 },
    "languages": { "type": "array", "items": { "type": "string" } }
  },
  "required": ["name", "age", "languages"],
  "additionalProperties": false
}`;

/** The schema within `text`, also where it is wrapped as OpenAI's `response_format` does it. */
export function readSchema(text: string): { schema: JsonObject | null; flaw?: SchemaFlaw } {
  if (!text.trim()) return { schema: null };
  const found = parse(text);
  if ('wrong' in found) return { schema: null, flaw: { code: 'json', ...found.wrong } };
  let schema = found.value;
  if (isObject(schema) && isObject(schema.json_schema)) schema = schema.json_schema;
  if (isObject(schema) && isObject(schema.schema)) schema = schema.schema;
  return isObject(schema) ? { schema } : { schema: null, flaw: { code: 'object' } };
}

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
const children = (schema: JsonObject): Json[] => [
  ...['properties', '$defs', 'definitions'].flatMap((key) =>
    isObject(schema[key]) ? Object.values(schema[key]) : [],
  ),
  ...['anyOf', 'allOf', 'oneOf', 'prefixItems'].flatMap((key) => list(schema[key])),
  ...(isObject(schema.items) ? [schema.items] : []),
];

/** Whether hosts that hold an answer strictly to its schema take this one: every object is closed and complete. */
export function strict(schema: Json): boolean {
  if (!isObject(schema)) return true;
  if (schema.type === 'object' || isObject(schema.properties)) {
    const names = isObject(schema.properties) ? Object.keys(schema.properties) : [];
    const required = list(schema.required);
    if (schema.additionalProperties !== false || !names.every((name) => required.includes(name)))
      return false;
  }
  return children(schema).every(strict);
}

const MOST_MISFITS = 20;
const DEEPEST = 200;

/** Where `value` is not of the schema's form; empty: it is. Formats and the rarest words are not looked at. */
export function misfits(schema: Json, value: Json): Misfit[] {
  const found: Misfit[] = [];
  new Checker(schema, found).check(schema, value, '$', 0);
  return found.slice(0, MOST_MISFITS);
}

export function verdict(text: string, schema: Json): 'nothing' | 'nojson' | Misfit[] {
  if (!text.trim()) return 'nothing';
  const found = parse(text.trim().replace(/^```(?:json)?\s*\n([\s\S]*?)\n?```$/, '$1'));
  return 'wrong' in found ? 'nojson' : misfits(schema, found.value);
}

const typeOf = (value: Json): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'array'
      : typeof value === 'object'
        ? 'object'
        : typeof value;
const same = (a: Json, b: Json): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
const sorted = (value: Json): Json =>
  Array.isArray(value)
    ? value.map(sorted)
    : isObject(value)
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, each]) => [key, sorted(each)]),
        )
      : value;
const isType = (value: Json, type: Json): boolean =>
  type === 'integer' ? Number.isInteger(value) : typeOf(value) === type;
const step = (path: string, name: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;

class Checker {
  constructor(
    readonly root: Json,
    readonly found: Misfit[],
  ) {}

  #fits(schema: Json, value: Json, path: string, depth: number): boolean {
    const inner: Misfit[] = [];
    new Checker(this.root, inner).check(schema, value, path, depth + 1);
    return inner.length === 0;
  }

  check(schema: Json, value: Json, path: string, depth: number): void {
    if (depth > DEEPEST || this.found.length >= MOST_MISFITS) return;
    const wrong = (code: Misfit['code'], want = ''): void => {
      this.found.push({ path, code, want });
    };
    if (schema === false) wrong('never');
    if (!isObject(schema)) return;
    if (typeof schema.$ref === 'string') this.check(this.#named(schema.$ref), value, path, depth + 1);
    const types = schema.type === undefined ? [] : Array.isArray(schema.type) ? schema.type : [schema.type];
    if (types.length > 0 && !types.some((type) => isType(value, type))) {
      wrong('type', types.join(' | '));
      return;
    }
    if (Array.isArray(schema.enum) && !schema.enum.some((each) => same(each, value)))
      wrong('enum', schema.enum.map((each) => JSON.stringify(each)).join(', '));
    if (schema.const !== undefined && !same(schema.const, value)) wrong('enum', JSON.stringify(schema.const));
    if (isObject(value)) this.#object(schema, value, path, depth);
    else if (Array.isArray(value)) this.#array(schema, value, path, depth);
    else this.#scalar(schema, value, wrong);
    for (const each of list(schema.allOf)) this.check(each, value, path, depth + 1);
    const any = list(schema.anyOf);
    if (any.length > 0 && !any.some((each) => this.#fits(each, value, path, depth))) wrong('any');
    const one = list(schema.oneOf);
    if (one.length > 0 && one.filter((each) => this.#fits(each, value, path, depth)).length !== 1)
      wrong('any');
    if (schema.not !== undefined && this.#fits(schema.not, value, path, depth)) wrong('never');
  }

  /** Within the schema itself; what lies elsewhere is never fetched, and fits. */
  #named(reference: string): Json {
    if (!reference.startsWith('#')) return {};
    let at: Json = this.root;
    for (const part of reference.slice(1).split('/').filter(Boolean)) {
      const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
      const next: Json | undefined = isObject(at)
        ? at[name]
        : Array.isArray(at)
          ? at[Number(name)]
          : undefined;
      if (next === undefined) return {};
      at = next;
    }
    return at;
  }

  #object(schema: JsonObject, value: JsonObject, path: string, depth: number): void {
    const known = isObject(schema.properties) ? schema.properties : {};
    for (const name of list(schema.required)) {
      if (typeof name === 'string' && !Object.hasOwn(value, name))
        this.found.push({ path: step(path, name), code: 'required', want: name });
    }
    const patterns = isObject(schema.patternProperties) ? Object.entries(schema.patternProperties) : [];
    for (const [name, each] of Object.entries(value)) {
      const where = step(path, name);
      const own = Object.hasOwn(known, name) ? known[name] : undefined;
      if (own !== undefined) this.check(own, each, where, depth + 1);
      const fitting = patterns.filter(([pattern]) => matches(pattern, name));
      for (const [, inner] of fitting) this.check(inner, each, where, depth + 1);
      if (own !== undefined || fitting.length > 0) continue;
      if (schema.additionalProperties === false) this.found.push({ path: where, code: 'extra', want: name });
      else if (isObject(schema.additionalProperties))
        this.check(schema.additionalProperties, each, where, depth + 1);
    }
    const count = Object.keys(value).length;
    this.#size(schema.minProperties, schema.maxProperties, count, path);
  }

  #array(schema: JsonObject, value: Json[], path: string, depth: number): void {
    const first = list(schema.prefixItems);
    value.forEach((each, index) => {
      const inner = first[index] ?? schema.items;
      if (inner !== undefined) this.check(inner, each, `${path}[${index}]`, depth + 1);
    });
    this.#size(schema.minItems, schema.maxItems, value.length, path);
    const seen = new Set(value.map((each) => JSON.stringify(sorted(each))));
    if (schema.uniqueItems === true && seen.size < value.length)
      this.found.push({ path, code: 'unique', want: '' });
  }

  #size(least: Json | undefined, most: Json | undefined, is: number, path: string): void {
    if (typeof least === 'number' && is < least) this.found.push({ path, code: 'least', want: `${least}` });
    if (typeof most === 'number' && is > most) this.found.push({ path, code: 'most', want: `${most}` });
  }

  #scalar(schema: JsonObject, value: Json, wrong: (code: Misfit['code'], want?: string) => void): void {
    if (typeof value === 'string') {
      const length = [...value].length;
      if (typeof schema.minLength === 'number' && length < schema.minLength)
        wrong('least', `${schema.minLength}`);
      if (typeof schema.maxLength === 'number' && length > schema.maxLength)
        wrong('most', `${schema.maxLength}`);
      if (typeof schema.pattern === 'string' && !matches(schema.pattern, value))
        wrong('pattern', schema.pattern);
    }
    if (typeof value !== 'number') return;
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
    if (typeof minimum === 'number' && value < minimum) wrong('least', `${minimum}`);
    if (typeof maximum === 'number' && value > maximum) wrong('most', `${maximum}`);
    if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum)
      wrong('least', `> ${exclusiveMinimum}`);
    if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum)
      wrong('most', `< ${exclusiveMaximum}`);
    if (typeof multipleOf === 'number' && multipleOf > 0) {
      const times = value / multipleOf;
      if (Math.abs(times - Math.round(times)) > 1e-9) wrong('pattern', `× ${multipleOf}`);
    }
  }
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return true; // a pattern of another grammar than the browser's is not for us to judge
  }
}
