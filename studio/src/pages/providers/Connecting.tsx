/** Only what this host needs: its key, whatever its address asks for, and the name it goes by here. */
import { Anchor, Button, SegmentedControl, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { HostShape } from '../../api/schema';
import { type Sentence, useWords } from '../../i18n';
import { countryName } from '../../lib/models';
import { asksFor, type Draft, type Lack, lacks, nameFlaw } from '../../lib/provider';
import { Flaws } from '../../ui/states';
import { Credentials } from './Credentials';
import { Governing } from './Governing';

const DIALECTS = ['openai-chat', 'anthropic-messages'] as const;
const SETTINGS = [
  'account',
  'address',
  'api_version',
  'databricks_host',
  'location',
  'project',
  'region',
  'resource',
] as const;

export function Connecting(props: {
  host: HostShape;
  draft: Draft;
  taken: readonly string[];
  change: (part: Partial<Draft>) => void;
  back: () => void;
  error: unknown;
  busy: boolean;
  go: () => void;
}): ReactNode {
  const { t, language } = useWords();
  const { host, draft, change } = props;
  const [tried, setTried] = useState(false);
  const own = host.kind === 'custom';
  const missing = lacks(host, draft);
  const flaw = nameFlaw(draft.name.trim(), props.taken);
  const lack = (which: Lack | string): string | undefined => {
    const found = missing.some((each) =>
      typeof each === 'string' ? each === which : each.setting === which,
    );
    if (!tried || !found) return undefined;
    return which === 'address' ? t('providers.lack.address') : t('providers.lack');
  };
  const nameWords: Record<NonNullable<typeof flaw>, Sentence> = {
    empty: 'providers.lack',
    letters: 'providers.name.letters',
    reserved: 'providers.name.reserved',
    taken: 'providers.name.taken',
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (missing.length === 0 && flaw === null) props.go();
      }}
    >
      <Stack gap="md">
        <div className="connect-head">
          <Title order={3}>{own ? t('providers.own') : host.display}</Title>
          <Text size="sm" c="dimmed">
            {own
              ? t('providers.own.lead')
              : [
                  host.company && host.company !== host.display && host.company,
                  host.country && countryName(host.country, language),
                  host.models > 0 && t('providers.offers', { count: host.models }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
          </Text>
          {host.notes && !own && (
            <Text size="sm" c="dimmed" lang="en">
              {host.notes}
            </Text>
          )}
        </div>
        {own && (
          <>
            <SegmentedControl
              aria-label={t('providers.speaks')}
              value={draft.dialect}
              onChange={(dialect) => change({ dialect })}
              data={DIALECTS.map((value) => ({ value, label: t(`providers.speaks.${value}`) }))}
            />
            <TextInput
              label={t('providers.url')}
              description={t('providers.url.detail')}
              type="url"
              required
              withAsterisk={false}
              data-autofocus
              spellCheck={false}
              placeholder="http://10.0.0.5:8000/v1"
              value={draft.address}
              error={lack('address')}
              onChange={(event) => change({ address: event.currentTarget.value })}
            />
          </>
        )}
        {asksFor(host).map((each) => {
          const known = SETTINGS.find((name) => name === each.name);
          return (
            <TextInput
              key={each.name}
              label={known ? t(`providers.setting.${known}`) : each.name}
              description={known ? t(`providers.setting.${known}.detail`) : each.description}
              placeholder={each.example || each.default}
              spellCheck={false}
              value={draft.settings[each.name] ?? ''}
              error={lack(each.name)}
              onChange={(event) =>
                change({ settings: { ...draft.settings, [each.name]: event.currentTarget.value } })
              }
            />
          );
        })}
        <Credentials
          forms={host.credentials}
          optional={!host.needs_secret}
          focus={!own}
          error={lack('secret')}
          change={(secret) => change({ secret })}
        />
        {(host.secret_url || host.docs_url) && !own && (
          <Text size="sm">
            <Anchor href={host.secret_url || host.docs_url} target="_blank" rel="noreferrer" size="sm">
              {t(host.secret_url ? 'providers.secret.where' : 'providers.docs', { host: host.display })}{' '}
              <IconExternalLink size={13} aria-hidden />
            </Anchor>
          </Text>
        )}
        {!own && host.kind !== 'local' && (
          <Elsewhere host={host} draft={draft} change={change} error={lack('address')} />
        )}
        <TextInput
          label={t('providers.name')}
          description={t('providers.name.detail', { name: draft.name.trim() || host.name })}
          spellCheck={false}
          value={draft.name}
          error={
            flaw && (tried || flaw !== 'empty') ? t(nameWords[flaw], { name: draft.name.trim() }) : undefined
          }
          onChange={(event) => change({ name: event.currentTarget.value.toLowerCase() })}
        />
        <Governing of={draft} change={change} />
        <Flaws error={props.error} />
        <div className="wizard-foot">
          <Button variant="default" onClick={props.back}>
            {t('providers.back')}
          </Button>
          <Button type="submit" loading={props.busy}>
            {t('providers.try.next')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}

/** Most people never need another address than the catalogue's; regional and proxied ones are. */
function Elsewhere(props: {
  host: HostShape;
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  error: string | undefined;
}): ReactNode {
  const { t } = useWords();
  const [open, setOpen] = useState(props.draft.address !== '');
  if (!open) {
    return (
      <div>
        <Anchor component="button" type="button" size="sm" onClick={() => setOpen(true)}>
          {t('providers.elsewhere')}
        </Anchor>
      </div>
    );
  }
  return (
    <TextInput
      label={t('providers.address')}
      description={t('providers.address.detail')}
      placeholder={props.host.base_url}
      spellCheck={false}
      value={props.draft.address}
      error={props.error}
      onChange={(event) => props.change({ address: event.currentTarget.value })}
    />
  );
}
