/** The routes, with who answered by each of them lately. */
import { Badge, Table } from '@mantine/core';
import { IconRoute } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useMay } from '../../api/rights';
import { routing } from '../../api/routing';
import type { RouteShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { conditionsOf, count, type Share } from '../../lib/route';
import { Scroll } from '../../ui/parts';
import { Empty, Shown } from '../../ui/states';

const SHOWN = 3;

export function List(props: { make: ReactNode; open: (route: RouteShape) => void }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const routes = useQuery(routing.list());
  const counts = may('usage.read');
  const shares = useQuery({ ...routing.shares(), enabled: counts });
  return (
    <Shown query={routes}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty icon={<IconRoute size={20} />} title={t('routes.none')} action={props.make}>
            {t('routes.none.detail')}
          </Empty>
        ) : (
          <Scroll stacks label={t('nav.routes')}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('routes.name')}</Table.Th>
                  <Table.Th>{t('routes.policy')}</Table.Th>
                  <Table.Th>{t('routes.targets')}</Table.Th>
                  <Table.Th>{t('routes.conditions')}</Table.Th>
                  {counts && <Table.Th>{t('routes.lately')}</Table.Th>}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((route) => (
                  <Row
                    key={route.name}
                    of={route}
                    counts={counts}
                    shares={shares.data?.get(route.name) ?? []}
                    known={shares.isSuccess}
                    open={() => props.open(route)}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Scroll>
        )
      }
    </Shown>
  );
}

function Row(props: {
  of: RouteShape;
  counts: boolean;
  shares: Share[];
  known: boolean;
  open: () => void;
}): ReactNode {
  const { t } = useWords();
  const { of: route } = props;
  const set = count(conditionsOf(route.constraints));
  const names = [...new Set([...route.targets.map((target) => target.model), ...route.fallbacks])];
  return (
    <Table.Tr>
      <Table.Td>
        <button type="button" className="plain routename" onClick={props.open}>
          {route.name}
        </button>
        {route.owner === 'file' && <small className="sub">{t('routes.owned')}</small>}
      </Table.Td>
      <Table.Td data-label={t('routes.policy')}>
        <Badge variant="light">{t(`routes.policy.${route.policy}`)}</Badge>
      </Table.Td>
      <Table.Td data-label={t('routes.targets')}>
        <ol className="routetargets">
          {names.slice(0, SHOWN).map((name) => (
            <li key={name} className="mono">
              {name}
            </li>
          ))}
          {names.length > SHOWN && <li>{t('routes.more', { count: names.length - SHOWN })}</li>}
        </ol>
      </Table.Td>
      <Table.Td data-label={t('routes.conditions')}>
        {set > 0 ? t('routes.conditions.set', { count: set }) : '–'}
      </Table.Td>
      {props.counts && (
        <Table.Td data-label={t('routes.lately')}>{props.known && <Shares of={props.shares} />}</Table.Td>
      )}
    </Table.Tr>
  );
}

export function Shares(props: { of: Share[] }): ReactNode {
  const { t, f } = useWords();
  if (props.of.length === 0) return <span className="sub">{t('routes.unused')}</span>;
  return (
    <ul className="routeshares">
      {props.of.slice(0, SHOWN).map((each) => (
        <li key={each.offering} title={t('routes.calls', { count: each.calls })}>
          <span className="mono clip">{each.offering}</span>
          <span className="num">{f.percent(each.share)}</span>
          <i aria-hidden style={{ inlineSize: `${Math.max(2, each.share * 100)}%` }} />
        </li>
      ))}
    </ul>
  );
}
