/** Where a provider is, which of its models it serves and what may be sent there. Who was faster is not overwritten. */
import { Button, PasswordInput, Stack, Switch, TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { askCatalogue, offeringsChanged } from '../../api/catalogue';
import { client, dataOf } from '../../api/client';
import { ask, queries } from '../../api/queries';
import type { ProviderShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { governedBy, governedWanted } from '../../lib/provider';
import { Meanwhile } from '../../ui/Meanwhile';
import { Governing } from './Governing';

export function Editing(props: { one: ProviderShape; done: () => void }): ReactNode {
  const { t } = useWords();
  // What the form was opened with: what changes meanwhile is told when it is saved, not overwritten.
  const [one, setOne] = useState(props.one);
  const hosts = useQuery(askCatalogue.hosts());
  const callable = useQuery(ask.gatewayModels());
  const host = hosts.data?.items.find((each) => each.name === one.host);
  const [address, setAddress] = useState(one.base_url);
  const [settings, setSettings] = useState(one.settings);
  const [some, setSome] = useState(one.models !== null);
  const [models, setModels] = useState(one.models ?? []);
  const [governed, setGoverned] = useState(governedBy(one));
  const [secret, setSecret] = useState('');
  const custom = host?.kind === 'custom';
  const asked = custom ? [] : (host?.settings ?? []);
  const elsewhere = address.trim() !== one.base_url;
  const save = useMutation({
    mutationFn: () =>
      dataOf(
        client.PATCH('/api/v1/providers/{name}', {
          params: { path: { name: one.name }, header: { 'if-match': `"${one.revision}"` } },
          body: {
            enabled: one.state !== 'disabled',
            ...(elsewhere ? { base_url: address.trim() || null } : {}),
            ...(elsewhere && secret.trim() ? { secret: secret.trim() } : {}),
            settings,
            models: some ? models : null,
            ...governedWanted(governed),
          },
        }),
      ),
    onSuccess: async () => {
      await offeringsChanged();
      props.done();
    },
  });
  const again = async (): Promise<void> => {
    const now = await queries.fetchQuery({ ...ask.providers(), staleTime: 0 });
    const found = now.items.find((each) => each.name === one.name);
    if (!found) return props.done();
    setOne(found);
    setAddress(found.base_url);
    setSettings(found.settings);
    setSome(found.models !== null);
    setModels(found.models ?? []);
    setGoverned(governedBy(found));
    save.reset();
  };
  const known = (callable.data ?? [])
    .filter((name) => name.startsWith(`${one.name}/`))
    .map((name) => name.slice(one.name.length + 1));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="md">
        <Meanwhile error={save.error} again={() => void again()} />
        {asked.map((each) => (
          <TextInput
            key={each.name}
            label={each.name}
            description={each.description}
            placeholder={each.example || each.default}
            spellCheck={false}
            value={settings[each.name] ?? ''}
            onChange={(event) => {
              const value = event.currentTarget.value;
              setSettings(({ [each.name]: _, ...rest }) => (value ? { ...rest, [each.name]: value } : rest));
            }}
          />
        ))}
        <TextInput
          label={t('providers.address')}
          description={custom ? t('providers.url.detail') : t('providers.address.detail')}
          spellCheck={false}
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        {elsewhere && one.secret && (
          <PasswordInput
            label={t('providers.secret')}
            description={t('providers.secret.elsewhere')}
            autoComplete="off"
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': t('action.reveal') }}
          />
        )}
        <Switch
          label={t('providers.models.some')}
          description={t('providers.models.some.detail')}
          checked={some}
          onChange={(event) => setSome(event.currentTarget.checked)}
        />
        {some && (
          <TagsInput
            label={t('providers.models')}
            description={t('providers.models.detail')}
            data={known}
            value={models}
            onChange={setModels}
            maxDropdownHeight={220}
            comboboxProps={{ position: 'top' }}
            limit={60}
            splitChars={[',', ' ']}
            clearable
          />
        )}
        <Governing of={governed} change={(part) => setGoverned({ ...governed, ...part })} />
        <div className="wizard-foot">
          <Button variant="default" onClick={props.done}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={some && models.length === 0}>
            {t('providers.save.changes')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
