/** The sums of the time, each a switch for what the chart below shows, and the chart. */
import { SegmentedControl, Tooltip } from '@mantine/core';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { ask, type Which } from '../../api/queries';
import type { ReportShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { type Dimension, METRICS, type Metric, VIEWS, type View } from '../../lib/asked';
import { change, type Range, stepsOf } from '../../lib/period';
import {
  CLASSES,
  costOf,
  currencyOf,
  type Names,
  OTHERS,
  type Series,
  type Sum,
  series as seriesOf,
  tokensIn,
  tookOf,
  total,
  unknownCosts,
} from '../../lib/series';
import { Chart, useColors } from '../../ui/Chart';
import { Card } from '../../ui/parts';
import { Rows, Shown } from '../../ui/states';
import type { Go } from '../Usage';
import { type Timed, timed } from './timed';

export function Over(props: {
  which: Which;
  range: Range;
  by: Dimension;
  metric: Metric;
  view: View | undefined;
  grouped: UseQueryResult<ReportShape>;
  go: Go;
  narrow: (dimension: Dimension, value: string) => void;
  zoom: (at: Date) => void;
}): ReactNode {
  const { t } = useWords();
  const { which, range, by, metric, go } = props;
  const view = VIEWS[metric].find((each) => each === props.view) ?? VIEWS[metric][0] ?? 'group';
  const { before } = range;
  const past = useQuery(
    ask.usage({ ...which, since: before.since.toISOString(), until: before.until.toISOString() }),
  );
  const series = useQuery(timed(which, { by, metric, view, range }));
  return (
    <Card>
      <Shown query={props.grouped} waiting={<Rows count={2} />}>
        {(report) => (
          <Tiles
            now={report.total}
            before={past.data?.total}
            range={range}
            metric={metric}
            choose={(each) => go({ metric: each === 'requests' ? undefined : each, view: undefined })}
          />
        )}
      </Shown>
      <div className="over-head">
        <h2>
          {t(`usage.chart.${metric}`)}{' '}
          <span>{range.period === 'hour' ? t('usage.perhour') : t('usage.perday')}</span>
        </h2>
        {VIEWS[metric].length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label={t('usage.view')}
            value={view}
            onChange={(value) => go({ view: value === VIEWS[metric][0] ? undefined : (value as View) })}
            data={VIEWS[metric].map((value) => ({
              value,
              label:
                value === 'group'
                  ? t('usage.view.group', { by: t(`usage.${by}`).toLocaleLowerCase() })
                  : t(`usage.view.${value}`),
            }))}
          />
        )}
      </div>
      <Shown query={series} waiting={<Rows count={7} />}>
        {(found) => (
          <div className={series.isPlaceholderData ? 'stale' : undefined}>
            <Drawing found={found} narrow={props.narrow} zoom={props.zoom} />
          </div>
        )}
      </Shown>
    </Card>
  );
}

function Tiles(props: {
  now: Sum;
  before: Sum | undefined;
  range: Range;
  metric: Metric;
  choose: (metric: Metric) => void;
}): ReactNode {
  const { t, f } = useWords();
  const { now, before } = props;
  const cost = costOf(now);
  const unpriced = unknownCosts(now);
  const currency = currencyOf([now]);
  const took = (sum: Sum | undefined, what: 'latency' | 'first', part: 'p50' | 'p95'): number | null =>
    sum ? tookOf(sum, what, part) : null;
  const ms = (value: number | null): string => (value === null ? '–' : f.ms(value));
  const rate = (sum: Sum | undefined): number | null =>
    sum && sum.exchanges > 0 ? sum.failures / sum.exchanges : null;
  const into = CLASSES.slice(0, 3).reduce((sum, each) => sum + tokensIn(now.tokens, each), 0);
  const shown: Record<Metric, { value: string; note: string; moved: number | null }> = {
    requests: {
      value: f.compact(now.exchanges),
      note: before?.exchanges ? t('usage.before', { value: f.compact(before.exchanges) }) : '',
      moved: change(now.exchanges, before?.exchanges),
    },
    cost: {
      value:
        cost === null
          ? unpriced > 0
            ? t('usage.unknown')
            : '–'
          : cost.map(([of, amount]) => f.money(amount, of)).join(' + '),
      note: unpriced > 0 ? t('usage.unpriced', { count: unpriced }) : t('usage.allpriced'),
      moved: change(
        cost === null ? null : Number(now.cost[currency] ?? 0),
        before ? Number(before.cost[currency] ?? 0) : null,
      ),
    },
    tokens: {
      value: f.compact(total(now.tokens)),
      note: t('usage.inout', { input: f.compact(into), output: f.compact(total(now.tokens) - into) }),
      moved: change(total(now.tokens), before ? total(before.tokens) : null),
    },
    errors: {
      value: f.compact(now.failures),
      note: rate(now) === null ? '' : t('usage.rate', { rate: f.percent(rate(now) ?? 0) }),
      moved: change(rate(now), rate(before)),
    },
    latency: {
      value: ms(took(now, 'latency', 'p95')),
      note: t('usage.median', { time: ms(took(now, 'latency', 'p50')) }),
      moved: change(took(now, 'latency', 'p95'), took(before, 'latency', 'p95')),
    },
    first: {
      value: ms(took(now, 'first', 'p95')),
      note: t('usage.median', { time: ms(took(now, 'first', 'p50')) }),
      moved: change(took(now, 'first', 'p95'), took(before, 'first', 'p95')),
    },
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div className="tiles" role="group" aria-label={t('usage.measure')}>
      {METRICS.map((metric) => {
        const { value, note, moved } = shown[metric];
        return (
          <button
            key={metric}
            type="button"
            className="tile num"
            aria-pressed={metric === props.metric}
            onClick={() => props.choose(metric)}
          >
            <span className="name">{t(`usage.tile.${metric}`)}</span>
            <span className="figure">
              {value}
              <Moved
                by={moved}
                worse={metric === 'errors' || metric === 'latency' || metric === 'first'}
                range={props.range}
              />
            </span>
            <small>{note}</small>
          </button>
        );
      })}
    </div>
  );
}

const LEAST = 0.005;

function Moved(props: { by: number | null; worse: boolean; range: Range }): ReactNode {
  const { t, f } = useWords();
  const { by, range } = props;
  if (by === null || Math.abs(by) < LEAST) return null;
  const size = by > 9.99 ? '×10+' : f.percent(Math.round(Math.abs(by) * 100) / 100);
  const tone = !props.worse ? undefined : by > 0 ? 'bad' : 'good';
  const since = range.span === 'day' ? t('usage.moved.day') : t('usage.moved', { count: range.days });
  return (
    <Tooltip label={since}>
      <span className="moved" data-tone={tone}>
        <span aria-hidden>{by > 0 ? '↑' : '↓'}</span>
        {size}
        <span className="sr">
          {by > 0 ? t('usage.moved.up', { since }) : t('usage.moved.down', { since })}
        </span>
      </span>
    </Tooltip>
  );
}

function Drawing(props: {
  found: Timed;
  narrow: (dimension: Dimension, value: string) => void;
  zoom: (at: Date) => void;
}): ReactNode {
  const { t, f } = useWords();
  const { found } = props;
  const { range, by, metric, view, currency } = found;
  const steps = stepsOf(range, new Date());
  const ends = steps.map((each) => each.getTime()).join();
  const names: Names = useMemo(
    () => ({
      others: t('usage.other'),
      none: t('usage.none.value'),
      classes: {
        input: t('usage.class.input'),
        cached: t('usage.class.cached'),
        written: t('usage.class.written'),
        output: t('usage.class.output'),
        reasoning: t('usage.class.reasoning'),
      },
      quantiles: { p50: t('usage.p50'), p95: t('usage.p95') },
      rate: t('usage.view.rate'),
    }),
    [t],
  );
  const drawn = useMemo(() => {
    const times = ends.split(',').map((each) => new Date(Number(each)));
    return seriesOf(found.rows, { ...found, period: found.range.period, times, names });
  }, [found, ends, names]);
  const show = useMemo(() => {
    if (view === 'rate') return f.percent;
    if (metric === 'cost') return (value: number): string => f.money(value, currency);
    if (metric === 'latency' || metric === 'first') return f.ms;
    return f.compact;
  }, [view, metric, currency, f]);
  const whole = view !== 'rate' && (metric === 'requests' || metric === 'tokens' || metric === 'errors');
  const label = `${t(`usage.chart.${metric}`)} ${range.period === 'hour' ? t('usage.perhour') : t('usage.perday')}`;
  if (drawn.lines.length === 0)
    return <p className="quiet">{t(`usage.chart.none.${metric === 'errors' ? 'errors' : 'other'}`)}</p>;
  return (
    <>
      <Chart
        series={drawn}
        period={range.period}
        label={label}
        show={show}
        whole={whole}
        format={f}
        words={{ total: t('usage.total'), time: t('usage.when'), keys: t('usage.chart.keys') }}
        pick={
          range.period === 'day'
            ? (index) => {
                const at = drawn.times[index];
                if (at) props.zoom(at);
              }
            : undefined
        }
      />
      <Legend drawn={drawn} show={show} view={view} pick={(id) => props.narrow(by, id)} />
    </>
  );
}

/** Which colour is what; where lines are groups, a click shows that group alone. */
function Legend(props: {
  drawn: Series;
  show: (value: number) => string;
  view: View;
  pick: (id: string) => void;
}): ReactNode {
  const { t } = useWords();
  const colorOf = useColors();
  const { drawn, show, view } = props;
  return (
    <ul className="legend num" aria-label={t('usage.legend')}>
      {drawn.lines.map((line, index) => {
        const inner = (
          <>
            <i style={{ background: colorOf(line.id, index) }} />
            <span className="clip">{line.name}</span>
            {line.sum !== null && <b>{show(line.sum)}</b>}
          </>
        );
        return (
          <li key={line.id}>
            {view === 'group' && line.id !== OTHERS ? (
              <button
                type="button"
                title={t('usage.narrow', { name: line.name })}
                onClick={() => props.pick(line.id)}
              >
                {inner}
              </button>
            ) : (
              <span>{inner}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
