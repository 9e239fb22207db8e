/** What was asked, of whom, at which price: over time, by whatever one asks for, down to one request. */
import './usage/usage.css';
import { Drawer } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { ask, type Which } from '../api/queries';
import { useWords } from '../i18n';
import { type Dimension, filtersOf, narrowed, type UsageSearch } from '../lib/asked';
import { dayText, rangeOf } from '../lib/period';
import { Card, Page } from '../ui/parts';
import { Failure } from '../ui/states';
import { Entry } from './usage/Entry';
import { Export } from './usage/Export';
import { Filters } from './usage/Filters';
import { Groups } from './usage/Groups';
import { None } from './usage/None';
import { Over } from './usage/Over';
import { Requests } from './usage/Requests';
import { Span } from './usage/Span';

/** Changes a part of the address; the page stays where it is. */
export type Go = (part: Partial<UsageSearch>) => void;

export function Usage(): ReactNode {
  const search = useSearch({ from: '/usage' });
  const navigate = useNavigate({ from: '/usage' });
  const go: Go = (part) => void navigate({ search: (old) => ({ ...old, ...part }), resetScroll: false });
  return <Shown search={search} go={go} />;
}

function Shown(props: { search: UsageSearch; go: Go }): ReactNode {
  const { t } = useWords();
  const { search, go } = props;
  const range = rangeOf(search, new Date());
  const by = search.by ?? 'model';
  const metric = search.metric ?? 'requests';
  const from = range.since.toISOString();
  const to = range.until?.toISOString();
  const filters = useMemo(() => filtersOf(search), [search]);
  const which: Which = useMemo(
    () => ({ since: from, ...(to ? { until: to } : {}), ...filters }),
    [from, to, filters],
  );
  const queries = useQueryClient();
  const grouped = useQuery(ask.usage({ ...which, by: [by] }));
  const nothing = grouped.data?.total.exchanges === 0;
  const narrow = (dimension: Dimension, value: string): void => go(narrowed(search, dimension, value));
  return (
    <Page
      title={t('nav.usage')}
      lead={t('usage.lead')}
      actions={<Export which={which} by={by} range={range} count={grouped.data?.total.exchanges} />}
    >
      <div className="usage">
        <div className="asked">
          <Span range={range} search={search} go={go} />
          <Filters search={search} which={which} go={go} />
        </div>
        {grouped.error && !grouped.data ? (
          <Card>
            <Failure error={grouped.error} again={() => void queries.invalidateQueries()} />
          </Card>
        ) : nothing ? (
          <Card>
            <None filtered={Object.keys(filters).length > 0} range={range} go={go} />
          </Card>
        ) : (
          <>
            <Over
              which={which}
              range={range}
              by={by}
              metric={metric}
              view={search.view}
              grouped={grouped}
              go={go}
              narrow={narrow}
              zoom={(at) => go({ span: undefined, from: dayText(at), to: dayText(at) })}
            />
            <Groups report={grouped} by={by} metric={metric} go={go} narrow={narrow} />
            <Requests which={which} />
          </>
        )}
      </div>
      <Drawer
        opened={search.entry !== undefined}
        onClose={() => go({ entry: undefined })}
        position="right"
        size={560}
        title={t('entry.title')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
        overlayProps={{ backgroundOpacity: 0.25 }}
      >
        {search.entry && <Entry id={search.entry} go={go} />}
      </Drawer>
    </Page>
  );
}
