/** All processes that work on this database, on this machine and on others, and what each does. */
import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { StatusShape } from '../../api/schema';
import { type Sentence, useWords } from '../../i18n';
import { Card, Scroll } from '../../ui/parts';

type Process = NonNullable<StatusShape['processes']>[number];

const ROLES: Record<string, Sentence> = {
  gateway: 'settings.role.gateway',
  studio: 'settings.role.studio',
  worker: 'settings.role.worker',
};

const DUTIES: Record<string, Sentence> = {
  tidying: 'settings.duty.tidying',
  'days of the ledger': 'settings.duty.days',
  telling: 'settings.duty.telling',
  discovery: 'settings.duty.discovery',
};

export function Processes(props: { of: readonly Process[] }): ReactNode {
  const { t, f } = useWords();
  const said = (names: string[], by: Record<string, Sentence>): string =>
    names.map((name) => (by[name] ? t(by[name]) : name)).join(', ');
  return (
    <Card title={t('settings.processes')}>
      <Text size="sm" c="dimmed" p="md" pb="xs">
        {t('settings.processes.detail')}
      </Text>
      <Scroll label={t('settings.processes')}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('settings.process.machine')}</Table.Th>
              <Table.Th>{t('settings.process.roles')}</Table.Th>
              <Table.Th>{t('settings.process.addresses')}</Table.Th>
              <Table.Th>{t('settings.started')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {props.of.map((each) => (
              <Table.Tr key={each.id}>
                <Table.Td>
                  {each.host} <span className="num">{each.pid}</span>
                  <Text size="xs" c="dimmed">
                    {each.version}
                    {each.this && ` · ${t('settings.process.this')}`}
                  </Text>
                </Table.Td>
                <Table.Td>
                  {said(each.roles, ROLES)}
                  {each.duties.length > 0 && (
                    <Text size="xs" c="dimmed">
                      {t('settings.process.duties', { duties: said(each.duties, DUTIES) })}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td className="mono">
                  {Object.values(each.addresses).map((address) => (
                    <div key={address}>{address}</div>
                  ))}
                </Table.Td>
                <Table.Td className="num nowrap">
                  {f.dateTime(each.started_at)}
                  <Text size="xs" c="dimmed">
                    {t('settings.process.seen', { when: f.ago(each.seen_at) })}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </Card>
  );
}
