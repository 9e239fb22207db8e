/** Who may come in: people, and the programs that act for nobody in particular. */
import { Button, Tabs } from '@mantine/core';
import { IconPlus, IconUserPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useMay } from '../api/rights';
import { useWords } from '../i18n';
import { members } from '../router';
import { useWish } from '../shell/wish';
import { Page } from '../ui/parts';
import { Groups } from './members/Groups';
import { People } from './members/People';
import { RolesButton } from './members/Roles';
import { Tokens } from './members/Tokens';
import './members/members.css';

const MAKES = {
  people: { right: 'accounts.write', word: 'members.invite' },
  groups: { right: 'groups.write', word: 'groups.new' },
  tokens: { right: 'tokens.write', word: 'tokens.new' },
} as const;

export function Members(): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const go = useNavigate();
  const tab = members.useSearch().tab ?? 'people';
  const [making, setMaking] = useState(false);
  useWish('member', () => setMaking(true));
  return (
    <Page
      title={t('nav.members')}
      lead={t('members.lead')}
      actions={
        <>
          <RolesButton />
          {may(MAKES[tab].right) && (
            <Button
              leftSection={tab === 'people' ? <IconUserPlus size={16} /> : <IconPlus size={16} />}
              onClick={() => setMaking(true)}
            >
              {t(MAKES[tab].word)}
            </Button>
          )}
        </>
      }
    >
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) => {
          setMaking(false);
          void go({ to: '/members', search: next === 'tokens' || next === 'groups' ? { tab: next } : {} });
        }}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="people">{t('members.people')}</Tabs.Tab>
          {may('groups.read') && <Tabs.Tab value="groups">{t('groups.title')}</Tabs.Tab>}
          {may('tokens.read') && <Tabs.Tab value="tokens">{t('tokens.title')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="people">
          <People inviting={making} close={() => setMaking(false)} open={() => setMaking(true)} />
        </Tabs.Panel>
        <Tabs.Panel value="groups">
          <Groups making={making} close={() => setMaking(false)} open={() => setMaking(true)} />
        </Tabs.Panel>
        <Tabs.Panel value="tokens">
          <Tokens making={making} close={() => setMaking(false)} open={() => setMaking(true)} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
