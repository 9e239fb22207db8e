/** What runs, where it is, and what it is made of. */
import { Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { at } from '../../api/client';
import { ask } from '../../api/queries';
import type { StatusShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Card, Copy, Facts, Scroll, State } from '../../ui/parts';
import { Shown } from '../../ui/states';
import { Processes } from './Processes';

export function Platform(): ReactNode {
  const status = useQuery(ask.status());
  return (
    <Shown query={status}>
      {(is) => (
        <Stack gap={20}>
          <Running is={is} />
          {is.processes && is.processes.length > 0 && <Processes of={is.processes} />}
          <Components is={is} />
        </Stack>
      )}
    </Shown>
  );
}

function Address(props: { of: string; label: string }): ReactNode {
  return (
    <span className="address">
      <span className="mono">{props.of}</span>
      <Copy value={props.of} label={props.label} />
    </span>
  );
}

function Running(props: { is: StatusShape }): ReactNode {
  const { t, f } = useWords();
  const { is } = props;
  const workers = is.workers ?? [];
  const copy = t('action.copy');
  return (
    <Card title={t('settings.platform')} padded>
      <Facts
        of={[
          [
            t('settings.state'),
            <State
              key="state"
              tone={is.state === 'ready' ? 'good' : is.state === 'starting' ? 'busy' : 'bad'}
            >
              {t(`settings.state.${is.state}`)}
            </State>,
          ],
          [t('settings.version'), is.version],
          [t('settings.started'), `${f.dateTime(is.started_at)} (${f.ago(is.started_at)})`],
          [t('settings.gateway'), <Address key="gateway" of={is.gateway} label={`${copy}: ${is.gateway}`} />],
          [t('settings.api'), <Address key="api" of={at('api/v1')} label={`${copy}: ${at('api/v1')}`} />],
          [
            t('settings.workers'),
            t('settings.workers.value', {
              listening: workers.filter((each) => each.state === 'listening').length,
              all: workers.length,
            }),
          ],
          [
            t('settings.ledger'),
            <div key="ledger">
              {t('settings.ledger.value', {
                count: is.ledger.shipped,
                waiting: f.bytes(is.ledger.pending_bytes),
              })}
              {is.ledger.error && (
                <Text size="sm" c="var(--cp-bad)">
                  {is.ledger.error}
                </Text>
              )}
            </div>,
          ],
          ...(is.data
            ? ([[t('settings.data'), <Address key="data" of={is.data} label={`${copy}: ${is.data}`} />]] as [
                string,
                ReactNode,
              ][])
            : []),
        ]}
      />
    </Card>
  );
}

function Components(props: { is: StatusShape }): ReactNode {
  const { t } = useWords();
  const { is } = props;
  return (
    <Card title={t('settings.components')}>
      <Text size="sm" c="dimmed" p="md" pb="xs">
        {t('settings.components.detail')}
      </Text>
      <Scroll label={t('settings.components')}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('settings.component')}</Table.Th>
              <Table.Th>{t('settings.version')}</Table.Th>
              <Table.Th>{t('settings.licence')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <Table.Tr>
              <Table.Td fw={550}>Counterpoint</Table.Td>
              <Table.Td className="num">{is.version}</Table.Td>
              <Table.Td>Apache-2.0</Table.Td>
            </Table.Tr>
            {Object.entries(is.components ?? {}).map(([name, version]) => (
              <Table.Tr key={name}>
                <Table.Td>{name}</Table.Td>
                <Table.Td className="num">{version}</Table.Td>
                <Table.Td>{is.licences?.[name] ?? '–'}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </Card>
  );
}
