/** What the company knows: where documents come from, how far each is, who may see it, and how a question finds it. */
import { Button, Modal, Tabs } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useMay } from '../api/rights';
import { useWords } from '../i18n';
import type { KnowledgeSearch } from '../lib/known';
import { knowledge } from '../router';
import { Page } from '../ui/parts';
import { DocumentDrawer } from './knowledge/Document';
import { Form } from './knowledge/Form';
import { OneSource } from './knowledge/OneSource';
import { Receipts } from './knowledge/Receipts';
import { Sources } from './knowledge/Sources';
import { Trace } from './knowledge/Trace';
import '../ui/marks.css';
import './knowledge/knowledge.css';
import './search/search.css';

export type Go = (part: Partial<KnowledgeSearch>) => void;

export function Knowledge(): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const asked = knowledge.useSearch();
  const navigate = useNavigate({ from: '/knowledge' });
  const go: Go = (part) => void navigate({ search: (was) => ({ ...was, ...part }), resetScroll: false });
  const [adding, setAdding] = useState(false);
  const writes = may('knowledge.write');
  const drawer = <DocumentDrawer id={asked.doc} close={() => go({ doc: undefined })} />;
  if (asked.source) {
    return (
      <>
        <OneSource key={asked.source} id={asked.source} asked={asked} go={go} />
        {drawer}
      </>
    );
  }
  const tab = asked.tab ?? 'sources';
  return (
    <Page
      title={t('nav.knowledge')}
      lead={t('knowledge.lead')}
      actions={
        writes &&
        tab === 'sources' && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
            {t('knowledge.add')}
          </Button>
        )
      }
    >
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) =>
          void navigate({ search: next === 'trace' || next === 'receipts' ? { tab: next } : {} })
        }
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="sources">{t('knowledge.sources')}</Tabs.Tab>
          {writes && <Tabs.Tab value="trace">{t('trace.title')}</Tabs.Tab>}
          {may('receipts.own') && <Tabs.Tab value="receipts">{t('receipts.title')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="sources">
          <Sources add={() => setAdding(true)} go={go} />
        </Tabs.Panel>
        <Tabs.Panel value="trace">
          <Trace go={go} />
        </Tabs.Panel>
        <Tabs.Panel value="receipts">
          <Receipts open={asked.receipt} go={go} />
        </Tabs.Panel>
      </Tabs>
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        size="lg"
        title={t('knowledge.add')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <Form
          close={() => setAdding(false)}
          made={({ id }) => {
            setAdding(false);
            go({ source: id });
          }}
        />
      </Modal>
      {drawer}
    </Page>
  );
}
