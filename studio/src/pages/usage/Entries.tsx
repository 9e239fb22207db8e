/** Requests in a table; each opens in full. */
import { Badge, Table, Text } from '@mantine/core';
import { IconArrowsLeftRight } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { EntryShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { total } from '../../lib/series';
import { Scroll, State, type Tone } from '../../ui/parts';

/** The status of a request whose caller did not wait for the end. */
export const LEFT = 499;
const WORST = ['meaning', 'degraded', 'cosmetic'] as const;

export const toneOf = (status: number): Tone => (status < 400 ? 'good' : status === LEFT ? 'none' : 'bad');

export function Entries(props: {
  items: readonly EntryShape[];
  label: string;
  /** With the host and the key, and the time to the second. */
  full?: boolean;
  /** The page on which each opens. */
  at?: '/usage' | '/traffic';
  /** How many at the top have just come. */
  fresh?: number;
}): ReactNode {
  const { t, f } = useWords();
  const go = useNavigate();
  const { full, fresh = 0, at = '/usage' } = props;
  return (
    <Scroll label={props.label}>
      <Table className="entries" data-full={full || undefined}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('usage.when')}</Table.Th>
            <Table.Th>{t('usage.model')}</Table.Th>
            {full && <Table.Th className="wide">{t('usage.host')}</Table.Th>}
            {full && <Table.Th className="wide">{t('usage.key')}</Table.Th>}
            <Table.Th>{t('usage.result')}</Table.Th>
            <Table.Th className="right wide">{t('usage.tokens')}</Table.Th>
            <Table.Th className="right took">{t('usage.latency')}</Table.Th>
            <Table.Th className="right">{t('usage.cost')}</Table.Th>
            {full && (
              <Table.Th className="wide lossy">
                <span className="sr">{t('entry.losses')}</span>
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.items.map((entry, index) => (
            <Table.Tr
              key={entry.id}
              className="rowlink"
              data-fresh={index < fresh || undefined}
              onClick={() =>
                void go({ to: at, search: (old) => ({ ...old, entry: entry.id }), resetScroll: !full })
              }
            >
              <Table.Td className="num when">
                <Link
                  to={at}
                  search={(old) => ({ ...old, entry: entry.id })}
                  resetScroll={!full}
                  title={f.dateTime(entry.at)}
                  onClick={(event) => event.stopPropagation()}
                >
                  {full ? <Stamp at={entry.at} /> : f.briefly(entry.at)}
                </Link>
              </Table.Td>
              <Table.Td className="named">
                <span className="said">
                  <Text span size="sm" className="clip" title={entry.offering || entry.requested}>
                    {entry.model || entry.requested}
                  </Text>
                  {entry.purpose && <Badge color="gray">{t(`entry.purpose.${entry.purpose}`)}</Badge>}
                </span>
              </Table.Td>
              {full && (
                <Table.Td className="wide">
                  <span className="clip" title={entry.host}>
                    {entry.host || '–'}
                  </span>
                </Table.Td>
              )}
              {full && (
                <Table.Td className="wide keyed">
                  <span className="clip" title={entry.key.name}>
                    {entry.key.name || '–'}
                  </span>
                </Table.Td>
              )}
              <Table.Td>
                <State tone={toneOf(entry.status)}>
                  <span className="num">{entry.status}</span>
                </State>
              </Table.Td>
              <Table.Td className="right num wide">
                {entry.usage_reported ? f.number(total(entry.tokens)) : '–'}
              </Table.Td>
              <Table.Td className="right num took">{f.ms(entry.total_ms)}</Table.Td>
              <Table.Td className="right num">
                {entry.cost === null ? (
                  <Text span size="sm" c="dimmed">
                    {entry.status >= 400 ? '–' : t('usage.unknown')}
                  </Text>
                ) : (
                  f.money(entry.cost, entry.currency)
                )}
              </Table.Td>
              {full && (
                <Table.Td className="wide lossy">
                  <Lost entry={entry} />
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}

function Stamp(props: { at: string }): ReactNode {
  const { f } = useWords();
  return (
    <>
      <span className="roomy">{f.stamp(props.at)}</span>
      <span className="tight">{`${f.shortDay(props.at)} ${f.hour(props.at)}`}</span>
    </>
  );
}

/** That something was lost in translation, and how grave the gravest of it is. */
function Lost(props: { entry: EntryShape }): ReactNode {
  const { t } = useWords();
  const { losses } = props.entry;
  const worst = WORST.find((each) => losses.some((loss) => loss.severity === each));
  if (!worst) return null;
  const said = `${t('entry.lost', { count: losses.length })} (${t(`entry.severity.${worst}`)})`;
  return (
    <span className="lost" data-severity={worst} title={said}>
      <IconArrowsLeftRight size={13} aria-hidden />
      <span aria-hidden>{losses.length}</span>
      <span className="sr">{said}</span>
    </span>
  );
}
