/** Which host it is: the catalogue's, searched by name, or a server of one's own. */
import { Button, Stack, Text, TextInput } from '@mantine/core';
import { IconSearch, IconServer } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { askCatalogue } from '../../api/catalogue';
import type { HostShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { countryName } from '../../lib/models';
import { found } from '../../lib/provider';
import { Rows, Shown } from '../../ui/states';

/** Four rows of three: a server of one's own is to be seen, too. */
const FIRST = 12;

export function Choosing(props: { choose: (host: string) => void }): ReactNode {
  const { t } = useWords();
  const hosts = useQuery(askCatalogue.hosts());
  const [words, setWords] = useState('');
  const [all, setAll] = useState(false);
  return (
    <Stack gap="md">
      <TextInput
        type="search"
        data-autofocus
        aria-label={t('providers.search')}
        placeholder={t('providers.search')}
        leftSection={<IconSearch size={16} />}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <Shown query={hosts} waiting={<Rows count={6} />}>
        {({ items }) => {
          const fitting = found(items, words) as HostShape[];
          const cloud = fitting.filter((host) => host.kind !== 'local');
          const local = fitting.filter((host) => host.kind === 'local');
          const shown = all || words ? cloud : cloud.slice(0, FIRST);
          const own = items.find((host) => host.kind === 'custom');
          return (
            <>
              {shown.length > 0 && <Grid hosts={shown} choose={props.choose} />}
              {cloud.length > shown.length && (
                <Button variant="subtle" color="gray" onClick={() => setAll(true)}>
                  {t('providers.all', { count: cloud.length })}
                </Button>
              )}
              {fitting.length === 0 && (
                <Text size="sm" c="dimmed">
                  {t('providers.nothing')}
                </Text>
              )}
              <Text size="sm" fw={600} component="h3" m={0}>
                {t('providers.own.title')}
              </Text>
              <div className="host-grid">
                {local.map((host) => (
                  <HostCard key={host.name} host={host} choose={props.choose} />
                ))}
                {own && (
                  <button type="button" className="host-card" onClick={() => props.choose(own.name)}>
                    <span className="host-name">
                      <IconServer size={15} aria-hidden /> {t('providers.own')}
                    </span>
                    <span className="sub">{t('providers.own.detail')}</span>
                  </button>
                )}
              </div>
            </>
          );
        }}
      </Shown>
    </Stack>
  );
}

export function Grid(props: { hosts: HostShape[]; choose: (host: string) => void }): ReactNode {
  return (
    <div className="host-grid">
      {props.hosts.map((host) => (
        <HostCard key={host.name} host={host} choose={props.choose} />
      ))}
    </div>
  );
}

function HostCard(props: { host: HostShape; choose: (host: string) => void }): ReactNode {
  const { t, language } = useWords();
  const { host } = props;
  const facts =
    host.kind === 'local'
      ? [t('providers.local')]
      : [
          host.country ? countryName(host.country, language) : t('providers.country.unknown'),
          host.models > 0 && t('providers.offers', { count: host.models }),
        ];
  return (
    <button type="button" className="host-card" onClick={() => props.choose(host.name)}>
      <span className="host-name">{host.display}</span>
      <span className="sub">{facts.filter(Boolean).join(' · ')}</span>
      <span className="sub host-dialects">{host.dialects.join(', ')}</span>
    </button>
  );
}
