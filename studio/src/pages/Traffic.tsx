/** Every request as it comes, one of them in full. */
import './usage/usage.css';
import { Button, Drawer } from '@mantine/core';
import { IconGitFork } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import type { Which } from '../api/queries';
import { useWords } from '../i18n';
import { filtersOf } from '../lib/asked';
import { rangeOf } from '../lib/period';
import { Page } from '../ui/parts';
import type { Go } from './Usage';
import { Entry } from './usage/Entry';
import { Filters } from './usage/Filters';
import { Requests } from './usage/Requests';
import { Span } from './usage/Span';

export function Traffic(): ReactNode {
  const { t } = useWords();
  const search = useSearch({ from: '/traffic' });
  const navigate = useNavigate({ from: '/traffic' });
  const go: Go = (part) => void navigate({ search: (old) => ({ ...old, ...part }), resetScroll: false });
  const asked = search.span || search.from || search.to ? search : { ...search, span: 'day' };
  const range = rangeOf(asked, new Date());
  const from = range.since.toISOString();
  const to = range.until?.toISOString();
  const filters = useMemo(() => filtersOf(search), [search]);
  const beside = search.beside !== undefined;
  const which: Which = useMemo(
    () => ({ since: from, ...(to ? { until: to } : {}), ...filters, ...(beside ? {} : { purpose: [''] }) }),
    [from, to, filters, beside],
  );
  return (
    <Page title={t('nav.traffic')} lead={t('traffic.lead')}>
      <div className="usage">
        <div className="asked">
          <Span range={range} search={search} go={go} />
          <Filters search={search} which={which} go={go} />
          <Button
            variant={beside ? 'light' : 'default'}
            leftSection={<IconGitFork size={15} />}
            aria-pressed={beside}
            title={t('traffic.beside.what')}
            onClick={() => go({ beside: beside ? undefined : 'yes' })}
          >
            {t('traffic.beside')}
          </Button>
        </div>
        <Requests which={which} at="/traffic" />
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
        {search.entry && <Entry key={search.entry} id={search.entry} go={go} />}
      </Drawer>
    </Page>
  );
}
