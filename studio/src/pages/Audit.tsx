/** Who changed what, when and from where; one act in full; whether the log is whole. */
import { Button, Drawer, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload, IconListSearch, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { type Acts, auditing } from '../api/auditing';
import { useWords } from '../i18n';
import { ACTORS, type ActorKind, exportPath } from '../lib/audit';
import { More } from '../ui/More';
import { Card, Page } from '../ui/parts';
import { Empty, Shown } from '../ui/states';
import { Act } from './audit/Act';
import { ActTable } from './audit/ActTable';
import { Verdict } from './audit/Verdict';
import './audit/audit.css';

const OUTCOMES = ['done', 'refused'] as const;

export function Audit(): ReactNode {
  const { t } = useWords();
  const search = useSearch({ from: '/audit' });
  const navigate = useNavigate({ from: '/audit' });
  const open = (act?: number): void => void navigate({ search: { act }, resetScroll: false });
  const [words, setWords] = useState('');
  const [actor, setActor] = useState<ActorKind | null>(null);
  const [outcome, setOutcome] = useState<(typeof OUTCOMES)[number] | null>(null);
  const [asked] = useDebouncedValue(words.trim(), 200);
  const which: Acts = {
    ...(asked ? { words: asked } : {}),
    ...(actor ? { actor } : {}),
    ...(outcome ? { outcome } : {}),
  };
  const acts = useInfiniteQuery(auditing.list(which));
  const file = exportPath({ words: asked, actor: actor ?? undefined, outcome: outcome ?? undefined });
  return (
    <Page
      title={t('nav.audit')}
      lead={t('audit.lead')}
      actions={
        <Button
          component="a"
          variant="default"
          href={new URL(file, document.baseURI).href}
          download
          leftSection={<IconDownload size={15} />}
        >
          {t('audit.export')}
        </Button>
      }
    >
      <Verdict />
      <div className="actfind">
        <TextInput
          aria-label={t('audit.find')}
          placeholder={t('audit.find')}
          leftSection={<IconSearch size={15} />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Select
          aria-label={t('audit.actor')}
          placeholder={t('audit.actor.all')}
          clearable
          clearButtonProps={{ 'aria-label': t('audit.actor.all') }}
          data={ACTORS.map((each) => ({ value: each, label: t(`audit.actor.${each}`) }))}
          value={actor}
          onChange={(value) => setActor(value as ActorKind | null)}
        />
        <Select
          aria-label={t('audit.outcome')}
          placeholder={t('audit.outcome.all')}
          clearable
          clearButtonProps={{ 'aria-label': t('audit.outcome.all') }}
          data={OUTCOMES.map((each) => ({ value: each, label: t(`audit.outcome.${each}`) }))}
          value={outcome}
          onChange={(value) => setOutcome(value as (typeof OUTCOMES)[number] | null)}
        />
      </div>
      <Card>
        <Shown query={acts}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length > 0) return <ActTable items={items} open={open} />;
            return (
              <Empty icon={<IconListSearch size={20} />} title={t('audit.nonefit')}>
                {t('audit.nonefit.detail')}
              </Empty>
            );
          }}
        </Shown>
        <More of={acts} />
      </Card>
      <Drawer
        opened={search.act !== undefined}
        onClose={() => open()}
        position="right"
        size={600}
        title={t('audit.act', { number: search.act ?? 0 })}
        closeButtonProps={{ 'aria-label': t('action.close') }}
        overlayProps={{ backgroundOpacity: 0.25 }}
      >
        {search.act !== undefined && <Act key={search.act} number={search.act} />}
      </Drawer>
    </Page>
  );
}
