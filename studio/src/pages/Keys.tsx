/** Who may call the gateway: keys are made here, shown once, changed, renewed and revoked. */
import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconKey, IconPlus, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { keyring } from '../api/keyring';
import { useMay } from '../api/rights';
import type { KeyShape, NewKeyShape } from '../api/schema';
import { useWords } from '../i18n';
import { useWish } from '../shell/wish';
import { More } from '../ui/More';
import { Card, Page } from '../ui/parts';
import { Empty, Shown } from '../ui/states';
import { Form } from './keys/Form';
import { KeyTable } from './keys/KeyTable';
import { Made } from './keys/Made';
import { Revoke } from './keys/Revoke';
import { Rotate } from './keys/Rotate';
import './keys/keys.css';

type Act = { what: 'edit' | 'rotate' | 'revoke'; key: KeyShape } | { what: 'new' };
const STATES = ['active', 'expired', 'revoked'] as const;
type StateName = (typeof STATES)[number];

export function Keys(): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const [words, setWords] = useState('');
  const [project, setProject] = useState<string | null>(null);
  const [state, setState] = useState<StateName | null>(null);
  const [act, setAct] = useState<Act | null>(null);
  useWish('key', () => setAct({ what: 'new' }));
  const [made, setMade] = useState<{ key: NewKeyShape; renewed: boolean } | null>(null);
  const [q] = useDebouncedValue(words.trim(), 200);
  const projects = useQuery(keyring.projects());
  const keys = useInfiniteQuery(
    keyring.list({ q, ...(project ? { project } : {}), ...(state ? { state } : {}) }),
  );
  const filtered = q !== '' || project !== null || state !== null;
  const close = (): void => setAct(null);
  const create = may('keys.write') && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAct({ what: 'new' })}>
      {t('keys.new')}
    </Button>
  );
  return (
    <Page title={t('nav.keys')} lead={t('keys.lead')} actions={create}>
      <div className="keyfind">
        <TextInput
          aria-label={t('keys.find')}
          placeholder={t('keys.find')}
          leftSection={<IconSearch size={15} />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Select
          aria-label={t('keys.state')}
          placeholder={t('keys.state.current')}
          clearable
          clearButtonProps={{ 'aria-label': t('keys.state.current') }}
          data={STATES.map((each) => ({ value: each, label: t(`keys.state.${each}`) }))}
          value={state}
          onChange={(value) => setState(value as StateName | null)}
        />
        {(projects.data?.length ?? 0) > 1 && (
          <Select
            aria-label={t('keys.project')}
            placeholder={t('keys.project.all')}
            clearable
            searchable
            clearButtonProps={{ 'aria-label': t('keys.project.all') }}
            data={projects.data ?? []}
            value={project}
            onChange={setProject}
          />
        )}
      </div>
      <Card>
        <Shown query={keys}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length > 0) return <KeyTable items={items} act={setAct} />;
            return (
              <Empty
                icon={<IconKey size={20} />}
                title={filtered ? t('keys.nonefit') : t('keys.none')}
                action={!filtered && create}
              >
                {filtered ? t('keys.nonefit.detail') : t('keys.none.detail')}
              </Empty>
            );
          }}
        </Shown>
        <More of={keys} />
      </Card>
      <Modal
        opened={act !== null}
        onClose={close}
        title={act ? titleOf(act, t) : ''}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {act?.what === 'new' && (
          <Form
            close={close}
            made={(key) => {
              close();
              setMade({ key, renewed: false });
            }}
          />
        )}
        {act?.what === 'edit' && <Form was={act.key} close={close} />}
        {act?.what === 'rotate' && (
          <Rotate
            of={act.key}
            close={close}
            made={(key) => {
              close();
              setMade({ key, renewed: true });
            }}
          />
        )}
        {act?.what === 'revoke' && <Revoke of={act.key} close={close} />}
      </Modal>
      <Modal
        opened={made !== null}
        onClose={() => setMade(null)}
        closeOnClickOutside={false}
        title={made?.renewed ? t('keys.renewed') : t('keys.made')}
        size="lg"
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {made && <Made made={made.key} close={() => setMade(null)} />}
      </Modal>
    </Page>
  );
}

function titleOf(act: Act, t: ReturnType<typeof useWords>['t']): string {
  return act.what === 'new' ? t('keys.new') : `${t(`keys.act.${act.what}`)} · ${act.key.name}`;
}
