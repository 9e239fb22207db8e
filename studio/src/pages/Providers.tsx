/** The hosts whose models can be called here: how they are, and a guided way to add one. */
import { Button, Modal } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ask } from '../api/queries';
import { useMay } from '../api/rights';
import { useWords } from '../i18n';
import { useWish } from '../shell/wish';
import { Page } from '../ui/parts';
import { Shown } from '../ui/states';
import { Adding } from './providers/Adding';
import { List } from './providers/List';
import { Teaching } from './providers/Teaching';
import '../ui/marks.css';
import './providers/providers.css';

export function Providers(): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const search = useSearch({ from: '/providers' });
  const go = useNavigate({ from: '/providers' });
  const providers = useQuery(ask.providers());
  const writes = may('providers.write');
  const add = (host: string | undefined): void => void go({ search: { add: host } });
  useWish('provider', () => add(''));
  const items = providers.data?.items ?? [];
  return (
    <Page
      title={t('nav.providers')}
      lead={t('providers.lead')}
      actions={
        writes && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => add('')}>
            {t('providers.add')}
          </Button>
        )
      }
    >
      <Shown query={providers} apart>
        {() => (items.length === 0 ? <Teaching choose={writes ? add : undefined} /> : <List items={items} />)}
      </Shown>
      <Modal
        opened={writes && search.add !== undefined}
        onClose={() => add(undefined)}
        title={t('providers.add')}
        size={760}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {search.add !== undefined && providers.data && (
          <Adding
            key={search.add}
            host={search.add}
            taken={items.map((each) => each.name)}
            choose={add}
            done={() => add(undefined)}
          />
        )}
      </Modal>
    </Page>
  );
}
