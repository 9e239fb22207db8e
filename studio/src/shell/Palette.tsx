/** Everything by keyboard: pages, models to ask, what to look up. */
import '@mantine/spotlight/styles.css';
import { Kbd, useMantineColorScheme } from '@mantine/core';
import { createSpotlight, Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import {
  IconBoxModel2,
  IconFileSearch,
  IconKey,
  IconKeyboard,
  IconLanguage,
  IconLogout,
  IconMessages,
  IconPlug,
  IconSearch,
  IconSunMoon,
  IconUserPlus,
} from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { ask } from '../api/queries';
import { useMay } from '../api/rights';
import { choose, useWords } from '../i18n';
import { signOut } from './Account';
import { PLACES, type Place } from './places';
import { type Wish, wish } from './wish';

const [store, spotlight] = createSpotlight();

export default function Palette(props: { asked: number; help: () => void }): ReactNode {
  const { t, language } = useWords();
  const go = useNavigate();
  const { toggleColorScheme } = useMantineColorScheme();
  const may = useMay();
  const models = useQuery({ ...ask.gatewayModels(), enabled: may('playground.use') });
  const keys = useInfiniteQuery({ ...ask.keys(false), enabled: may('keys.read') });
  const [query, setQuery] = useState('');
  useEffect(() => {
    if (props.asked > 0) spotlight.open();
  }, [props.asked]);

  const pages: SpotlightActionData[] = PLACES.filter(({ right }) => may(right)).map(
    ({ to, word, icon: Icon }) => ({
      id: to,
      label: t(word),
      leftSection: <Icon size={18} stroke={1.6} />,
      onClick: () => void go({ to }),
    }),
  );
  const made = (what: Wish, to: Place['to'], Icon: typeof IconKey, label: string): SpotlightActionData => ({
    id: `make-${what}`,
    label,
    leftSection: <Icon size={18} stroke={1.6} />,
    onClick: () => {
      wish(what);
      void go({ to });
    },
  });
  const things: SpotlightActionData[] = [
    ...(may('keys.write') ? [made('key', '/keys', IconKey, t('palette.key'))] : []),
    ...(may('providers.write') ? [made('provider', '/providers', IconPlug, t('palette.provider'))] : []),
    ...(may('accounts.write') ? [made('member', '/members', IconUserPlus, t('palette.member'))] : []),
    {
      id: 'theme',
      label: t('palette.theme'),
      leftSection: <IconSunMoon size={18} stroke={1.6} />,
      onClick: toggleColorScheme,
    },
    {
      id: 'language',
      label: language === 'fr' ? 'Switch to English' : 'Passer en français',
      leftSection: <IconLanguage size={18} stroke={1.6} />,
      onClick: () => choose(language === 'fr' ? 'en' : 'fr'),
    },
    {
      id: 'shortcuts',
      label: t('shortcuts.title'),
      leftSection: <IconKeyboard size={18} stroke={1.6} />,
      rightSection: <Kbd size="xs">?</Kbd>,
      onClick: props.help,
    },
    {
      id: 'signout',
      label: t('shell.signout'),
      leftSection: <IconLogout size={18} stroke={1.6} />,
      onClick: () => void signOut(),
    },
  ];
  const asked: SpotlightActionData[] = (models.data ?? []).slice(0, 200).map((model) => ({
    id: `ask-${model}`,
    label: t('palette.ask', { model }),
    leftSection: <IconMessages size={18} stroke={1.6} />,
    onClick: () => void go({ to: '/playground', search: { model } }),
  }));
  const own: SpotlightActionData[] = (keys.data?.pages ?? [])
    .flatMap((page) => page.items)
    .map((key) => ({
      id: `key-${key.id}`,
      label: t('palette.ownkey', { name: key.name }),
      leftSection: <IconKey size={18} stroke={1.6} />,
      onClick: () => void go({ to: '/keys' }),
    }));
  const documents: SpotlightActionData[] =
    query.trim() && may('search.use')
      ? [
          {
            id: 'documents',
            label: t('palette.documents', { query }),
            keywords: query,
            leftSection: <IconFileSearch size={18} stroke={1.6} />,
            onClick: () => void go({ to: '/search', search: { q: query.trim() } }),
          },
        ]
      : [];
  const searched: SpotlightActionData[] = query.trim()
    ? [
        {
          id: 'search',
          label: t('palette.search', { query }),
          keywords: query,
          leftSection: <IconBoxModel2 size={18} stroke={1.6} />,
          onClick: () => void go({ to: '/models', search: { q: query.trim() } }),
        },
      ]
    : [];
  return (
    <Spotlight
      store={store}
      shortcut={null}
      query={query}
      onQueryChange={setQuery}
      limit={9}
      highlightQuery
      scrollable
      maxHeight={420}
      attributes={{ content: { 'aria-label': t('shell.find') } }}
      nothingFound={t('palette.nothing')}
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: t('palette.placeholder'),
        'aria-label': t('palette.placeholder'),
      }}
      actions={[
        { group: t('palette.pages'), actions: pages },
        { group: t('palette.actions'), actions: things },
        { group: t('palette.keys'), actions: query.trim() ? own : [] },
        { group: t('nav.search'), actions: documents },
        { group: t('palette.models'), actions: [...asked, ...searched] },
      ]}
    />
  );
}
