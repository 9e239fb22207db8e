/** What the usage page was asked to show, as it stands in its address: a link shows the same to whoever may see it. */
export const DIMENSIONS = ['model', 'host', 'maker', 'route', 'key', 'project'] as const;
export type Dimension = (typeof DIMENSIONS)[number];
export const METRICS = ['requests', 'cost', 'tokens', 'errors', 'latency', 'first'] as const;
export type Metric = (typeof METRICS)[number];
export type View = 'group' | 'class' | 'all' | 'rate';

/** How each metric can be drawn; the first is what one sees first. */
export const VIEWS: Record<Metric, readonly View[]> = {
  requests: ['group'],
  cost: ['group'],
  tokens: ['group', 'class'],
  errors: ['group', 'rate'],
  latency: ['all', 'group'],
  first: ['all', 'group'],
};

export type UsageSearch = { [each in Dimension]?: string } & {
  span?: string;
  from?: string;
  to?: string;
  by?: Dimension;
  metric?: Metric;
  view?: View;
  failed?: string;
  /** With the calls that exchanges made beside their answers. */
  beside?: string;
  entry?: string;
};

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
const one = <T extends string>(of: readonly T[], value: unknown): T | undefined =>
  of.find((each) => each === value);

/** Whatever an address says, only what the page understands. */
export function usageSearch(search: Record<string, unknown>): UsageSearch {
  const metric = one(METRICS, search.metric);
  return {
    span: text(search.span),
    from: text(search.from),
    to: text(search.to),
    by: one(DIMENSIONS, search.by),
    metric,
    view: one(VIEWS[metric ?? 'requests'], search.view),
    model: text(search.model),
    host: text(search.host),
    maker: text(search.maker),
    route: text(search.route),
    key: text(search.key),
    project: text(search.project),
    failed: search.failed === undefined || search.failed === '' ? undefined : 'yes',
    beside: search.beside === undefined || search.beside === '' ? undefined : 'yes',
    entry: text(search.entry),
  };
}

const NOTHING = '~';

/** Several values of one dimension. What has no value (a request that no model was found for) is `~`. */
export function valuesOf(written: string | undefined): string[] {
  if (!written) return [];
  return written
    .split(',')
    .map((each) =>
      each === NOTHING ? '' : each.replaceAll('%7E', NOTHING).replaceAll('%2C', ',').replaceAll('%25', '%'),
    );
}

export function written(values: readonly string[]): string | undefined {
  const parts = values.map((each) => {
    if (each === '') return NOTHING;
    const safe = each.replaceAll('%', '%25').replaceAll(',', '%2C');
    return safe === NOTHING ? '%7E' : safe;
  });
  return parts.length > 0 ? parts.join(',') : undefined;
}

/** As the API takes them. */
export function filtersOf(search: UsageSearch): { [each in Dimension]?: string[] } & { failed?: true } {
  const found: { [each in Dimension]?: string[] } & { failed?: true } = {};
  for (const dimension of DIMENSIONS) {
    const values = valuesOf(search[dimension]);
    if (values.length > 0) found[dimension] = values;
  }
  if (search.failed) found.failed = true;
  return found;
}

/** One more value of a dimension, or one less. */
export function narrowed(search: UsageSearch, dimension: Dimension, value: string): Partial<UsageSearch> {
  const values = valuesOf(search[dimension]);
  return { [dimension]: written(values.includes(value) ? values : [...values, value]) };
}

export function widened(search: UsageSearch, dimension: Dimension, value: string): Partial<UsageSearch> {
  return { [dimension]: written(valuesOf(search[dimension]).filter((each) => each !== value)) };
}

export const UNFILTERED: Partial<UsageSearch> = {
  model: undefined,
  host: undefined,
  maker: undefined,
  route: undefined,
  key: undefined,
  project: undefined,
  failed: undefined,
};
