/** The providers: how each is by its latest test and its traffic, and what can be done with it. */
import { ActionIcon, Button, Menu, Modal, Table, Tooltip, VisuallyHidden } from '@mantine/core';
import {
  IconAdjustments,
  IconDots,
  IconKey,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugConnected,
  IconTrash,
} from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { offeringsChanged } from '../../api/catalogue';
import { client, dataOf } from '../../api/client';
import { ask, queries } from '../../api/queries';
import { useMay } from '../../api/rights';
import type { OutcomeShape, ProviderShape, SumShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { countryName } from '../../lib/models';
import { healthOf } from '../../lib/provider';
import { State } from '../../ui/parts';
import { Sure } from '../../ui/Sure';
import { Flaws } from '../../ui/states';
import { Editing } from './Editing';
import { Outcome } from './Outcome';
import { Renewing } from './Renewing';

const HOUR = 3_600_000;

/** What went through each in the last day. The hour is full, so that the question stays the same for a while. */
function useTraffic(): { of: (name: string) => SumShape | undefined; known: boolean } {
  const may = useMay();
  const [since] = useState(() => new Date(Math.floor(Date.now() / HOUR) * HOUR - 24 * HOUR).toISOString());
  const usage = useQuery({ ...ask.usage({ by: ['host'], since }), enabled: may('usage.read') });
  return {
    of: (name) => usage.data?.rows.find((row) => row.group.host?.id === name),
    known: usage.data !== undefined,
  };
}

export function List(props: { items: ProviderShape[] }): ReactNode {
  const { t } = useWords();
  const search = useSearch({ from: '/providers' });
  const go = useNavigate({ from: '/providers' });
  const traffic = useTraffic();
  const [removing, setRemoving] = useState<ProviderShape | null>(null);
  const [renewing, setRenewing] = useState<ProviderShape | null>(null);
  const [outcome, setOutcome] = useState<{ name: string; outcome: OutcomeShape } | null>(null);
  const editing = props.items.find((each) => each.name === search.edit);
  const edit = (name: string | undefined): void => void go({ search: { edit: name } });
  const remove = useMutation({
    mutationFn: (name: string) =>
      dataOf(client.DELETE('/api/v1/providers/{name}', { params: { path: { name } } })),
    onSuccess: () => {
      setRemoving(null);
      return offeringsChanged();
    },
  });
  const test = useMutation({
    mutationFn: (name: string) =>
      dataOf(client.POST('/api/v1/providers/{name}/test', { params: { path: { name } } })),
    onSuccess: (found, name) => {
      setOutcome({ name, outcome: found });
      return offeringsChanged();
    },
  });
  const turn = useMutation({
    mutationFn: (one: ProviderShape) =>
      dataOf(
        client.PATCH('/api/v1/providers/{name}', {
          params: { path: { name: one.name }, header: { 'if-match': `"${one.revision}"` } },
          body: { enabled: one.state === 'disabled' },
        }),
      ),
    onSuccess: () => offeringsChanged(),
    onError: () => queries.invalidateQueries({ queryKey: ['providers'] }),
  });
  const calls = removing ? (traffic.of(removing.name)?.exchanges ?? 0) : 0;
  return (
    <>
      {outcome && <Outcome outcome={outcome.outcome} name={outcome.name} close={() => setOutcome(null)} />}
      <Flaws error={test.error ?? turn.error} />
      <section className="card" aria-label={t('nav.providers')}>
        <Table className="providers-table">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('providers.name')}</Table.Th>
              <Table.Th>{t('providers.state')}</Table.Th>
              {traffic.known && <Table.Th>{t('providers.day')}</Table.Th>}
              <Table.Th className="right">{t('providers.models')}</Table.Th>
              <Table.Th>{t('providers.secret')}</Table.Th>
              <Table.Th>
                <VisuallyHidden>{t('providers.actions')}</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {props.items.map((each) => (
              <Table.Tr key={each.name}>
                <Row
                  one={each}
                  traffic={traffic.of(each.name)}
                  known={traffic.known}
                  testing={test.isPending && test.variables === each.name}
                  test={() => test.mutate(each.name)}
                  turn={() => turn.mutate(each)}
                  edit={() => edit(each.name)}
                  renew={() => setRenewing(each)}
                  remove={() => setRemoving(each)}
                />
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      <Sure
        asked={removing !== null}
        title={t('providers.remove', { name: removing?.name ?? '' })}
        text={[
          t('providers.remove.sure', { count: removing?.offered ?? 0, name: removing?.name ?? '' }),
          calls > 0 && t('providers.remove.used', { count: calls }),
        ]
          .filter(Boolean)
          .join(' ')}
        word={t('providers.remove.submit')}
        harsh
        error={remove.error}
        busy={remove.isPending}
        close={() => {
          setRemoving(null);
          remove.reset();
        }}
        go={() => removing && remove.mutate(removing.name)}
      />
      <Modal
        opened={renewing !== null}
        onClose={() => setRenewing(null)}
        title={t('providers.replace.of', { name: renewing?.name ?? '' })}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {renewing && <Renewing name={renewing.name} host={renewing.host} done={() => setRenewing(null)} />}
      </Modal>
      <Modal
        opened={editing !== undefined}
        onClose={() => edit(undefined)}
        size="lg"
        title={t('providers.edit.of', { name: editing?.name ?? '' })}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {editing && <Editing key={editing.name} one={editing} done={() => edit(undefined)} />}
      </Modal>
    </>
  );
}

function Row(props: {
  one: ProviderShape;
  traffic: SumShape | undefined;
  known: boolean;
  testing: boolean;
  test: () => void;
  turn: () => void;
  edit: () => void;
  renew: () => void;
  remove: () => void;
}): ReactNode {
  const { t, f, language } = useWords();
  const may = useMay();
  const { one, traffic } = props;
  const from = [
    one.display !== one.name && one.display,
    one.country && countryName(one.country, language),
  ].filter(Boolean);
  const tried = one.tried;
  const writes = may('providers.write');
  return (
    <>
      <Table.Td className="c-who">
        <b>{one.name}</b>
        <div className="sub">{from.join(' · ')}</div>
        <div className="sub mono clip" title={one.base_url}>
          {one.base_url}
        </div>
      </Table.Td>
      <Table.Td className="c-state">
        <State tone={healthOf(one, traffic)}>{t(`providers.state.${one.state}`)}</State>
        {one.problem ? (
          <div className="sub breakable">{one.problem}</div>
        ) : tried ? (
          <div className="sub" title={tried.sentence}>
            {t(tried.ok ? 'providers.tried.ok' : 'providers.tried.bad', {
              when: f.ago(tried.at),
              time: f.ms(tried.seconds * 1000),
            })}
            {!tried.ok && <div className="breakable">{tried.sentence}</div>}
          </div>
        ) : (
          one.state === 'ready' && <div className="sub">{t('providers.tried.never')}</div>
        )}
      </Table.Td>
      {props.known && (
        <Table.Td className="num c-day">
          <span className="less sub">{t('providers.day')}: </span>
          {traffic ? (
            <Link
              to="/usage"
              search={{ host: one.name }}
              className="day-link"
              title={t('providers.day.open', { name: one.name })}
            >
              {t('providers.day.requests', { count: traffic.exchanges })}
              <div className="sub" data-bad={traffic.failures > 0 || undefined}>
                {[
                  t('providers.day.errors', {
                    share: f.percent(traffic.exchanges > 0 ? traffic.failures / traffic.exchanges : 0),
                  }),
                  traffic.mean_total_ms !== null &&
                    t('providers.day.latency', { time: f.ms(traffic.mean_total_ms) }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </div>
            </Link>
          ) : (
            <span className="sub">{t('providers.day.none')}</span>
          )}
        </Table.Td>
      )}
      <Table.Td className="right num c-count">
        <span className="less">{t('providers.offers', { count: one.offered ?? 0 })}</span>
        <span className="more">{f.number(one.offered ?? 0)}</span>
        {one.models !== null && <div className="sub">{t('providers.models.chosen')}</div>}
      </Table.Td>
      <Table.Td className="c-secret">
        <span className="less sub">{t('providers.secret')}: </span>
        {one.secret ? (
          <span className="mono nowrap">{one.secret}</span>
        ) : (
          <span className="sub">{t('providers.secret.none')}</span>
        )}
      </Table.Td>
      <Table.Td className="c-do">
        {writes && (
          <div className="row-actions">
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlugConnected size={14} />}
              loading={props.testing}
              onClick={props.test}
              aria-label={`${t('providers.try')}: ${one.name}`}
            >
              {t('providers.try')}
            </Button>
            {one.owner === 'studio' ? (
              <Menu position="bottom-end" width={210} shadow="md">
                <Menu.Target>
                  <ActionIcon size="lg" aria-label={`${t('providers.actions')}: ${one.name}`}>
                    <IconDots size={16} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item leftSection={<IconAdjustments size={15} />} onClick={props.edit}>
                    {t('providers.edit')}
                  </Menu.Item>
                  <Menu.Item leftSection={<IconKey size={15} />} onClick={props.renew}>
                    {t('providers.replace')}
                  </Menu.Item>
                  <Menu.Item
                    leftSection={
                      one.state === 'disabled' ? <IconPlayerPlay size={15} /> : <IconPlayerPause size={15} />
                    }
                    onClick={props.turn}
                  >
                    {t(one.state === 'disabled' ? 'providers.enable' : 'providers.disable')}
                  </Menu.Item>
                  <Menu.Divider />
                  <Menu.Item
                    color="red.8"
                    className="harsh"
                    leftSection={<IconTrash size={15} />}
                    onClick={props.remove}
                  >
                    {t('providers.remove', { name: one.name })}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            ) : (
              <Tooltip label={t('providers.declared')} multiline w={260}>
                <span className="mark">
                  {t(one.owner === 'file' ? 'providers.owner.file' : 'providers.owner.environment')}
                </span>
              </Tooltip>
            )}
          </div>
        )}
      </Table.Td>
    </>
  );
}
