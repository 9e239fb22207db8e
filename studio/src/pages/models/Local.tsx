/** Models on this machine: fetched with their progress, loaded into memory and out of it. */
import {
  ActionIcon,
  Button,
  Group,
  Modal,
  Progress,
  Stack,
  Table,
  Text,
  TextInput,
  Tooltip,
  VisuallyHidden,
} from '@mantine/core';
import { IconBoxModel2, IconDownload, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { client, dataOf } from '../../api/client';
import { ask, queries } from '../../api/queries';
import type { JobShape, LocalModelShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Card, Scroll, State } from '../../ui/parts';
import { Sure } from '../../ui/Sure';
import { Empty, Flaws, Shown } from '../../ui/states';
import { EngineState } from '../Home';

const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ['models'] });

export function Local(): ReactNode {
  const { t } = useWords();
  const [pulling, setPulling] = useState(false);
  const models = useQuery(ask.localModels());
  return (
    <>
      <Card
        title={t('models.local')}
        aside={
          <Button size="xs" leftSection={<IconDownload size={15} />} onClick={() => setPulling(true)}>
            {t('models.pull')}
          </Button>
        }
      >
        <Shown query={models}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty icon={<IconBoxModel2 size={20} />} title={t('models.local.none')} />
            ) : (
              <LocalTable items={items} />
            )
          }
        </Shown>
      </Card>
      <Downloads />
      <Modal
        opened={pulling}
        onClose={() => setPulling(false)}
        title={t('models.pull')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <Pulling done={() => setPulling(false)} />
      </Modal>
    </>
  );
}

function LocalTable(props: { items: LocalModelShape[] }): ReactNode {
  const { t, f } = useWords();
  const [removing, setRemoving] = useState<string | null>(null);
  const act = useMutation({
    mutationFn: async (wanted: { name: string; what: 'load' | 'unload' | 'remove' }) => {
      const params = { params: { path: { name: wanted.name } } };
      if (wanted.what === 'load') await dataOf(client.POST('/api/v1/models/{name}/load', params));
      else if (wanted.what === 'unload') await dataOf(client.POST('/api/v1/models/{name}/unload', params));
      else await dataOf(client.DELETE('/api/v1/models/{name}', params));
    },
    onSuccess: () => {
      setRemoving(null);
      return refresh();
    },
  });
  return (
    <>
      {act.error && removing === null && (
        <div style={{ padding: 12 }}>
          <Flaws error={act.error} />
        </div>
      )}
      <Scroll label={t('models.local')}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('models.name')}</Table.Th>
              <Table.Th>{t('models.state')}</Table.Th>
              <Table.Th className="right">{t('models.memory')}</Table.Th>
              <Table.Th className="right">{t('models.size')}</Table.Th>
              <Table.Th className="right">{t('models.context')}</Table.Th>
              <Table.Th>{t('models.quantisation')}</Table.Th>
              <Table.Th>{t('models.licence')}</Table.Th>
              <Table.Th>
                <VisuallyHidden>{t('palette.actions')}</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {props.items.map((model) => {
              const up = model.state === 'ready' || model.state === 'loading';
              const busy = act.isPending && act.variables?.name === model.name;
              return (
                <Table.Tr key={model.name}>
                  <Table.Td>
                    <Text size="sm" fw={500}>
                      {model.name}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {model.kind === 'chat' ? t('models.kind.chat') : t('models.kind.embed')}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <EngineState state={busy && act.variables?.what === 'load' ? 'loading' : model.state} />
                  </Table.Td>
                  <Table.Td className="right num">{f.bytes(model.memory_bytes)}</Table.Td>
                  <Table.Td className="right num">{f.bytes(model.size)}</Table.Td>
                  <Table.Td className="right num">
                    {model.context === null ? '–' : f.compact(model.context)}
                  </Table.Td>
                  <Table.Td>{model.quantisation || '–'}</Table.Td>
                  <Table.Td>{model.licence || '–'}</Table.Td>
                  <Table.Td>
                    <Group gap={4} justify="flex-end" wrap="nowrap">
                      <Button
                        size="xs"
                        variant="default"
                        loading={busy}
                        onClick={() => act.mutate({ name: model.name, what: up ? 'unload' : 'load' })}
                      >
                        {up ? t('models.unload') : t('models.load')}
                      </Button>
                      <Tooltip label={t('models.remove', { model: model.name })}>
                        <ActionIcon
                          aria-label={t('models.remove', { model: model.name })}
                          onClick={() => setRemoving(model.name)}
                        >
                          <IconTrash size={16} />
                        </ActionIcon>
                      </Tooltip>
                    </Group>
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Scroll>
      <Sure
        asked={removing !== null}
        title={t('models.remove', { model: removing ?? '' })}
        text={t('models.remove.sure')}
        word={t('models.remove.submit')}
        harsh
        error={act.error}
        busy={act.isPending}
        close={() => {
          setRemoving(null);
          act.reset();
        }}
        go={() => removing && act.mutate({ name: removing, what: 'remove' })}
      />
    </>
  );
}

/** Downloads go on in the platform: a reload finds them as they are. */
function Downloads(): ReactNode {
  const { t } = useWords();
  const jobs = useQuery(ask.jobs());
  const items = jobs.data?.items ?? [];
  const running = items.filter((job) => job.state === 'running').length;
  const before = useRef(running);
  useEffect(() => {
    if (running < before.current) void refresh();
    before.current = running;
  }, [running]);
  if (items.length === 0) return null;
  return (
    <Card title={t('models.jobs')}>
      {items.map((job) => (
        <Download key={job.id} job={job} />
      ))}
    </Card>
  );
}

function Download(props: { job: JobShape }): ReactNode {
  const { t, f } = useWords();
  const { job } = props;
  const share = job.total ? (job.done / job.total) * 100 : null;
  return (
    <div className="step" style={{ display: 'block' }}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={500}>
          {job.subject}
        </Text>
        {job.state === 'running' ? (
          <Text size="xs" c="dimmed" className="num">
            {job.total !== null && job.seconds_left !== null
              ? t('models.job.running', {
                  done: f.bytes(job.done),
                  total: f.bytes(job.total),
                  left: f.seconds(job.seconds_left),
                })
              : t('models.job.begun', { done: f.bytes(job.done) })}
          </Text>
        ) : (
          <State tone={job.state === 'done' ? 'good' : 'bad'}>
            {job.state === 'done'
              ? t('models.job.done', { when: f.ago(job.ended_at ?? job.started_at) })
              : t('models.job.failed')}
          </State>
        )}
      </Group>
      {job.state === 'running' && (
        <Progress value={share ?? 100} animated={share === null} size="sm" mt={6} aria-label={job.subject} />
      )}
      {job.error && (
        <Text size="xs" c="dimmed" mt={2}>
          {job.error}
        </Text>
      )}
    </div>
  );
}

function Pulling(props: { done: () => void }): ReactNode {
  const { t } = useWords();
  const [source, setSource] = useState('');
  const pull = useMutation({
    mutationFn: () =>
      dataOf(client.POST('/api/v1/models/pull', { body: { source: source.trim(), replace: false } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['jobs'] });
      props.done();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        pull.mutate();
      }}
    >
      <Stack>
        <Flaws error={pull.error} />
        <TextInput
          label={t('models.pull.source')}
          description={t('models.pull.detail')}
          required
          data-autofocus
          value={source}
          onChange={(event) => setSource(event.currentTarget.value)}
        />
        <Button type="submit" loading={pull.isPending} disabled={!source.trim()}>
          {t('models.pull.submit')}
        </Button>
      </Stack>
    </form>
  );
}
