/** The frame around every page: where one is, where one can go, who one is. */
import { ActionIcon, Drawer } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconMenu2, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { ApiError } from '../api/client';
import { ask } from '../api/queries';
import { useMay } from '../api/rights';
import type { MeShape } from '../api/schema';
import { useWords } from '../i18n';
import { Mark } from '../ui/parts';
import { Failure, Loading } from '../ui/states';
import { Account } from './Account';
import { useArrival } from './arrive';
import { Gate } from './Gate';
import { useLive, Word } from './Live';
import { part } from './parts';
import { PLACES } from './places';
import { useChords } from './useChords';

const Palette = lazy(() => import('./Palette'));
const Shortcuts = lazy(() => import('./Shortcuts'));
const SignIn = part(() => import('./signin/SignIn').then((part) => part.SignIn));
const SetUp = part(() => import('./signin/SetUp').then((part) => part.SetUp));
const Arrival = part(() => import('./signin/Arrival').then((part) => part.Arrival));
const Again = part(() => import('./signin/Again').then((part) => part.Again));

export function Shell(): ReactNode {
  const { t } = useWords();
  const me = useQuery(ask.me());
  const [menu, opened] = useDisclosure(false);
  const [palette, setPalette] = useState(0);
  const open = (): void => setPalette((count) => count + 1);
  const away = me.error instanceof ApiError && me.error.status === 0;
  const live = useLive(me.data?.set_up ?? away);
  const [shortcuts, setShortcuts] = useState(0);
  const help = (): void => setShortcuts((count) => count + 1);
  useHotkeys([['mod+K', open]], []);
  useChords(help);
  useArrival();

  const refused = me.error instanceof ApiError && me.error.status === 401;
  // Asking again forgets the refusal for a moment; the form that somebody is filling in stays.
  const [stranger, setStranger] = useState(false);
  if (stranger !== refused && (refused || me.data)) setStranger(refused);
  const arriving = useRouterState({ select: (state) => state.location.pathname === '/sign-in' });

  if (arriving || (stranger && !me.data)) {
    return <Suspense fallback={<Loading />}>{arriving ? <Arrival /> : <SignIn />}</Suspense>;
  }
  if (me.error && !me.data) {
    return (
      <main className="center">
        <Failure error={me.error} again={() => void me.refetch()} alone />
      </main>
    );
  }
  if (!me.data) return <Loading />;
  if (!me.data.set_up) {
    return (
      <Suspense fallback={<Loading />}>
        <SetUp />
      </Suspense>
    );
  }
  return (
    <>
      <Word {...live} />
      <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
        {t('shell.skip')}
      </button>
      <div className="shell">
        <nav className="side" aria-label={t('shell.menu')}>
          <Side open={open} me={me.data} />
        </nav>
        <div className="main">
          <nav className="top" aria-label={t('shell.menu')}>
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
          </nav>
          <main id="main" tabIndex={-1} style={{ outline: 'none' }}>
            <Gate />
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
          <Side open={open} me={me.data} plain />
        </div>
      </Drawer>
      {stranger && (
        <Suspense>
          <Again />
        </Suspense>
      )}
      {palette > 0 && (
        <Suspense>
          <Palette asked={palette} help={help} />
        </Suspense>
      )}
      {shortcuts > 0 && (
        <Suspense>
          <Shortcuts asked={shortcuts} />
        </Suspense>
      )}
    </>
  );
}

function Side(props: { open: () => void; me: MeShape; plain?: boolean }): ReactNode {
  const { t } = useWords();
  const may = useMay();
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
      {PLACES.filter(({ right }) => may(right)).map(({ to, word, icon: Icon }) => (
        <Link key={to} to={to} className="nav" activeOptions={{ exact: to === '/', includeSearch: false }}>
          <Icon size={17} stroke={1.7} aria-hidden />
          {t(word)}
        </Link>
      ))}
      <div style={{ marginTop: 'auto' }}>
        <Account me={props.me} />
      </div>
    </>
  );
}
