/** What was done and spent since midnight, beside how the last 24 hours went. */
import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ask } from '../../api/queries';
import { useWords } from '../../i18n';
import type { Metric } from '../../lib/asked';
import { change, dayText, rangeOf, startOf, stepsOf } from '../../lib/period';
import { amountOf, costOf, currencyOf, type Sum, tookOf, total, unknownCosts } from '../../lib/series';
import { Card } from '../../ui/parts';
import { Spark } from '../../ui/Spark';
import { Rows, Shown } from '../../ui/states';

const SHOWN = ['requests', 'cost', 'tokens', 'errors', 'latency'] as const satisfies Metric[];

const LEAST = 0.005;

export function Today(): ReactNode {
  const { t, f } = useWords();
  const now = new Date();
  const today = rangeOf({ from: dayText(now) }, now);
  const day = rangeOf({ span: 'day' }, now);
  const sums = useQuery(ask.usage({ since: today.since.toISOString() }));
  const before = useQuery(
    ask.usage({ since: today.before.since.toISOString(), until: today.before.until.toISOString() }),
  );
  const hours = useQuery(ask.usage({ since: day.since.toISOString(), period: 'hour' }));
  const steps = stepsOf(day, now);
  const midnight = steps.findIndex((each) => each >= startOf(now, 'day'));
  const byHour = new Map(hours.data?.rows.map((row) => [new Date(row.at ?? 0).getTime(), row]));
  const currency = currencyOf(hours.data?.rows ?? []);
  const spark = (metric: Metric): (number | null)[] =>
    steps.map((each) => {
      const row = byHour.get(each.getTime());
      return row ? amountOf(row, metric, currency) : null;
    });
  return (
    <Card
      title={t('home.today')}
      aside={
        <Anchor size="sm" renderRoot={(rest) => <Link to="/usage" search={{ span: 'day' }} {...rest} />}>
          {t('home.today.more')}
        </Anchor>
      }
    >
      <Shown query={sums} waiting={<Rows count={3} />}>
        {({ total: sum }) => (
          <div className="today">
            {SHOWN.map((metric) => (
              <Link
                key={metric}
                to="/usage"
                search={{ span: 'day', ...(metric === 'requests' ? {} : { metric }) }}
                className="tile num"
              >
                <span className="name">{t(`usage.tile.${metric}`)}</span>
                <span className="figure">{figure(sum, metric)}</span>
                <small>{note(sum, before.data?.total, metric)}</small>
                <Spark values={spark(metric)} since={midnight < 0 ? 0 : midnight} />
              </Link>
            ))}
          </div>
        )}
      </Shown>
    </Card>
  );

  function figure(sum: Sum, metric: Metric): string {
    if (metric === 'requests') return f.compact(sum.exchanges);
    if (metric === 'tokens') return f.compact(total(sum.tokens));
    if (metric === 'errors') return f.compact(sum.failures);
    if (metric === 'cost') {
      const cost = costOf(sum);
      if (cost === null) return unknownCosts(sum) > 0 ? t('usage.unknown') : '–';
      return cost.map(([of, amount]) => f.money(amount, of)).join(' + ');
    }
    const took = tookOf(sum, 'latency', 'p95');
    return took === null ? '–' : f.ms(took);
  }

  function note(sum: Sum, past: Sum | undefined, metric: Metric): string {
    if (metric === 'errors') {
      return sum.exchanges > 0 ? t('usage.rate', { rate: f.percent(sum.failures / sum.exchanges) }) : '';
    }
    if (metric === 'latency') {
      const median = tookOf(sum, 'latency', 'p50');
      return median === null ? '' : t('usage.median', { time: f.ms(median) });
    }
    if (metric === 'cost' && unknownCosts(sum) > 0) return t('usage.unpriced', { count: unknownCosts(sum) });
    const moved = past && change(amountOf(sum, metric, currency), amountOf(past, metric, currency));
    if (moved === null || moved === undefined) return t('home.yesterday.none');
    if (Math.abs(moved) < LEAST) return t('home.yesterday.same');
    const by = f.percent(Math.round(Math.abs(moved) * 100) / 100);
    return moved >= 0 ? t('home.yesterday.more', { by }) : t('home.yesterday.less', { by });
  }
}
