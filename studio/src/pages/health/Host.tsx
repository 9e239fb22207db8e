/** One host and its offerings that were asked of late. */
import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import type { HostStandingShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { HOURS, type Span, stepsOf, toneOf } from '../../lib/standing';
import { Card, Scroll, State } from '../../ui/parts';
import { Bars } from './Bars';

export function Host(props: {
  is: HostStandingShape;
  since: string;
  span: Span;
  open: (offering: string) => void;
}): ReactNode {
  const { t, f } = useWords();
  const { is } = props;
  const ms = (value: number | null): string => (value === null ? '–' : f.ms(value));
  return (
    <Card
      title={is.host}
      aside={<State tone={toneOf(is.standing)}>{t(`health.standing.${is.standing}`)}</State>}
    >
      <Scroll label={is.host}>
        <Table className="standing">
          <Table.Thead>
            <Table.Tr>
              <Table.Th className="named">{t('usage.model')}</Table.Th>
              <Table.Th>{t('health.standing')}</Table.Th>
              <Table.Th className="wide over">{t('health.over')}</Table.Th>
              <Table.Th className="right">{t('usage.tile.requests')}</Table.Th>
              <Table.Th className="right">{t('health.failures')}</Table.Th>
              <Table.Th className="right wide">{t('health.first')}</Table.Th>
              <Table.Th className="right wide">{t('health.whole')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {is.offerings.map((each) => (
              <Table.Tr key={each.offering} className="rowlink" onClick={() => props.open(each.offering)}>
                <Table.Td className="named">
                  <button
                    type="button"
                    className="plain clip"
                    title={each.offering}
                    onClick={(event) => {
                      event.stopPropagation();
                      props.open(each.offering);
                    }}
                  >
                    {each.offering.slice(each.host.length + 1)}
                  </button>
                </Table.Td>
                <Table.Td>
                  <State tone={toneOf(each.standing)}>{t(`health.standing.${each.standing}`)}</State>
                </Table.Td>
                <Table.Td className="wide">
                  <Bars steps={stepsOf(each, props.since, HOURS[props.span])} />
                </Table.Td>
                <Table.Td className="right num">{f.number(each.exchanges)}</Table.Td>
                <Table.Td className="right num" data-bad={each.failures > 0 || undefined}>
                  {each.exchanges > 0 ? f.percent(each.failures / each.exchanges) : '–'}
                </Table.Td>
                <Table.Td className="right num wide">
                  {ms(each.p50_first_event_ms)} <small>{ms(each.p95_first_event_ms)}</small>
                </Table.Td>
                <Table.Td className="right num wide">
                  {ms(each.p50_total_ms)} <small>{ms(each.p95_total_ms)}</small>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </Card>
  );
}
