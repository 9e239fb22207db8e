/** Acts, the newest first. */
import { Badge, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import type { AuditShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Scroll } from '../../ui/parts';
import { said } from './said';

const SHOWN = 3;

export function ActTable(props: { items: AuditShape[]; open: (sequence: number) => void }): ReactNode {
  const { t } = useWords();
  return (
    <Scroll stacks label={t('nav.audit')}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('audit.when')}</Table.Th>
            <Table.Th>{t('audit.who')}</Table.Th>
            <Table.Th>{t('audit.what')}</Table.Th>
            <Table.Th>{t('audit.how')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.items.map((act) => (
            <Row key={act.sequence} of={act} open={() => props.open(act.sequence)} />
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}

function Row(props: { of: AuditShape; open: () => void }): ReactNode {
  const { t, f } = useWords();
  const { of: act } = props;
  return (
    <Table.Tr onClick={props.open} className="clickable">
      <Table.Td className="nowrap">
        <button type="button" className="plain" onClick={props.open}>
          {f.dateTime(act.at)}
        </button>
      </Table.Td>
      <Table.Td data-label={t('audit.who')}>
        <div className="actwho">
          <span>{act.actor.name || t(`audit.actor.${act.actor.kind}`)}</span>
          <small>
            {act.actor.name && `${t(`audit.actor.${act.actor.kind}`)} · `}
            {act.origin}
          </small>
        </div>
      </Table.Td>
      <Table.Td data-label={t('audit.what')}>
        <div className="actwhat">
          {act.outcome === 'refused' && (
            <Badge color="orange" variant="light">
              {t('audit.outcome.refused')}
            </Badge>
          )}
          {act.changes.slice(0, SHOWN).map((change) => (
            <span key={`${change.what}/${change.id}/${change.name}`}>
              {said(t, change)} <b>{change.name}</b>
            </span>
          ))}
          {act.changes.length > SHOWN && (
            <small>{t('audit.more', { count: act.changes.length - SHOWN })}</small>
          )}
          {act.changes.length === 0 && <small>{t('audit.nothing')}</small>}
        </div>
      </Table.Td>
      <Table.Td data-label={t('audit.how')}>
        {act.action ? <code className="acthow">{act.action}</code> : '–'}
      </Table.Td>
    </Table.Tr>
  );
}
