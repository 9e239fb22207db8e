/** Models on this machine: what they take, loaded into memory and out of it, and what is being fetched. */
import { ActionIcon, Button, Modal, Stack, Table, Text, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconBoxModel2, IconDownload, IconMessages, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { askCatalogue, offeringsChanged } from '../../api/catalogue';
import { client, dataOf } from '../../api/client';
import { ask, queries } from '../../api/queries';
import { useMay } from '../../api/rights';
import type { LocalModelShape, MemoryShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { fitOf } from '../../lib/room';
import { Card, State } from '../../ui/parts';
import { Sure } from '../../ui/Sure';
import { Empty, Flaws, Shown } from '../../ui/states';
import { Downloads } from './Downloads';
import { Pulling } from './Pulling';
import { useNamed } from './words';

type Act = { name: string; what: 'load' | 'unload' | 'remove' };

export function Local(): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const [pulling, setPulling] = useState(false);
  const models = useQuery(ask.localModels());
  const shelf = useQuery(askCatalogue.shelf());
  const pull = may('models.write') && (
    <Button size="xs" leftSection={<IconDownload size={15} />} onClick={() => setPulling(true)}>
      {t('models.pull')}
    </Button>
  );
  return (
    <>
      {shelf.data && <Room memory={shelf.data.memory} disk={shelf.data.disk_free} />}
      <Downloads />
      <Card title={t('models.local')} aside={(models.data?.items.length ?? 0) > 0 && pull}>
        <Shown query={models}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty icon={<IconBoxModel2 size={20} />} title={t('models.local.none')} action={pull}>
                {t('models.local.none.detail')}
              </Empty>
            ) : (
              <LocalTable items={items} memory={shelf.data?.memory} />
            )
          }
        </Shown>
      </Card>
      <Modal
        opened={pulling}
        onClose={() => setPulling(false)}
        title={t('models.pull')}
        size="lg"
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <Pulling done={() => setPulling(false)} />
      </Modal>
    </>
  );
}

function Room(props: { memory: MemoryShape; disk: number }): ReactNode {
  const { t, f } = useWords();
  const { memory } = props;
  const parts: [string, string][] = [
    [t('models.room.total'), f.bytes(memory.limit ?? memory.total)],
    [t('models.room.loaded'), f.bytes(memory.occupied)],
    [t('models.room.free'), memory.available === null ? t('models.unknown') : f.bytes(memory.available)],
    [t('models.room.disk'), f.bytes(props.disk)],
  ];
  return (
    <div className="card">
      <dl className="stats room">
        {parts.map(([label, value]) => (
          <div className="stat" key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function LocalTable(props: { items: LocalModelShape[]; memory: MemoryShape | undefined }): ReactNode {
  const { t } = useWords();
  const [removing, setRemoving] = useState<string | null>(null);
  const act = useMutation({
    mutationFn: async (wanted: Act) => {
      const params = { params: { path: { name: wanted.name } } };
      if (wanted.what === 'load') await dataOf(client.POST('/api/v1/models/{name}/load', params));
      else if (wanted.what === 'unload') await dataOf(client.POST('/api/v1/models/{name}/unload', params));
      else await dataOf(client.DELETE('/api/v1/models/{name}', params));
    },
    onSuccess: async () => {
      setRemoving(null);
      await queries.invalidateQueries({ queryKey: ['models'] });
      await offeringsChanged();
    },
  });
  return (
    <>
      {act.error && removing === null && (
        <div className="inset">
          <Flaws error={act.error} />
        </div>
      )}
      <Table className="local-table">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('models.name')}</Table.Th>
            <Table.Th>{t('models.state')}</Table.Th>
            <Table.Th className="right" title={t('models.memory.detail')}>
              {t('models.memory')}
            </Table.Th>
            <Table.Th className="right c-more">{t('models.size')}</Table.Th>
            <Table.Th className="right c-more">{t('models.context')}</Table.Th>
            <Table.Th className="c-more">{t('models.quantisation')}</Table.Th>
            <Table.Th className="c-more">{t('models.licence')}</Table.Th>
            <Table.Th>
              <VisuallyHidden>{t('models.actions')}</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.items.map((model) => (
            <LocalRow
              key={model.name}
              model={model}
              memory={props.memory}
              doing={act.isPending && act.variables.name === model.name ? act.variables.what : null}
              act={act.mutate}
              remove={() => setRemoving(model.name)}
            />
          ))}
        </Table.Tbody>
      </Table>
      <Sure
        asked={removing !== null}
        title={t('models.remove', { model: removing ?? '' })}
        text={t('models.remove.sure', { model: removing ?? '' })}
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

function LocalRow(props: {
  model: LocalModelShape;
  memory: MemoryShape | undefined;
  doing: Act['what'] | null;
  act: (wanted: Act) => void;
  remove: () => void;
}): ReactNode {
  const { t, f } = useWords();
  const named = useNamed();
  const may = useMay();
  const { model, memory, doing } = props;
  const state = doing === 'load' ? 'loading' : (model.state ?? 'stopped');
  const up = state === 'ready' || state === 'loading';
  const tone = { stopped: 'none', loading: 'busy', ready: 'good', failed: 'bad' } as const;
  const fit = memory && !up ? fitOf(model.memory_bytes, memory) : 'fits';
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={500} className="breakable">
          {model.name}
        </Text>
        <div className="sub">
          {t(model.kind === 'chat' ? 'models.kind.chat' : 'models.kind.embed')}
          <span className="less">
            {` · ${f.bytes(model.size)} · ${t('models.pull.memory', { size: f.bytes(model.memory_bytes) })}`}
            {model.context !== null && ` · ${t('models.tokens', { count: f.compact(model.context) })}`}
            {model.quantisation && ` · ${model.quantisation}`}
            {fit !== 'fits' && ` · ${t(fit === 'never' ? 'models.room.never' : 'models.room.crowded')}`}
          </span>
        </div>
        {model.notes && (
          <div className="sub c-more" lang="en">
            {model.notes}
          </div>
        )}
      </Table.Td>
      <Table.Td>
        <State tone={tone[state]}>{t(`engine.${state}`)}</State>
      </Table.Td>
      <Table.Td className="right num c-memory">
        {f.bytes(model.memory_bytes)}
        {fit !== 'fits' && (
          <div className="sub">{t(fit === 'never' ? 'models.room.never' : 'models.room.crowded')}</div>
        )}
      </Table.Td>
      <Table.Td className="right num c-more">{f.bytes(model.size)}</Table.Td>
      <Table.Td className="right num c-more">
        {model.context === null ? '–' : f.number(model.context)}
      </Table.Td>
      <Table.Td className="c-more">{model.quantisation || '–'}</Table.Td>
      <Table.Td className="c-more nowrap" title={named.licence(model.licence)}>
        {named.shortLicence(model.licence)}
      </Table.Td>
      <Table.Td>
        <div className="row-actions">
          {model.kind === 'chat' && may('playground.use') && (
            <Tooltip label={t('models.ask')}>
              <ActionIcon
                aria-label={`${t('models.ask')}: ${model.name}`}
                renderRoot={(rest) => (
                  <Link to="/playground" search={{ model: `local/${model.name}` }} {...rest} />
                )}
              >
                <IconMessages size={16} />
              </ActionIcon>
            </Tooltip>
          )}
          {may('models.write') && (
            <>
              <Button
                size="xs"
                variant="default"
                loading={doing === 'load' || doing === 'unload'}
                onClick={() => props.act({ name: model.name, what: up ? 'unload' : 'load' })}
                aria-label={`${t(up ? 'models.unload' : 'models.load')}: ${model.name}`}
              >
                {t(up ? 'models.unload' : 'models.load')}
              </Button>
              <Tooltip label={t('models.remove', { model: model.name })}>
                <ActionIcon aria-label={t('models.remove', { model: model.name })} onClick={props.remove}>
                  <IconTrash size={16} />
                </ActionIcon>
              </Tooltip>
            </>
          )}
        </div>
      </Table.Td>
    </Table.Tr>
  );
}

/** A title over a group of things in a dialog. */
export function Group(props: { title: string; children: ReactNode }): ReactNode {
  return (
    <Stack gap={6} component="section">
      <Text size="sm" fw={600} component="h3" m={0}>
        {props.title}
      </Text>
      {props.children}
    </Stack>
  );
}
