/** Who may call the gateway: keys are made here, shown once, renewed and revoked. */
import {
  ActionIcon,
  Alert,
  Badge,
  Button,
  Menu,
  Modal,
  Select,
  Stack,
  Switch,
  Table,
  TagsInput,
  Text,
  TextInput,
  VisuallyHidden,
} from '@mantine/core';
import { IconActivity, IconDots, IconKey, IconPlus, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { client, dataOf } from '../api/client';
import { ask, queries } from '../api/queries';
import type { KeyShape, NewKey, NewKeyShape } from '../api/schema';
import { useWords } from '../i18n';
import { Card, Code, Page, Scroll, State } from '../ui/parts';
import { Sure } from '../ui/Sure';
import { Empty, Flaws, Shown } from '../ui/states';

const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ['keys'] });
const LIVES = { never: 0, week: 7, month: 30, quarter: 90, year: 365 } as const;
type Life = keyof typeof LIVES;

export function Keys(): ReactNode {
  const { t } = useWords();
  const [revoked, setRevoked] = useState(false);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<NewKeyShape | null>(null);
  const keys = useInfiniteQuery(ask.keys(revoked));
  return (
    <Page
      title={t('nav.keys')}
      lead={t('keys.lead')}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
          {t('keys.new')}
        </Button>
      }
    >
      <Switch
        label={t('keys.showrevoked')}
        checked={revoked}
        onChange={(event) => setRevoked(event.currentTarget.checked)}
      />
      <Card>
        <Shown query={keys}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            return items.length === 0 ? (
              <Empty icon={<IconKey size={20} />} title={t('keys.none')}>
                {t('keys.none.detail')}
              </Empty>
            ) : (
              <KeyTable items={items} renewed={setMade} />
            );
          }}
        </Shown>
        {keys.hasNextPage && (
          <Button
            variant="subtle"
            fullWidth
            loading={keys.isFetchingNextPage}
            onClick={() => void keys.fetchNextPage()}
          >
            {t('action.more')}
          </Button>
        )}
      </Card>
      <Modal
        opened={making}
        onClose={() => setMaking(false)}
        title={t('keys.new')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <Making
          done={(key) => {
            setMaking(false);
            setMade(key);
          }}
        />
      </Modal>
      <Modal
        opened={made !== null}
        onClose={() => setMade(null)}
        title={t('keys.made')}
        size="lg"
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {made && <Made made={made} close={() => setMade(null)} />}
      </Modal>
    </Page>
  );
}

function KeyTable(props: { items: KeyShape[]; renewed: (key: NewKeyShape) => void }): ReactNode {
  const { t, f } = useWords();
  const go = useNavigate();
  const [sure, setSure] = useState<{ key: KeyShape; what: 'revoke' | 'rotate' } | null>(null);
  const act = useMutation({
    mutationFn: async (wanted: { key: KeyShape; what: 'revoke' | 'rotate' }) => {
      const params = { params: { path: { key_id: wanted.key.id } } };
      if (wanted.what === 'revoke') {
        await dataOf(client.POST('/api/v1/keys/{key_id}/revoke', params));
        return null;
      }
      return await dataOf(client.POST('/api/v1/keys/{key_id}/rotate', params));
    },
    onSuccess: (made) => {
      setSure(null);
      if (made) props.renewed(made);
      return refresh();
    },
  });
  return (
    <>
      <Scroll label={t('nav.keys')}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('keys.name')}</Table.Th>
              <Table.Th>{t('keys.hint')}</Table.Th>
              <Table.Th>{t('keys.project')}</Table.Th>
              <Table.Th>{t('keys.state')}</Table.Th>
              <Table.Th>{t('keys.models')}</Table.Th>
              <Table.Th>{t('keys.created')}</Table.Th>
              <Table.Th>{t('keys.expires')}</Table.Th>
              <Table.Th>
                <VisuallyHidden>{t('palette.actions')}</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {props.items.map((key) => (
              <Table.Tr key={key.id}>
                <Table.Td fw={500}>{key.name}</Table.Td>
                <Table.Td className="mono" style={{ whiteSpace: 'nowrap' }}>
                  {key.hint}
                </Table.Td>
                <Table.Td>{key.project}</Table.Td>
                <Table.Td>
                  <State tone={key.state === 'active' ? 'good' : 'none'}>
                    {t(`keys.state.${key.state}`)}
                  </State>
                </Table.Td>
                <Table.Td>
                  {key.models.length === 0 ? (
                    <Text size="sm" c="dimmed">
                      {t('keys.models.all')}
                    </Text>
                  ) : (
                    <div className="row" style={{ gap: 4 }}>
                      {key.models.map((model) => (
                        <Badge key={model} color="gray" tt="none">
                          {model}
                        </Badge>
                      ))}
                    </div>
                  )}
                </Table.Td>
                <Table.Td title={f.dateTime(key.created_at)} style={{ whiteSpace: 'nowrap' }}>
                  {f.ago(key.created_at)}
                </Table.Td>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>
                  {key.expires_at ? f.date(key.expires_at) : t('keys.expires.never')}
                </Table.Td>
                <Table.Td className="right">
                  <Menu position="bottom-end" shadow="md" width={220}>
                    <Menu.Target>
                      <ActionIcon aria-label={t('keys.menu', { name: key.name })}>
                        <IconDots size={16} />
                      </ActionIcon>
                    </Menu.Target>
                    <Menu.Dropdown>
                      <Menu.Item
                        leftSection={<IconActivity size={15} />}
                        onClick={() =>
                          void go({ to: '/usage', search: { by: 'model', only: `key:${key.id}` } })
                        }
                      >
                        {t('keys.usage')}
                      </Menu.Item>
                      {key.owner === 'studio' && key.state === 'active' ? (
                        <>
                          <Menu.Item
                            leftSection={<IconRefresh size={15} />}
                            onClick={() => setSure({ key, what: 'rotate' })}
                          >
                            {t('keys.rotate')}
                          </Menu.Item>
                          <Menu.Item
                            color="red"
                            leftSection={<IconTrash size={15} />}
                            onClick={() => setSure({ key, what: 'revoke' })}
                          >
                            {t('keys.revoke')}
                          </Menu.Item>
                        </>
                      ) : (
                        key.owner !== 'studio' && <Menu.Label>{t('keys.owned')}</Menu.Label>
                      )}
                    </Menu.Dropdown>
                  </Menu>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
      <Sure
        asked={sure !== null}
        title={sure ? `${t(`keys.${sure.what}`)} · ${sure.key.name}` : ''}
        text={sure ? t(`keys.${sure.what}.sure`) : ''}
        word={sure ? t(`keys.${sure.what}`) : ''}
        harsh={sure?.what === 'revoke'}
        error={act.error}
        busy={act.isPending}
        close={() => {
          setSure(null);
          act.reset();
        }}
        go={() => sure && act.mutate(sure)}
      />
    </>
  );
}

function Making(props: { done: (key: NewKeyShape) => void }): ReactNode {
  const { t } = useWords();
  const [name, setName] = useState('');
  const [project, setProject] = useState('default');
  const [models, setModels] = useState<string[]>([]);
  const [life, setLife] = useState<Life>('never');
  const known = useQuery(ask.gatewayModels());
  const make = useMutation({
    mutationFn: (body: NewKey) => dataOf(client.POST('/api/v1/keys', { body })),
    onSuccess: async (key) => {
      await refresh();
      props.done(key);
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const days = LIVES[life];
        const expires = days === 0 ? null : new Date(Date.now() + days * 86_400_000).toISOString();
        make.mutate({ name: name.trim(), project: project.trim() || 'default', models, expires_at: expires });
      }}
    >
      <Stack gap="md">
        <Flaws error={make.error} />
        <TextInput
          label={t('keys.name')}
          description={t('keys.name.detail')}
          required
          maxLength={200}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('keys.project')}
          maxLength={200}
          value={project}
          onChange={(event) => setProject(event.currentTarget.value)}
        />
        <TagsInput
          label={t('keys.models')}
          description={t('keys.models.detail')}
          placeholder={models.length === 0 ? t('keys.models.all') : ''}
          data={known.data ?? []}
          limit={50}
          value={models}
          onChange={setModels}
          comboboxProps={{ shadow: 'md' }}
        />
        <Select
          label={t('keys.expires')}
          allowDeselect={false}
          data={(Object.keys(LIVES) as Life[]).map((each) => ({
            value: each,
            label: t(`keys.expires.${each}`),
          }))}
          value={life}
          onChange={(value) => setLife((value as Life | null) ?? 'never')}
        />
        <Button type="submit" loading={make.isPending} disabled={!name.trim()}>
          {t('keys.create')}
        </Button>
      </Stack>
    </form>
  );
}

function Made(props: { made: NewKeyShape; close: () => void }): ReactNode {
  const { t } = useWords();
  const status = useQuery(ask.status());
  const call = `curl ${status.data?.gateway ?? ''}/v1/models \\\n  -H "Authorization: Bearer ${props.made.secret}"`;
  return (
    <Stack gap="md">
      <Alert color="voice" variant="light">
        {t('keys.once')}
      </Alert>
      <Code text={props.made.secret} label={t('keys.made')} />
      <div>
        <Text size="sm" fw={500} mb={6}>
          {t('keys.try')}
        </Text>
        <Code text={call} label={t('keys.try')} />
      </div>
      <Button onClick={props.close}>{t('action.done')}</Button>
    </Stack>
  );
}
