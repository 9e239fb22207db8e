/** The catalogue of what the world offers, and the models of this machine. */
import { SegmentedControl } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useWords } from '../i18n';
import { valuesOf } from '../lib/catalogue';
import { Page } from '../ui/parts';
import { Catalogue } from './models/Catalogue';
import { Comparison } from './models/Comparison';
import { Local } from './models/Local';
import '../ui/marks.css';
import './models/models.css';

export function Models(): ReactNode {
  const { t } = useWords();
  const search = useSearch({ from: '/models' });
  const go = useNavigate({ from: '/models' });
  const tab = search.tab ?? 'catalogue';
  const compared = valuesOf(search.compare);
  if (tab === 'catalogue' && search.side && compared.length > 0) {
    return (
      <Page title={t('models.compare.title')} lead={t('models.compare.lead')}>
        <Comparison
          names={compared}
          change={(names) =>
            void go({
              search: (old) => ({
                ...old,
                compare: names.join(',') || undefined,
                side: names.length > 0 ? 'yes' : undefined,
              }),
            })
          }
          back={() => void go({ search: (old) => ({ ...old, side: undefined }) })}
        />
      </Page>
    );
  }
  return (
    <Page
      title={t('nav.models')}
      lead={tab === 'local' ? t('models.local.lead') : t('models.lead')}
      actions={
        <SegmentedControl
          aria-label={t('nav.models')}
          value={tab}
          onChange={(value) => void go({ search: { tab: value === 'local' ? 'local' : undefined } })}
          data={[
            { value: 'catalogue', label: t('models.catalogue') },
            { value: 'local', label: t('models.local') },
          ]}
        />
      }
    >
      {tab === 'local' ? <Local /> : <Catalogue />}
    </Page>
  );
}
