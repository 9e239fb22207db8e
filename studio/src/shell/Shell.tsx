/** The frame around every page: where one is, where one can go, who one is. */
import { ActionIcon, Drawer, Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { useDisclosure, useHotkeys, useNetwork } from '@mantine/hooks';
import {
  IconActivity,
  IconBoxModel2,
  IconChevronDown,
  IconHome,
  IconKey,
  IconLanguage,
  IconLogout,
  IconMenu2,
  IconMessages,
  IconMoon,
  IconPlug,
  IconSearch,
  IconSettings,
  IconSun,
  IconSunMoon,
  IconUser,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { ApiError, at } from '../api/client';
import { ask } from '../api/queries';
import { choose, LANGUAGES, type Sentence, useWords } from '../i18n';
import type { Language } from '../lib/format';
import { Mark } from '../ui/parts';
import { Failure, Loading } from '../ui/states';
import { SetUp, SignIn } from './SignIn';

const Palette = lazy(() => import('./Palette'));

export const PLACES = [
  { to: '/', word: 'nav.home', icon: IconHome },
  { to: '/playground', word: 'nav.playground', icon: IconMessages },
  { to: '/models', word: 'nav.models', icon: IconBoxModel2 },
  { to: '/providers', word: 'nav.providers', icon: IconPlug },
  { to: '/keys', word: 'nav.keys', icon: IconKey },
  { to: '/usage', word: 'nav.usage', icon: IconActivity },
  { to: '/settings', word: 'nav.settings', icon: IconSettings },
] as const satisfies { to: string; word: Sentence; icon: typeof IconHome }[];

export async function signOut(): Promise<void> {
  await fetch(at('sign-out'), { method: 'POST', redirect: 'manual' });
  location.assign(at(''));
}

export function Shell(): ReactNode {
  const { t } = useWords();
  const me = useQuery(ask.me());
  const [menu, opened] = useDisclosure(false);
  const [palette, setPalette] = useState(0);
  const open = (): void => setPalette((count) => count + 1);
  const { online } = useNetwork();
  useHotkeys([['mod+K', open]], []);

  if (me.error instanceof ApiError && me.error.status === 401) return <SignIn />;
  if (me.error && !me.data) {
    return (
      <main className="center">
        <Failure error={me.error} again={() => void me.refetch()} />
      </main>
    );
  }
  if (!me.data) return <Loading />;
  if (!me.data.set_up) return <SetUp />;
  return (
    <>
      <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
        {t('shell.skip')}
      </button>
      <div className="shell">
        <nav className="side" aria-label={t('shell.menu')}>
          <Side open={open} name={me.data.name} />
        </nav>
        <div className="main">
          <header className="top">
            <Link to="/" className="brand">
              <Mark />
              Counterpoint
            </Link>
            <ActionIcon size="lg" aria-label={t('shell.find')} onClick={open}>
              <IconSearch size={18} />
            </ActionIcon>
            <ActionIcon size="lg" aria-label={t('shell.menu')} onClick={opened.open}>
              <IconMenu2 size={18} />
            </ActionIcon>
          </header>
          {!online && (
            <Text role="status" size="sm" px="md" py={6} bg="var(--cp-line)">
              {t('shell.offline')}
            </Text>
          )}
          <main id="main" tabIndex={-1} style={{ outline: 'none' }}>
            <Outlet />
          </main>
        </div>
      </div>
      <Drawer
        opened={menu}
        onClose={opened.close}
        size={270}
        title={t('shell.menu')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: closing after a choice; the links themselves take keys */}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: as above */}
        <div onClick={opened.close}>
          <Side open={open} name={me.data.name} plain />
        </div>
      </Drawer>
      {palette > 0 && (
        <Suspense>
          <Palette asked={palette} />
        </Suspense>
      )}
    </>
  );
}

function Side(props: { open: () => void; name: string; plain?: boolean }): ReactNode {
  const { t } = useWords();
  return (
    <>
      {!props.plain && (
        <Link to="/" className="brand">
          <Mark />
          Counterpoint
        </Link>
      )}
      <button type="button" className="find" onClick={props.open}>
        <IconSearch size={15} aria-hidden />
        {t('shell.find')}
        <kbd>{navigator.platform.startsWith('Mac') ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      {PLACES.map(({ to, word, icon: Icon }) => (
        <Link key={to} to={to} className="nav" activeOptions={{ exact: to === '/', includeSearch: false }}>
          <Icon size={17} stroke={1.7} aria-hidden />
          {t(word)}
        </Link>
      ))}
      <div style={{ marginTop: 'auto' }}>
        <Account name={props.name} />
      </div>
    </>
  );
}

function Account(props: { name: string }): ReactNode {
  const { t, language } = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="top-start" width={210} shadow="md">
      <Menu.Target>
        <UnstyledButton className="nav" w="100%" aria-label={t('shell.account', { name: props.name })}>
          <IconUser size={17} stroke={1.7} aria-hidden />
          <span className="clip">{props.name}</span>
          <IconChevronDown size={14} style={{ marginLeft: 'auto' }} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('settings.theme')}</Menu.Label>
        {(
          [
            ['light', IconSun],
            ['dark', IconMoon],
            ['auto', IconSunMoon],
          ] as const
        ).map(([scheme, Icon]) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={15} />}
            onClick={() => setColorScheme(scheme)}
            fw={colorScheme === scheme ? 600 : undefined}
          >
            {t(`settings.theme.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Label>{t('settings.language')}</Menu.Label>
        {(Object.keys(LANGUAGES) as Language[]).map((each) => (
          <Menu.Item
            key={each}
            lang={each}
            leftSection={<IconLanguage size={15} />}
            fw={language === each ? 600 : undefined}
            onClick={() => choose(each)}
          >
            {LANGUAGES[each]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={() => void signOut()}>
          {t('shell.signout')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
