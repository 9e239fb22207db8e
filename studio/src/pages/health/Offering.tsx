/** One offering in full: what each gateway worker measures, its hours, its last errors. */
import { Badge, Stack, Table, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { StandingShape, WorkerViewShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { toneOf } from '../../lib/standing';
import { Copy, Scroll, State, type Tone } from '../../ui/parts';

const BREAKER = { closed: 'good', half_open: 'busy', open: 'bad' } as const satisfies Record<
  WorkerViewShape['breaker'],
  Tone
>;

export function Offering(props: { is: StandingShape }): ReactNode {
  const { t } = useWords();
  const { is } = props;
  return (
    <Stack gap="lg" className="entry">
      <div>
        <Title order={2} className="clip">
          {is.model}
        </Title>
        <Text size="sm" c="dimmed">
          <span className="copied">
            <span className="mono clip">{is.offering}</span>
            <Copy value={is.offering} />
          </span>
        </Text>
        <State tone={toneOf(is.standing)}>{t(`health.standing.${is.standing}`)}</State>{' '}
        {!is.offered && <Badge color="gray">{t('health.gone')}</Badge>}
        <Text size="sm" mt={4}>
          {t(`health.standing.${is.standing}.what`)}
        </Text>
      </div>
      <Workers is={is} />
      <Mishaps is={is} />
      <Hours is={is} />
    </Stack>
  );
}

function Workers(props: { is: StandingShape }): ReactNode {
  const { t, f } = useWords();
  const { workers } = props.is;
  return (
    <section>
      <Title order={3} mb={8}>
        {t('health.workers')}
      </Title>
      {workers.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('health.workers.none')}
        </Text>
      ) : (
        <ul className="workers num">
          {workers.map((each) => (
            <li key={each.worker}>
              <span className="mono clip" title={each.worker}>
                {each.worker}
              </span>
              <State tone={BREAKER[each.breaker]}>{t(`health.breaker.${each.breaker}`)}</State>
              <Text size="xs" c="dimmed">
                {t('health.minute', { count: each.calls, failures: f.number(each.failures) })}
                {each.first_event_ms !== null &&
                  ` · ${t('health.measured', { time: f.ms(each.first_event_ms) })}`}
                {each.until && ` · ${t('health.until', { time: f.time(each.until) })}`}
              </Text>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Mishaps(props: { is: StandingShape }): ReactNode {
  const { t, f } = useWords();
  const { mishaps } = props.is;
  return (
    <section>
      <Title order={3} mb={8}>
        {t('health.mishaps')}
      </Title>
      {mishaps.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('health.mishaps.none')}
        </Text>
      ) : (
        <ul className="workers num">
          {mishaps.map((each) => (
            <li key={`${each.exchange} ${each.at}`}>
              <Link to="/traffic" search={{ entry: each.exchange }} title={f.dateTime(each.at)}>
                {f.stamp(each.at)}
              </Link>
              <State tone="bad">{each.status ?? '–'}</State>
              <Text size="xs" c="dimmed">
                <span className="mono">{each.failure}</span>
                {each.answered && ` · ${t('health.mishaps.answered')}`}
              </Text>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Hours(props: { is: StandingShape }): ReactNode {
  const { t, f } = useWords();
  const steps = [...props.is.steps].reverse().slice(0, MOST_HOURS);
  const ms = (value: number | null): string => (value === null ? '–' : f.ms(value));
  if (steps.length === 0) return null;
  return (
    <section>
      <Title order={3} mb={8}>
        {t('health.hours')}
      </Title>
      <Scroll label={t('health.hours')}>
        <Table className="standing">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('usage.when')}</Table.Th>
              <Table.Th className="right">{t('usage.tile.requests')}</Table.Th>
              <Table.Th className="right">{t('usage.tile.errors')}</Table.Th>
              <Table.Th className="right">{t('health.first')}</Table.Th>
              <Table.Th className="right">{t('health.whole')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {steps.map((step) => (
              <Table.Tr key={step.at}>
                <Table.Td className="num">{`${f.shortDay(step.at)} ${f.hour(step.at)}`}</Table.Td>
                <Table.Td className="right num">{f.number(step.exchanges)}</Table.Td>
                <Table.Td className="right num" data-bad={step.failures > 0 || undefined}>
                  {f.number(step.failures)}
                </Table.Td>
                <Table.Td className="right num">
                  {ms(step.p50_first_event_ms)} <small>{ms(step.p95_first_event_ms)}</small>
                </Table.Td>
                <Table.Td className="right num">
                  {ms(step.p50_total_ms)} <small>{ms(step.p95_total_ms)}</small>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </section>
  );
}

const MOST_HOURS = 48;
