/** Which requests count: chips that can be taken away, and a way to add one. */
import { Button, CloseButton, Popover, Select } from '@mantine/core';
import { IconAlertTriangle, IconFilter } from '@tabler/icons-react';
import { useQueries, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ask, type Which } from '../../api/queries';
import { useWords } from '../../i18n';
import {
  DIMENSIONS,
  type Dimension,
  narrowed,
  UNFILTERED,
  type UsageSearch,
  valuesOf,
  widened,
} from '../../lib/asked';
import type { Go } from '../Usage';

export function Filters(props: { search: UsageSearch; which: Which; go: Go }): ReactNode {
  const { t } = useWords();
  const { search, which, go } = props;
  const chips = DIMENSIONS.flatMap((dimension) =>
    valuesOf(search[dimension]).map((value) => ({ dimension, value })),
  );
  const nameOf = useNames(search, which);
  const some = chips.length + (search.failed ? 1 : 0);
  return (
    <div className="row filters-row">
      <Add search={search} which={which} go={go} />
      <Button
        variant={search.failed ? 'light' : 'default'}
        leftSection={<IconAlertTriangle size={15} />}
        aria-pressed={search.failed !== undefined}
        onClick={() => go({ failed: search.failed ? undefined : 'yes' })}
      >
        {t('usage.onlyfailed')}
      </Button>
      {chips.map(({ dimension, value }) => {
        const name = nameOf(dimension, value);
        return (
          <span key={`${dimension} ${value}`} className="chip" title={name}>
            <span className="kind">{t(`usage.${dimension}`)}</span>
            <span className="clip">{name}</span>
            <CloseButton
              size="sm"
              iconSize={13}
              aria-label={t('usage.clear', { name })}
              onClick={() => go(widened(search, dimension, value))}
            />
          </span>
        );
      })}
      {some > 1 && (
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => go(UNFILTERED)}>
          {t('usage.clearall')}
        </Button>
      )}
    </div>
  );
}

/** Keys and projects are filtered by their ids; people know them by their names. */
function useNames(search: UsageSearch, which: Which): (dimension: Dimension, value: string) => string {
  const { t } = useWords();
  const named = (['key', 'project'] as const).filter((each) => search[each]);
  const reports = useQueries({
    queries: named.map((dimension) =>
      ask.usage({ since: which.since, [dimension]: which[dimension], by: [dimension] }),
    ),
  });
  return (dimension, value) => {
    if (value === '') return t('usage.none.value');
    const rows = reports[named.indexOf(dimension as 'key' | 'project')]?.data?.rows ?? [];
    const found = rows.find((row) => row.group[dimension]?.id === value)?.group[dimension]?.name;
    // An id says little; its end tells two of them apart.
    return found || (/^[0-9a-f-]{36}$/.test(value) ? `…${value.slice(-6)}` : value);
  };
}

function Add(props: { search: UsageSearch; which: Which; go: Go }): ReactNode {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconFilter size={15} />}
          onClick={() => setOpen((was) => !was)}
          aria-expanded={open}
        >
          {t('usage.filter')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>{open && <Choice {...props} close={() => setOpen(false)} />}</Popover.Dropdown>
    </Popover>
  );
}

function Choice(props: { search: UsageSearch; which: Which; go: Go; close: () => void }): ReactNode {
  const { t, f } = useWords();
  const { search, which, go, close } = props;
  const [dimension, setDimension] = useState<Dimension>(search.by ?? 'model');
  const { since, until } = which;
  const report = useQuery(ask.usage({ since, ...(until ? { until } : {}), by: [dimension] }));
  const taken = valuesOf(search[dimension]);
  const rows = [...(report.data?.rows ?? [])].sort((a, b) => b.exchanges - a.exchanges);
  return (
    <div className="days">
      <Select
        label={t('usage.filter.dimension')}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        value={dimension}
        onChange={(value) => value && setDimension(value as Dimension)}
        data={DIMENSIONS.map((value) => ({ value, label: t(`usage.${value}`) }))}
      />
      <Select
        key={dimension}
        label={t('usage.filter.value')}
        placeholder={report.isPending ? t('state.loading') : t('usage.filter.pick')}
        searchable
        data-autofocus
        nothingFoundMessage={t('usage.filter.none')}
        comboboxProps={{ withinPortal: false }}
        maxDropdownHeight={260}
        value={null}
        onChange={(value) => {
          if (value === null) return;
          close();
          go(narrowed(search, dimension, value === NOTHING ? '' : value));
        }}
        data={rows
          .map((row) => ({ id: row.group[dimension]?.id ?? '', name: row.group[dimension]?.name, row }))
          .filter((each) => !taken.includes(each.id))
          .map(({ id, name, row }) => ({
            value: id || NOTHING,
            label: `${name || id || t('usage.none.value')} (${f.number(row.exchanges)})`,
          }))}
      />
    </div>
  );
}

/** A select cannot hold the empty value. */
const NOTHING = '∅';
