/** What was asked, of whom, at which price: over time, by whatever one asks for, down to one request. */
import {
  Anchor,
  Button,
  CloseButton,
  Drawer,
  SegmentedControl,
  Select,
  Switch,
  Table,
  Text,
} from '@mantine/core';
import { IconActivity, IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { client, dataOf } from '../api/client';
import { ask, type Which } from '../api/queries';
import type { EntryShape, SumShape } from '../api/schema';
import { useWords } from '../i18n';
import {
  amountOf,
  csv,
  currencyOf,
  MEASURES,
  type Measure,
  SPANS,
  type Span,
  series,
  startOf,
  total,
} from '../lib/series';
import type { UsageSearch } from '../router';
import { Chart } from '../ui/Chart';
import { Card, Page, Scroll, Stat } from '../ui/parts';
import { Empty, Rows, Shown } from '../ui/states';
import { costText, Entries } from './Home';
import { Entry } from './usage/Entry';

const BY = ['model', 'host', 'maker', 'key', 'project'] as const;
type By = (typeof BY)[number];
const EVERY_MS = 10_000;
const MOST_EXPORTED = 20_000;

/** `model:x` as a filter of the API. */
function filterOf(only: string | undefined): Partial<Record<By, string[]>> {
  const [dimension, ...rest] = (only ?? '').split(':');
  const by = BY.find((each) => each === dimension);
  return by ? { [by]: [rest.join(':')] } : {};
}

export function Usage(): ReactNode {
  const { t } = useWords();
  const search = useSearch({ from: '/usage' });
  const go = useNavigate({ from: '/usage' });
  const set = (part: UsageSearch): void => void go({ search: (old) => ({ ...old, ...part }) });
  const span: Span = search.span && search.span in SPANS ? (search.span as Span) : 'week';
  const by = search.by ?? 'model';
  const [measure, setMeasure] = useState<Measure>('requests');
  const period = span === 'day' ? 'hour' : 'day';
  const since = useMemo(
    () => startOf(new Date(Date.now() - (SPANS[span] - (span === 'day' ? 0 : 1)) * 86_400_000), period),
    [span, period],
  );
  const which: Which = {
    since: since.toISOString(),
    ...filterOf(search.only),
    ...(search.failed ? { failed: true } : {}),
  };
  const offset = -new Date().getTimezoneOffset();
  const grouped = useQuery({ ...ask.usage({ ...which, by: [by] }), refetchInterval: EVERY_MS });
  const timed = useQuery({
    ...ask.usage({ ...which, by: [by], period, offset_minutes: offset }),
    refetchInterval: EVERY_MS,
  });
  return (
    <Page title={t('nav.usage')} lead={t('usage.lead')} actions={<Export which={which} />}>
      <div className="row" style={{ alignItems: 'end', gap: 12 }}>
        <SegmentedControl
          aria-label={t('usage.span')}
          value={span}
          onChange={(value) => set({ span: value })}
          data={(Object.keys(SPANS) as Span[]).map((each) => ({
            value: each,
            label: t(`usage.span.${each}`),
          }))}
        />
        <Select
          aria-label={t('usage.by')}
          allowDeselect={false}
          w={215}
          value={by}
          onChange={(value) => set({ by: (value as By | null) ?? 'model' })}
          data={BY.map((each) => ({
            value: each,
            label: `${t('usage.by')} : ${t(`usage.${each}`).toLowerCase()}`.replace(' :', ':'),
          }))}
        />
        <Switch
          label={t('usage.onlyfailed')}
          checked={search.failed !== undefined}
          onChange={(event) => set({ failed: event.currentTarget.checked ? 'yes' : undefined })}
          mb={6}
        />
        {search.only && (
          <span className="row card" style={{ padding: '2px 4px 2px 12px', gap: 4, fontSize: '0.8125rem' }}>
            {search.only.replace(':', ': ')}
            <CloseButton
              size="sm"
              aria-label={t('usage.clear', { name: search.only })}
              onClick={() => set({ only: undefined })}
            />
          </span>
        )}
      </div>
      <Card>
        <Shown query={grouped} waiting={<Rows count={2} />}>
          {(report) => <Totals sum={report.total} />}
        </Shown>
      </Card>
      <Card
        title={t('usage.over')}
        aside={
          <Select
            aria-label={t('usage.measure')}
            size="xs"
            w={150}
            allowDeselect={false}
            value={measure}
            onChange={(value) => setMeasure((value as Measure | null) ?? 'requests')}
            data={MEASURES.map((each) => ({ value: each, label: t(`usage.${each}`) }))}
          />
        }
      >
        <Shown query={timed} waiting={<Rows count={7} />}>
          {(report) =>
            report.rows.length === 0 ? (
              <Empty icon={<IconActivity size={20} />} title={t('usage.none')}>
                {t('usage.none.detail')}
              </Empty>
            ) : (
              <Over rows={report.rows} by={by} measure={measure} since={since} period={period} />
            )
          }
        </Shown>
      </Card>
      {(grouped.data?.rows.length ?? 0) > 0 && (
        <Card title={t(`usage.${by}`)}>
          <Groups rows={grouped.data?.rows ?? []} by={by} pick={(id) => set({ only: `${by}:${id}` })} />
        </Card>
      )}
      <Requests which={which} />
      <Drawer
        opened={search.entry !== undefined}
        onClose={() => set({ entry: undefined })}
        position="right"
        size={520}
        title={t('entry.title')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {search.entry && <Entry id={search.entry} />}
      </Drawer>
    </Page>
  );
}

function Totals(props: { sum: SumShape }): ReactNode {
  const { t, f } = useWords();
  const { sum } = props;
  const tokens = sum.tokens;
  return (
    <dl className="stats" style={{ margin: 0 }}>
      <Stat
        label={t('usage.requests')}
        note={
          sum.failures > 0
            ? `${t('usage.failed', { count: sum.failures })} (${f.percent(sum.failures / sum.exchanges)})`
            : t('usage.nofailures')
        }
      >
        {f.compact(sum.exchanges)}
      </Stat>
      <Stat
        label={t('usage.cost')}
        note={sum.unpriced > 0 ? t('usage.unpriced', { count: sum.unpriced }) : t('usage.allpriced')}
      >
        {costText(sum, f.money)}
      </Stat>
      <Stat label={t('usage.input')} note={t('usage.cached', { tokens: f.compact(tokens.cache_read ?? 0) })}>
        {f.compact((tokens.input ?? 0) + (tokens.cache_read ?? 0) + (tokens.cache_write ?? 0))}
      </Stat>
      <Stat label={t('usage.output')} note={t('usage.thought', { tokens: f.compact(tokens.reasoning ?? 0) })}>
        {f.compact((tokens.output ?? 0) + (tokens.reasoning ?? 0))}
      </Stat>
      <Stat
        label={t('usage.latency')}
        note={
          sum.mean_first_event_ms === null
            ? t('usage.mean')
            : `${t('usage.first')} ${f.ms(sum.mean_first_event_ms)}`
        }
      >
        {sum.mean_total_ms === null ? '–' : f.ms(sum.mean_total_ms)}
      </Stat>
    </dl>
  );
}

function Over(props: {
  rows: SumShape[];
  by: By;
  measure: Measure;
  since: Date;
  period: 'hour' | 'day';
}): ReactNode {
  const { t, f } = useWords();
  const { rows, by, measure, since, period } = props;
  const drawn = useMemo(
    () =>
      series(
        rows,
        by,
        measure,
        { since, until: new Date(), period },
        { others: t('usage.other'), none: t('usage.none.value') },
      ),
    [rows, by, measure, since, period, t],
  );
  const currency = currencyOf(rows);
  const show = useMemo(() => {
    if (measure === 'cost') return (value: number): string => f.money(value, currency);
    if (measure === 'latency') return f.ms;
    return f.compact;
  }, [measure, currency, f]);
  return (
    <Chart series={drawn} label={`${t('usage.over')}: ${t(`usage.${measure}`)}`} show={show} format={f} />
  );
}

function Groups(props: { rows: SumShape[]; by: By; pick: (id: string) => void }): ReactNode {
  const { t, f } = useWords();
  const currency = currencyOf(props.rows);
  const most = Math.max(...props.rows.map((row) => amountOf(row, 'requests', currency) ?? 0), 1);
  return (
    <Scroll label={t('usage.table')}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t(`usage.${props.by}`)}</Table.Th>
            <Table.Th className="right">{t('usage.requests')}</Table.Th>
            <Table.Th w={140}>{t('usage.share')}</Table.Th>
            <Table.Th className="right">{t('usage.errors')}</Table.Th>
            <Table.Th className="right">{t('usage.tokens')}</Table.Th>
            <Table.Th className="right">{t('usage.latency')}</Table.Th>
            <Table.Th className="right">{t('usage.cost')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.rows.slice(0, 50).map((row) => {
            const group = row.group[props.by];
            const name = group?.name || group?.id || t('usage.none.value');
            return (
              <Table.Tr key={group?.id ?? ''}>
                <Table.Td>
                  {group?.id ? (
                    <Anchor
                      component="button"
                      type="button"
                      c="inherit"
                      fw={500}
                      style={{ fontSize: '0.8125rem' }}
                      onClick={() => props.pick(group.id)}
                    >
                      {name}
                    </Anchor>
                  ) : (
                    <Text size="sm" c="dimmed">
                      {name}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td className="right num">{f.number(row.exchanges)}</Table.Td>
                <Table.Td>
                  <div className="bar">
                    <i style={{ width: `${(row.exchanges / most) * 100}%` }} />
                  </div>
                </Table.Td>
                <Table.Td className="right num">{f.number(row.failures)}</Table.Td>
                <Table.Td className="right num">{f.compact(total(row.tokens))}</Table.Td>
                <Table.Td className="right num">
                  {row.mean_total_ms === null ? '–' : f.ms(row.mean_total_ms)}
                </Table.Td>
                <Table.Td className="right num">
                  {row.unpriced === row.exchanges && row.exchanges > 0
                    ? t('usage.unknown')
                    : costText(row, f.money)}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}

function Requests(props: { which: Which }): ReactNode {
  const { t } = useWords();
  const entries = useInfiniteQuery({
    ...ask.entries(props.which),
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : 2_000),
  });
  return (
    <Card title={t('usage.all')}>
      <Shown query={entries}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return items.length === 0 ? (
            <Empty icon={<IconActivity size={20} />} title={t('usage.none')}>
              {t('usage.none.detail')}
            </Empty>
          ) : (
            <Entries items={items} label={t('usage.all')} full />
          );
        }}
      </Shown>
      {entries.hasNextPage && (
        <Button
          variant="subtle"
          fullWidth
          loading={entries.isFetchingNextPage}
          onClick={() => void entries.fetchNextPage()}
        >
          {t('action.more')}
        </Button>
      )}
    </Card>
  );
}

/** The requests of the period as a file; money and times stay exact. */
function Export(props: { which: Which }): ReactNode {
  const { t } = useWords();
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const items: EntryShape[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await dataOf(
          client.GET('/api/v1/usage/entries', {
            params: { query: { ...props.which, limit: 500, ...(cursor ? { cursor } : {}) } },
          }),
        );
        items.push(...page.items);
        cursor = page.next;
      } while (cursor && items.length < MOST_EXPORTED);
      const classes = [...new Set(items.flatMap((each) => Object.keys(each.tokens)))].sort();
      const head = [
        'id',
        'at',
        'model',
        'host',
        'maker',
        'key',
        'project',
        'status',
        ...classes,
        'cost',
        'currency',
        'total_ms',
        'first_event_ms',
      ];
      const rows = items.map((each) => [
        each.id,
        each.at,
        each.model,
        each.host,
        each.maker,
        each.key.name,
        each.project.name,
        each.status,
        ...classes.map((name) => each.tokens[name] ?? 0),
        each.cost,
        each.currency,
        each.total_ms,
        each.first_event_ms,
      ]);
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([csv([head, ...rows])], { type: 'text/csv' }));
      link.download = 'counterpoint-usage.csv';
      link.click();
      URL.revokeObjectURL(link.href);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={16} />}
      loading={busy}
      onClick={() => void save()}
    >
      {t('usage.export')}
    </Button>
  );
}
