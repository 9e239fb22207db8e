/** The groups in a table that can be sorted; a row narrows everything to itself. */
import { Button, SegmentedControl, Table, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { ReportShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { DIMENSIONS, type Dimension, type Metric } from '../../lib/asked';
import { amountOf, costOf, currencyOf, type Sum, tookOf, total, unknownCosts } from '../../lib/series';
import { Card, Scroll } from '../../ui/parts';
import { Rows, Shown } from '../../ui/states';
import type { Go } from '../Usage';

const COLUMNS = ['requests', 'share', 'errors', 'tokens', 'p50', 'p95', 'cost'] as const;
type Column = (typeof COLUMNS)[number];
const FEW = 10;

export function Groups(props: {
  report: UseQueryResult<ReportShape>;
  by: Dimension;
  metric: Metric;
  go: Go;
  narrow: (dimension: Dimension, value: string) => void;
}): ReactNode {
  const { t } = useWords();
  const { report, by, go, narrow } = props;
  return (
    <Card
      title={t('usage.view.group', { by: t(`usage.${by}`).toLocaleLowerCase() })}
      aside={
        <SegmentedControl
          size="xs"
          className="by"
          aria-label={t('usage.by')}
          value={by}
          onChange={(value) => go({ by: value === 'model' ? undefined : (value as Dimension) })}
          data={DIMENSIONS.map((value) => ({ value, label: t(`usage.${value}`) }))}
        />
      }
    >
      <Shown query={report} waiting={<Rows count={5} />}>
        {({ rows, total: all }) => (
          <div className={report.isPlaceholderData ? 'stale' : undefined}>
            <Sorted rows={rows} all={all} by={by} narrow={narrow} />
          </div>
        )}
      </Shown>
    </Card>
  );
}

function Sorted(props: {
  rows: Sum[];
  all: Sum;
  by: Dimension;
  narrow: (dimension: Dimension, value: string) => void;
}): ReactNode {
  const { t, f } = useWords();
  const { rows, all, by } = props;
  const [sort, setSort] = useState<{ column: Column; down: boolean }>({ column: 'requests', down: true });
  const [whole, setWhole] = useState(false);
  const currency = currencyOf(rows);
  const value = (row: Sum): number => {
    const { column } = sort;
    const found =
      column === 'p50' || column === 'p95'
        ? tookOf(row, 'latency', column)
        : column === 'cost' && costOf(row) === null
          ? null
          : amountOf(row, column === 'share' ? 'requests' : column, currency);
    return found ?? -1;
  };
  const sorted = [...rows].sort(
    (a, b) => (value(b) - value(a)) * (sort.down ? 1 : -1) || b.exchanges - a.exchanges,
  );
  const few = sorted.length > FEW + 1 && !whole;
  const ms = (at: number | null): string => (at === null ? '–' : f.ms(at));
  return (
    <>
      <Scroll label={t('usage.groups')}>
        <Table className="groups">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t(`usage.${by}`)}</Table.Th>
              {COLUMNS.map((column) => (
                <Table.Th
                  key={column}
                  className={column === 'share' ? undefined : 'right'}
                  aria-sort={sort.column !== column ? undefined : sort.down ? 'descending' : 'ascending'}
                >
                  <UnstyledButton
                    className="sort"
                    data-on={sort.column === column || undefined}
                    onClick={() =>
                      setSort((was) => ({ column, down: was.column === column ? !was.down : true }))
                    }
                  >
                    {t(`usage.column.${column}`)}
                    {sort.column === column &&
                      (sort.down ? <IconArrowDown size={12} /> : <IconArrowUp size={12} />)}
                  </UnstyledButton>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {(few ? sorted.slice(0, FEW) : sorted).map((row) => {
              const group = row.group[by];
              const name = group?.name || group?.id || t('usage.none.value');
              const share = all.exchanges > 0 ? row.exchanges / all.exchanges : 0;
              const cost = costOf(row);
              return (
                <Table.Tr key={group?.id ?? ''}>
                  <Table.Td className="named">
                    <button
                      type="button"
                      className="plain clip"
                      title={t('usage.narrow', { name })}
                      onClick={() => props.narrow(by, group?.id ?? '')}
                    >
                      {name}
                    </button>
                  </Table.Td>
                  <Table.Td className="right num">{f.number(row.exchanges)}</Table.Td>
                  <Table.Td>
                    <span className="share num">
                      <span className="bar">
                        <i style={{ width: `${share * 100}%` }} />
                      </span>
                      {f.percent(share)}
                    </span>
                  </Table.Td>
                  <Table.Td className="right num" data-none={row.failures === 0 || undefined}>
                    {f.number(row.failures)}
                    {row.failures > 0 && <small>{f.percent(row.failures / row.exchanges)}</small>}
                  </Table.Td>
                  <Table.Td className="right num">{f.compact(total(row.tokens))}</Table.Td>
                  <Table.Td className="right num">{ms(tookOf(row, 'latency', 'p50'))}</Table.Td>
                  <Table.Td className="right num">{ms(tookOf(row, 'latency', 'p95'))}</Table.Td>
                  <Table.Td
                    className="right num"
                    title={
                      unknownCosts(row) > 0 ? t('usage.unpriced', { count: unknownCosts(row) }) : undefined
                    }
                  >
                    {cost === null
                      ? unknownCosts(row) > 0
                        ? t('usage.unknown')
                        : '–'
                      : cost.map(([of, amount]) => f.money(amount, of)).join(' + ')}
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Scroll>
      {sorted.length > FEW + 1 && (
        <Button variant="subtle" fullWidth onClick={() => setWhole((was) => !was)}>
          {few ? t('usage.groups.all', { count: sorted.length }) : t('usage.groups.fewer')}
        </Button>
      )}
    </>
  );
}
