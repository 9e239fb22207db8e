/** The hosts whose models can be called here: added with a form that tries them first. */
import {
  ActionIcon,
  Alert,
  Button,
  Group,
  Modal,
  PasswordInput,
  SegmentedControl,
  Stack,
  Table,
  Text,
  TextInput,
  Tooltip,
  VisuallyHidden,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconCheck,
  IconKey,
  IconPlug,
  IconPlugConnected,
  IconPlus,
  IconTrash,
  IconX,
} from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { client, dataOf } from '../api/client';
import { ask, queries } from '../api/queries';
import type { OutcomeShape, ProviderInput, ProviderShape } from '../api/schema';
import { useWords } from '../i18n';
import { Card, Page, Scroll, State } from '../ui/parts';
import { Sure } from '../ui/Sure';
import { Empty, Flaws, Shown } from '../ui/states';

async function refresh(): Promise<void> {
  await queries.invalidateQueries({ queryKey: ['providers'] });
  await queries.invalidateQueries({ queryKey: ['gateway-models'] });
}

export function Providers(): ReactNode {
  const { t } = useWords();
  const [adding, setAdding] = useState(false);
  const providers = useQuery(ask.providers());
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t('providers.add')}
    </Button>
  );
  return (
    <Page title={t('nav.providers')} lead={t('providers.lead')} actions={add}>
      <Card>
        <Shown query={providers}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty icon={<IconPlug size={20} />} title={t('providers.none')}>
                {t('providers.none.detail')}
              </Empty>
            ) : (
              <ProviderTable items={items} />
            )
          }
        </Shown>
      </Card>
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        title={t('providers.add')}
        size="lg"
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <Adding done={() => setAdding(false)} />
      </Modal>
    </Page>
  );
}

function ProviderTable(props: { items: ProviderShape[] }): ReactNode {
  const { t, f } = useWords();
  const [removing, setRemoving] = useState<string | null>(null);
  const [renewing, setRenewing] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<{ name: string; outcome: OutcomeShape } | null>(null);
  const remove = useMutation({
    mutationFn: (name: string) =>
      dataOf(client.DELETE('/api/v1/providers/{name}', { params: { path: { name } } })),
    onSuccess: () => {
      setRemoving(null);
      return refresh();
    },
  });
  const test = useMutation({
    mutationFn: (name: string) =>
      dataOf(client.POST('/api/v1/providers/{name}/test', { params: { path: { name } } })),
    onSuccess: (found, name) => {
      setOutcome({ name, outcome: found });
      return refresh();
    },
  });
  const tone = { ready: 'good', disabled: 'none', unusable: 'bad' } as const;
  return (
    <>
      {test.error && (
        <div style={{ padding: 12 }}>
          <Flaws error={test.error} />
        </div>
      )}
      {outcome && (
        <div style={{ padding: 12 }}>
          <Outcome outcome={outcome.outcome} name={outcome.name} />
        </div>
      )}
      <Scroll label={t('nav.providers')}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('providers.name')}</Table.Th>
              <Table.Th>{t('providers.state')}</Table.Th>
              <Table.Th>{t('providers.address')}</Table.Th>
              <Table.Th>{t('providers.secret')}</Table.Th>
              <Table.Th className="right">{t('providers.models')}</Table.Th>
              <Table.Th>
                <VisuallyHidden>{t('palette.actions')}</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {props.items.map((each) => (
              <Table.Tr key={each.name}>
                <Table.Td>
                  <Text size="sm" fw={500}>
                    {each.name}
                  </Text>
                  {each.display !== each.name && (
                    <Text size="xs" c="dimmed">
                      {each.display}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <State tone={tone[each.state]}>{t(`providers.state.${each.state}`)}</State>
                  {each.problem && (
                    <Text size="xs" c="dimmed" maw={280}>
                      {each.problem}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td className="mono">
                  <div className="clip" style={{ maxWidth: 300 }} title={each.base_url}>
                    {each.base_url}
                  </div>
                </Table.Td>
                <Table.Td className="mono" style={{ whiteSpace: 'nowrap' }}>
                  {each.secret ?? t('providers.secret.none')}
                </Table.Td>
                <Table.Td className="right num">
                  {f.number(each.models?.length ?? each.found_models ?? 0)}
                </Table.Td>
                <Table.Td>
                  <Group gap={4} justify="flex-end" wrap="nowrap">
                    <Button
                      size="xs"
                      variant="default"
                      leftSection={<IconPlugConnected size={14} />}
                      loading={test.isPending && test.variables === each.name}
                      onClick={() => test.mutate(each.name)}
                    >
                      {t('providers.try')}
                    </Button>
                    {each.owner === 'studio' && (
                      <>
                        <Tooltip label={t('providers.replace')}>
                          <ActionIcon
                            aria-label={`${t('providers.replace')}: ${each.name}`}
                            onClick={() => setRenewing(each.name)}
                          >
                            <IconKey size={16} />
                          </ActionIcon>
                        </Tooltip>
                        <Tooltip label={t('providers.remove', { name: each.name })}>
                          <ActionIcon
                            aria-label={t('providers.remove', { name: each.name })}
                            onClick={() => setRemoving(each.name)}
                          >
                            <IconTrash size={16} />
                          </ActionIcon>
                        </Tooltip>
                      </>
                    )}
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
      <Sure
        asked={removing !== null}
        title={t('providers.remove', { name: removing ?? '' })}
        text={t('providers.remove.sure')}
        word={t('providers.remove.submit')}
        harsh
        error={remove.error}
        busy={remove.isPending}
        close={() => {
          setRemoving(null);
          remove.reset();
        }}
        go={() => removing && remove.mutate(removing)}
      />
      <Modal
        opened={renewing !== null}
        onClose={() => setRenewing(null)}
        title={`${t('providers.replace')} · ${renewing ?? ''}`}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {renewing && <Renewing name={renewing} done={() => setRenewing(null)} />}
      </Modal>
    </>
  );
}

function Renewing(props: { name: string; done: () => void }): ReactNode {
  const { t } = useWords();
  const [secret, setSecret] = useState('');
  const save = useMutation({
    mutationFn: () =>
      dataOf(
        client.PUT('/api/v1/providers/{name}/secret', {
          params: { path: { name: props.name } },
          body: { secret },
        }),
      ),
    onSuccess: async () => {
      await refresh();
      props.done();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack>
        <Flaws error={save.error} />
        <Secret value={secret} change={setSecret} required />
        <Button type="submit" disabled={!secret} loading={save.isPending}>
          {t('providers.replace')}
        </Button>
      </Stack>
    </form>
  );
}

function Secret(props: { value: string; change: (value: string) => void; required?: boolean }): ReactNode {
  const { t } = useWords();
  return (
    <PasswordInput
      label={t('providers.secret')}
      description={
        props.required
          ? t('providers.secret.detail')
          : `${t('providers.secret.detail')} ${t('providers.secret.optional')}`
      }
      required={props.required}
      autoComplete="off"
      value={props.value}
      onChange={(event) => props.change(event.currentTarget.value)}
      visibilityToggleButtonProps={{ 'aria-label': t('action.reveal') }}
    />
  );
}

function Outcome(props: { outcome: OutcomeShape; name: string }): ReactNode {
  const { t, f } = useWords();
  const { outcome } = props;
  return (
    <Alert
      role="status"
      color={outcome.ok ? 'teal' : 'orange'}
      variant="light"
      icon={outcome.ok ? <IconCheck size={16} /> : <IconX size={16} />}
      title={`${props.name ? `${props.name}: ` : ''}${outcome.ok ? t('providers.works') : t('providers.fails')}`}
    >
      {outcome.sentence}
      <Text size="xs" c="dimmed" mt={4}>
        {outcome.models && `${t('providers.found', { count: outcome.models.length })} · `}
        {f.ms(outcome.seconds * 1000)}
      </Text>
    </Alert>
  );
}

function Adding(props: { done: () => void }): ReactNode {
  const { t } = useWords();
  const [kind, setKind] = useState<'known' | 'own'>('known');
  const [host, setHost] = useState('');
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [secret, setSecret] = useState('');
  const wanted: ProviderInput = {
    name: name.trim() || host.trim(),
    host: kind === 'known' ? host.trim() || null : null,
    base_url: kind === 'own' ? url.trim() : null,
    dialects: kind === 'own' ? { chat: 'openai-chat' } : {},
    settings: {},
    enabled: true,
    secret: secret || null,
  };
  const test = useMutation({
    mutationFn: () => dataOf(client.POST('/api/v1/providers/try', { body: wanted })),
  });
  const save = useMutation({
    mutationFn: async () => {
      const made = await dataOf(client.POST('/api/v1/providers', { body: wanted }));
      // What it serves is asked for at once; that it does not answer yet is shown in its row.
      await client
        .POST('/api/v1/providers/{name}/test', { params: { path: { name: made.name } } })
        .catch(() => undefined);
      return made;
    },
    onSuccess: async (made) => {
      await refresh();
      notifications.show({ message: t('providers.added', { name: made.name }) });
      props.done();
    },
  });
  const complete = wanted.name !== '' && (kind === 'known' ? host.trim() !== '' : url.trim() !== '');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="md">
        <SegmentedControl
          aria-label={t('providers.kind')}
          value={kind}
          onChange={(value) => {
            setKind(value as 'known' | 'own');
            test.reset();
          }}
          data={[
            { value: 'known', label: t('providers.kind.known') },
            { value: 'own', label: t('providers.kind.own') },
          ]}
        />
        {kind === 'known' ? (
          <TextInput
            label={t('providers.host')}
            description={t('providers.host.detail')}
            required
            data-autofocus
            value={host}
            onChange={(event) => setHost(event.currentTarget.value)}
          />
        ) : (
          <TextInput
            label={t('providers.url')}
            description={t('providers.url.detail')}
            type="url"
            required
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
          />
        )}
        <TextInput
          label={t('providers.name')}
          description={t('providers.name.detail')}
          placeholder={kind === 'known' ? host : ''}
          required={kind === 'own'}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Secret value={secret} change={setSecret} />
        <Flaws error={save.error ?? test.error} />
        {test.data && !test.isPending && <Outcome outcome={test.data} name="" />}
        <Group justify="flex-end">
          <Button
            variant="default"
            disabled={!complete}
            loading={test.isPending}
            onClick={() => test.mutate()}
          >
            {t('providers.try')}
          </Button>
          <Button type="submit" disabled={!complete} loading={save.isPending}>
            {t('providers.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
