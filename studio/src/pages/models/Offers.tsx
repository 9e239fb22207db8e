/** Everyone who serves a model: what can be called here first, then the maker, then by price, or as sorted. */
import { Anchor, Table, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { askCatalogue } from '../../api/catalogue';
import { useMay } from '../../api/rights';
import type { OfferShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { type OfferSort, ranked } from '../../lib/models';
import { Copy, Scroll } from '../../ui/parts';
import { useNamed } from './words';

export function Offers(props: { offers: OfferShape[]; context: number | null }): ReactNode {
  const { t, f } = useWords();
  const named = useNamed();
  const may = useMay();
  const hosts = useQuery(askCatalogue.hosts());
  const [sort, setSort] = useState<{ by: OfferSort; falling: boolean } | null>(null);
  const known = new Map((hosts.data?.items ?? []).map((host) => [host.name, host]));
  const head = (by: OfferSort, label: string, right = false): ReactNode => {
    const active = sort?.by === by;
    const Icon = active && sort.falling ? IconArrowDown : IconArrowUp;
    return (
      <Table.Th
        className={right ? 'right' : undefined}
        aria-sort={active ? (sort.falling ? 'descending' : 'ascending') : 'none'}
      >
        <button
          type="button"
          className="sortable"
          onClick={() =>
            setSort(active ? (sort.falling ? null : { by, falling: true }) : { by, falling: false })
          }
        >
          {label}
          <Icon size={13} aria-hidden data-off={!active || undefined} />
        </button>
      </Table.Th>
    );
  };
  if (props.offers.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('models.offers.none')}
      </Text>
    );
  }
  return (
    <Scroll label={t('models.offers')}>
      <Table horizontalSpacing={8} className="offers">
        <Table.Thead>
          <Table.Tr>
            {head('host', t('models.filter.host'))}
            {head('input', t('models.input'), true)}
            {head('output', t('models.output'), true)}
            {head('cached', t('models.cached'), true)}
            {head('context', t('models.context'), true)}
            {head('country', t('models.law'))}
            <Table.Th>{t('models.dialects')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {ranked(props.offers, sort?.by ?? null, sort?.falling ?? false).map((offer) => {
            const host = known.get(offer.host);
            const context = offer.context ?? props.context;
            const [called] = offer.called;
            const price = (amount: string | null, none: string): string =>
              f.perMillion(amount, offer.currency) ?? none;
            return (
              <Table.Tr key={`${offer.host}/${offer.id}/${offer.region}`}>
                <Table.Td>
                  <div className="modelname">
                    <Text size="sm" fw={500} span>
                      {host?.display ?? offer.host}
                    </Text>
                    {called !== undefined && (
                      <span className="mark" data-tone="good">
                        {t('models.here.mark')}
                      </span>
                    )}
                    {offer.first_hand && <span className="mark">{t('models.price.own')}</span>}
                    {called === undefined && host && may('providers.write') && (
                      <Anchor
                        size="xs"
                        className="offer-add"
                        renderRoot={(rest) => <Link to="/providers" search={{ add: offer.host }} {...rest} />}
                      >
                        {t('models.offer.add')}
                      </Anchor>
                    )}
                  </div>
                  <div className="offer-id sub mono">
                    <span>{called ?? offer.id}</span>
                    <Copy value={called ?? offer.id} label={t('models.copy', { name: called ?? offer.id })} />
                  </div>
                  {(offer.region || offer.quantisation || offer.retires) && (
                    <div className="sub">
                      {[
                        offer.region,
                        offer.quantisation,
                        offer.retires && t('models.retires', { date: f.date(offer.retires) }),
                      ]
                        .filter(Boolean)
                        .join(' · ')}
                    </div>
                  )}
                </Table.Td>
                <Table.Td className="right num">
                  {price(offer.input_price, t('models.price.unknown'))}
                </Table.Td>
                <Table.Td className="right num">
                  {price(offer.output_price, t('models.price.unknown'))}
                </Table.Td>
                <Table.Td className="right num">{price(offer.cache_read_price, '–')}</Table.Td>
                <Table.Td className="right num">{context === null ? '–' : f.compact(context)}</Table.Td>
                <Table.Td className="nowrap">{offer.country ? named.country(offer.country) : '–'}</Table.Td>
                <Table.Td className="sub">
                  {host ? host.dialects.join(', ') : t('models.offer.unconnectable')}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}
