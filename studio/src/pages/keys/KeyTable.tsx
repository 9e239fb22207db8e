/** The keys: what each may use, whether it is used, what it cost, when it ends. */
import { ActionIcon, Badge, Menu, Table, Text, VisuallyHidden } from '@mantine/core';
import {
  IconActivity,
  IconClockExclamation,
  IconDots,
  IconPencil,
  IconRefresh,
  IconTrash,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { keyring } from '../../api/keyring';
import { useMay } from '../../api/rights';
import type { KeyShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { isSoon } from '../../lib/expiry';
import type { Used } from '../../lib/keys';
import { Scroll, State } from '../../ui/parts';

const SHOWN_MODELS = 2;

export function KeyTable(props: {
  items: KeyShape[];
  act: (act: { what: 'edit' | 'rotate' | 'revoke'; key: KeyShape }) => void;
}): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const counts = may('usage.read');
  const used = useQuery({ ...keyring.used(), enabled: counts });
  return (
    <Scroll stacks label={t('nav.keys')}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('keys.name')}</Table.Th>
            <Table.Th>{t('keys.project')}</Table.Th>
            <Table.Th>{t('keys.state')}</Table.Th>
            <Table.Th>{t('keys.models')}</Table.Th>
            {counts && <Table.Th>{t('keys.used')}</Table.Th>}
            {counts && <Table.Th className="right">{t('keys.spent')}</Table.Th>}
            <Table.Th>{t('expiry.label')}</Table.Th>
            <Table.Th>
              <VisuallyHidden>{t('palette.actions')}</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.items.map((key) => (
            <Row key={key.id} of={key} used={used.data?.get(key.id)} known={used.isSuccess} act={props.act} />
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}

function Row(props: {
  of: KeyShape;
  used: Used | undefined;
  known: boolean;
  act: (act: { what: 'edit' | 'rotate' | 'revoke'; key: KeyShape }) => void;
}): ReactNode {
  const { t, f } = useWords();
  const may = useMay();
  const { of: key, used } = props;
  const soon = key.state === 'active' && isSoon(key.expires_at);
  return (
    <Table.Tr data-faded={key.state !== 'active' || undefined}>
      <Table.Td>
        <div className="keyname">
          <b>{key.name}</b>
          <small className="mono" title={t('keys.created.at', { time: f.dateTime(key.created_at) })}>
            {key.hint}
          </small>
        </div>
      </Table.Td>
      <Table.Td data-label={t('keys.project')}>{key.project}</Table.Td>
      <Table.Td data-label={t('keys.state')}>
        <State tone={key.state === 'active' ? 'good' : 'none'}>{t(`keys.state.${key.state}`)}</State>
      </Table.Td>
      <Table.Td data-label={t('keys.models')}>
        <Models of={key.models} />
      </Table.Td>
      {may('usage.read') && (
        <>
          <Table.Td className="nowrap" data-label={t('keys.used')}>
            {!props.known ? null : used?.last ? (
              f.date(used.last)
            ) : (
              <Text span size="sm" c="dimmed">
                {t('keys.unused')}
              </Text>
            )}
          </Table.Td>
          <Table.Td className="right num nowrap" data-label={t('keys.spent')}>
            {!used ? (
              props.known && '–'
            ) : (
              <div className="keyname">
                <span>
                  {Object.entries(used.cost).map(([currency, amount]) => (
                    <div key={currency}>{f.money(amount, currency)}</div>
                  ))}
                  {Object.keys(used.cost).length === 0 && '–'}
                </span>
                <small>{t('keys.calls', { count: used.exchanges })}</small>
              </div>
            )}
          </Table.Td>
        </>
      )}
      <Table.Td className="nowrap" data-soon={soon || undefined} data-label={t('expiry.label')}>
        {key.expires_at ? (
          <span title={f.dateTime(key.expires_at)} className="keyend">
            {soon && <IconClockExclamation size={14} aria-hidden />}
            {soon ? f.ago(key.expires_at) : f.date(key.expires_at)}
          </span>
        ) : (
          t('expiry.never')
        )}
      </Table.Td>
      <Table.Td className="right" data-acts>
        <Acts of={key} act={props.act} />
      </Table.Td>
    </Table.Tr>
  );
}

function Models(props: { of: readonly string[] }): ReactNode {
  const { t } = useWords();
  if (props.of.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('keys.models.all')}
      </Text>
    );
  }
  const rest = props.of.slice(SHOWN_MODELS);
  return (
    <div className="keymodels">
      {props.of.slice(0, SHOWN_MODELS).map((model) => (
        <Badge key={model} color="gray" tt="none" fw={500} title={model}>
          {model}
        </Badge>
      ))}
      {rest.length > 0 && (
        <Text size="xs" c="dimmed" title={rest.join('\n')}>
          {t('keys.models.more', { count: rest.length })}
        </Text>
      )}
    </div>
  );
}

function Acts(props: {
  of: KeyShape;
  act: (act: { what: 'edit' | 'rotate' | 'revoke'; key: KeyShape }) => void;
}): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const go = useNavigate();
  const key = props.of;
  const changes = may('keys.write') && key.owner === 'studio' && key.state !== 'revoked';
  if (!may('usage.read') && !changes) return null;
  return (
    <Menu position="bottom-end" shadow="md" width={220}>
      <Menu.Target>
        <ActionIcon aria-label={t('keys.menu', { name: key.name })}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {may('usage.read') && (
          <Menu.Item
            leftSection={<IconActivity size={15} />}
            onClick={() => void go({ to: '/usage', search: { by: 'model', key: key.id } })}
          >
            {t('keys.usage')}
          </Menu.Item>
        )}
        {changes && (
          <>
            <Menu.Item
              leftSection={<IconPencil size={15} />}
              onClick={() => props.act({ what: 'edit', key })}
            >
              {t('keys.act.edit')}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconRefresh size={15} />}
              onClick={() => props.act({ what: 'rotate', key })}
            >
              {t('keys.act.rotate')}
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item
              className="danger"
              leftSection={<IconTrash size={15} />}
              onClick={() => props.act({ what: 'revoke', key })}
            >
              {t('keys.act.revoke')}
            </Menu.Item>
          </>
        )}
        {may('keys.write') && key.owner !== 'studio' && (
          <Menu.Label maw={220}>{t(`keys.owned.${key.owner}`)}</Menu.Label>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
