/** What is asked of the catalogue: the page's address, as a question to the API and as chips that can be removed. */

export const MANY = ['maker', 'host', 'licence', 'capability', 'country', 'law'] as const;
export const ONE = ['open', 'context', 'price', 'retire', 'here'] as const;
export const FILTERS = [...MANY, ...ONE] as const;
export type Many = (typeof MANY)[number];
export type Filter = (typeof FILTERS)[number];

export const SORTS = ['name', 'maker', 'context', 'price', 'hosts', 'released'] as const;
export type Sort = (typeof SORTS)[number];
export type Order = 'asc' | 'desc';
/** What is wanted first of each. */
export const FIRST: Record<Sort, Order> = {
  name: 'asc',
  maker: 'asc',
  context: 'desc',
  price: 'asc',
  hosts: 'desc',
  released: 'desc',
};

/** Values of one filter are separated by commas; an absent one is not filtered by. `law`: the host's country. */
export type ModelsSearch = { [filter in Filter]?: string } & {
  tab?: 'catalogue' | 'local';
  q?: string;
  sort?: Sort;
  order?: Order;
  model?: string;
  compare?: string;
  /** The models of `compare` side by side, instead of the list. */
  side?: 'yes';
};

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;

export function modelsSearch(search: Record<string, unknown>): ModelsSearch {
  const filters = Object.fromEntries(FILTERS.map((each) => [each, text(search[each])]));
  return {
    tab: search.tab === 'local' ? 'local' : undefined,
    q: text(search.q),
    ...filters,
    sort: SORTS.find((each) => each === search.sort),
    order: search.order === 'asc' || search.order === 'desc' ? search.order : undefined,
    model: text(search.model),
    compare: text(search.compare),
    side: search.side === 'yes' ? 'yes' : undefined,
  };
}

export const valuesOf = (value: string | undefined): string[] => value?.split(',').filter(Boolean) ?? [];

const joined = (values: string[]): string | undefined => (values.length > 0 ? values.join(',') : undefined);

export function toggled(value: string | undefined, one: string): string | undefined {
  const values = valuesOf(value);
  return joined(values.includes(one) ? values.filter((each) => each !== one) : [...values, one]);
}

export interface Chip {
  filter: Filter;
  value: string;
}

export const chips = (search: ModelsSearch): Chip[] =>
  FILTERS.flatMap((filter) => {
    const value = search[filter];
    if (value === undefined) return [];
    const many = (MANY as readonly string[]).includes(filter);
    return (many ? valuesOf(value) : [value]).map((each) => ({ filter, value: each }));
  });

export const without = (search: ModelsSearch, { filter, value }: Chip): ModelsSearch => ({
  [filter]: joined(valuesOf(search[filter]).filter((each) => each !== value)),
});

export const NONE: ModelsSearch = Object.fromEntries([...FILTERS, 'q'].map((each) => [each, undefined]));

/** The day so many months from now, in the form of the API. */
export function inMonths(months: number, now = new Date()): string {
  const day = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1));
  day.setUTCDate(Math.min(now.getUTCDate(), 28));
  return day.toISOString().slice(0, 10);
}

export interface Asked {
  q?: string;
  maker?: string[];
  host?: string[];
  licence?: string[];
  capability?: string[];
  country?: string[];
  host_country?: string[];
  open_weights?: boolean;
  min_context?: number;
  max_input?: number;
  retires_before?: string;
  retired?: boolean;
  available?: boolean;
}

/** The filters as the API takes them. */
export function asked(search: ModelsSearch, now = new Date()): Asked {
  const many = (value: string | undefined): string[] | undefined => {
    const values = valuesOf(value);
    return values.length > 0 ? values : undefined;
  };
  const months = Number(search.retire);
  return {
    q: search.q,
    maker: many(search.maker),
    host: many(search.host),
    licence: many(search.licence),
    capability: many(search.capability),
    country: many(search.country),
    host_country: many(search.law),
    open_weights: search.open === 'yes' ? true : search.open === 'no' ? false : undefined,
    min_context: search.context ? Number(search.context) || undefined : undefined,
    max_input: search.price ? Number(search.price) || undefined : undefined,
    retires_before: months > 0 ? inMonths(months, now) : undefined,
    retired: search.retire === 'with' ? true : undefined,
    available: search.here ? true : undefined,
  };
}

/** A click on a column: its first order, then the other, then none. */
export function sorted(search: ModelsSearch, column: Sort): Pick<ModelsSearch, 'sort' | 'order'> {
  if (search.sort !== column) return { sort: column, order: undefined };
  if ((search.order ?? FIRST[column]) === FIRST[column])
    return { sort: column, order: FIRST[column] === 'asc' ? 'desc' : 'asc' };
  return { sort: undefined, order: undefined };
}

export const orderOf = (search: ModelsSearch, column: Sort): Order | undefined =>
  search.sort === column ? (search.order ?? FIRST[column]) : undefined;
