/** Everything by keyboard: pages, models to ask, what to look up. */
import '@mantine/spotlight/styles.css';
import { useMantineColorScheme } from '@mantine/core';
import { createSpotlight, Spotlight, type SpotlightActionData } from '@mantine/spotlight';
import {
  IconBoxModel2,
  IconLanguage,
  IconLogout,
  IconMessages,
  IconSearch,
  IconSunMoon,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { ask } from '../api/queries';
import { useMay } from '../api/rights';
import { choose, useWords } from '../i18n';
import { signOut } from './Account';
import { PLACES } from './places';

const [store, spotlight] = createSpotlight();

export default function Palette(props: { asked: number }): ReactNode {
  const { t, language } = useWords();
  const go = useNavigate();
  const { toggleColorScheme } = useMantineColorScheme();
  const may = useMay();
  const models = useQuery({ ...ask.gatewayModels(), enabled: may('playground.use') });
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
  const things: SpotlightActionData[] = [
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
      nothingFound={t('palette.nothing')}
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: t('palette.placeholder'),
        'aria-label': t('palette.placeholder'),
      }}
      actions={[
        { group: t('palette.pages'), actions: pages },
        { group: t('palette.models'), actions: [...asked, ...searched] },
        { group: t('palette.actions'), actions: things },
      ]}
    />
  );
}
