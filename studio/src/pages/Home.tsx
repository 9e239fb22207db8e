/** What runs, what it did and cost today, what needs attention, what to do first. */
import { Anchor, Button, Skeleton, Table, Text } from '@mantine/core';
import { IconCheck, IconMessages } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { ask } from '../api/queries';
import type { EntryShape, SumShape } from '../api/schema';
import { useWords } from '../i18n';
import { Card, Code, Page, Scroll, Stat, State, type Tone } from '../ui/parts';
import { Empty, Rows, Shown } from '../ui/states';

export function Home(): ReactNode {
  const { t, f } = useWords();
  const status = useQuery(ask.status());
  const state = status.data?.state;
  const tone: Tone = state === 'ready' ? 'good' : state === undefined ? 'none' : 'busy';
  return (
    <Page
      title={t('nav.home')}
      lead={
        status.data && (
          <State tone={tone}>
            {t(`home.state.${status.data.state}`)}{' '}
            <Text span size="sm" c="dimmed">
              {t('home.version', { version: status.data.version, when: f.ago(status.data.started_at) })}
            </Text>
          </State>
        )
      }
      actions={
        <Button
          leftSection={<IconMessages size={16} />}
          renderRoot={(rest) => <Link to="/playground" {...rest} />}
        >
          {t('home.ask')}
        </Button>
      }
    >
      <Attention />
      <Today />
      <div className="split">
        <Latest />
        <div style={{ display: 'grid', gap: 20, minWidth: 0 }}>
          <FirstSteps />
          <Card title={t('home.gateway')} padded>
            <Text size="sm" c="dimmed" mb={10}>
              {t('home.gateway.detail')}
            </Text>
            {status.data ? (
              <Code text={`${status.data.gateway}/v1`} label={t('home.gateway')} />
            ) : (
              <Skeleton height={42} />
            )}
          </Card>
          <Here />
        </div>
      </div>
    </Page>
  );
}

function Attention(): ReactNode {
  const { t, f } = useWords();
  const status = useQuery(ask.status());
  const providers = useQuery(ask.providers());
  const found: { id: string; tone: Tone; text: string; to: '/providers' | '/settings' | '/models' }[] = [];
  for (const each of providers.data?.items ?? []) {
    if (each.state === 'unusable') {
      found.push({
        id: each.name,
        tone: 'bad',
        text: `${each.display}: ${each.problem ?? ''}`,
        to: '/providers',
      });
    }
  }
  for (const engine of status.data?.engines ?? []) {
    if (engine.state === 'failed') {
      found.push({
        id: engine.model,
        tone: 'bad',
        text: `${engine.model}: ${engine.failure ?? ''}`,
        to: '/models',
      });
    }
  }
  const ledger = status.data?.ledger;
  if (ledger?.failing_since) {
    found.push({
      id: 'ledger',
      tone: 'bad',
      text: t('home.ledger.failing', { when: f.ago(ledger.failing_since) }),
      to: '/settings',
    });
  }
  if (found.length === 0) return null;
  return (
    <Card title={t('home.attention')}>
      {found.map((each) => (
        <Link key={each.id} to={each.to} className="step">
          <State tone={each.tone}>
            <span style={{ whiteSpace: 'normal' }}>{each.text}</span>
          </State>
        </Link>
      ))}
    </Card>
  );
}

export function costText(sum: SumShape, money: (amount: string, currency: string) => string): string {
  const sums = Object.entries(sum.cost);
  return sums.length
    ? sums.map(([currency, amount]) => money(amount, currency)).join(' + ')
    : money('0', 'USD');
}

function Today(): ReactNode {
  const { t, f } = useWords();
  const since = useMemo(() => {
    const midnight = new Date();
    midnight.setHours(0, 0, 0, 0);
    return midnight.toISOString();
  }, []);
  const usage = useQuery({ ...ask.usage({ since }), refetchInterval: 10_000 });
  return (
    <Card
      title={t('home.today')}
      aside={
        <Anchor size="sm" renderRoot={(rest) => <Link to="/usage" {...rest} />}>
          {t('home.today.more')}
        </Anchor>
      }
    >
      <Shown query={usage} waiting={<Rows count={2} />}>
        {({ total }) => (
          <dl className="stats" style={{ margin: 0 }}>
            <Stat
              label={t('usage.requests')}
              note={total.failures > 0 ? t('usage.failed', { count: total.failures }) : t('usage.nofailures')}
            >
              {f.compact(total.exchanges)}
            </Stat>
            <Stat
              label={t('usage.cost')}
              note={
                total.unpriced > 0 ? t('usage.unpriced', { count: total.unpriced }) : t('usage.allpriced')
              }
            >
              {costText(total, f.money)}
            </Stat>
            <Stat
              label={t('usage.input')}
              note={t('usage.cached', { tokens: f.compact(total.tokens.cache_read ?? 0) })}
            >
              {f.compact(
                (total.tokens.input ?? 0) + (total.tokens.cache_read ?? 0) + (total.tokens.cache_write ?? 0),
              )}
            </Stat>
            <Stat
              label={t('usage.output')}
              note={t('usage.thought', { tokens: f.compact(total.tokens.reasoning ?? 0) })}
            >
              {f.compact((total.tokens.output ?? 0) + (total.tokens.reasoning ?? 0))}
            </Stat>
            <Stat label={t('usage.first')} note={t('usage.mean')}>
              {total.mean_first_event_ms === null ? '–' : f.ms(total.mean_first_event_ms)}
            </Stat>
          </dl>
        )}
      </Shown>
    </Card>
  );
}

function FirstSteps(): ReactNode {
  const { t } = useWords();
  const entries = useInfiniteQuery(ask.entries({}, 8));
  const providers = useQuery(ask.providers());
  const keys = useInfiniteQuery(ask.keys(false));
  const some = (entries.data?.pages[0]?.items.length ?? 0) > 0;
  const steps = [
    { to: '/playground', word: 'home.step.ask', done: some },
    { to: '/providers', word: 'home.step.provider', done: (providers.data?.items.length ?? 0) > 0 },
    { to: '/keys', word: 'home.step.key', done: (keys.data?.pages[0]?.items.length ?? 0) > 1 },
    {
      to: '/usage',
      word: 'home.step.usage',
      done: some && (entries.data?.pages[0]?.items.some((each) => each.client_dialect !== '') ?? false),
    },
  ] as const;
  if (!entries.data || !providers.data || !keys.data) return null;
  const left = steps.filter((step) => !step.done).length;
  if (left === 0) return null;
  return (
    <Card
      title={t('home.steps')}
      aside={
        <Text size="xs" c="dimmed">
          {t('home.steps.left', { count: left })}
        </Text>
      }
    >
      {steps.map((step) => (
        <Link key={step.to} to={step.to} className="step" data-done={step.done || undefined}>
          <span className="tick" aria-hidden>
            {step.done && <IconCheck size={12} stroke={3} />}
          </span>
          <span>
            <Text span size="sm" fw={500} className="what">
              {t(step.word)}
            </Text>
            <Text size="xs" c="dimmed">
              {step.done ? t('home.step.done') : t(`${step.word}.detail`)}
            </Text>
          </span>
        </Link>
      ))}
    </Card>
  );
}

function Here(): ReactNode {
  const { t, f } = useWords();
  const models = useQuery(ask.localModels());
  return (
    <Card
      title={t('home.here')}
      aside={
        <Anchor size="sm" renderRoot={(rest) => <Link to="/models" search={{ tab: 'local' }} {...rest} />}>
          {t('home.here.more')}
        </Anchor>
      }
    >
      <Shown query={models} waiting={<Rows count={2} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed" p="md">
              {t('models.local.none')}
            </Text>
          ) : (
            items.map((model) => (
              <div key={model.name} className="step" style={{ justifyContent: 'space-between' }}>
                <div style={{ minWidth: 0 }}>
                  <Text size="sm" fw={500} className="clip">
                    {model.display}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {model.kind === 'chat' ? t('models.kind.chat') : t('models.kind.embed')} ·{' '}
                    {f.bytes(model.memory_bytes)}
                  </Text>
                </div>
                <Text span size="xs" c="dimmed">
                  <EngineState state={model.state} />
                </Text>
              </div>
            ))
          )
        }
      </Shown>
    </Card>
  );
}

export function EngineState(props: { state: 'stopped' | 'loading' | 'ready' | 'failed' | null }): ReactNode {
  const { t } = useWords();
  const state = props.state ?? 'stopped';
  const tone = { stopped: 'none', loading: 'busy', ready: 'good', failed: 'bad' } as const;
  return <State tone={tone[state]}>{t(`engine.${state}`)}</State>;
}

function Latest(): ReactNode {
  const { t } = useWords();
  const entries = useInfiniteQuery({ ...ask.entries({}, 8), refetchInterval: 5_000 });
  return (
    <Card
      title={t('home.latest')}
      aside={
        <Anchor size="sm" renderRoot={(rest) => <Link to="/usage" {...rest} />}>
          {t('home.latest.more')}
        </Anchor>
      }
    >
      <Shown query={entries}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return items.length === 0 ? (
            <Empty icon={<IconMessages size={20} />} title={t('home.latest.none')}>
              {t('home.latest.none.detail')}
            </Empty>
          ) : (
            <Entries items={items} label={t('home.latest')} />
          );
        }}
      </Shown>
    </Card>
  );
}

export function tokensOf(entry: EntryShape): number {
  return Object.values(entry.tokens).reduce((sum, count) => sum + count, 0);
}

export function Entries(props: { items: EntryShape[]; label: string; full?: boolean }): ReactNode {
  const { t, f } = useWords();
  const go = useNavigate();
  const show = (entry: string): void => void go({ to: '/usage', search: (old) => ({ ...old, entry }) });
  return (
    <Scroll label={props.label}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('usage.when')}</Table.Th>
            <Table.Th>{t('usage.model')}</Table.Th>
            {props.full && <Table.Th>{t('usage.host')}</Table.Th>}
            {props.full && <Table.Th>{t('usage.key')}</Table.Th>}
            <Table.Th>{t('usage.result')}</Table.Th>
            <Table.Th className="right">{t('usage.tokens')}</Table.Th>
            <Table.Th className="right">{t('usage.latency')}</Table.Th>
            <Table.Th className="right">{t('usage.cost')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.items.map((entry) => (
            <Table.Tr key={entry.id} className="rowlink" onClick={() => show(entry.id)}>
              <Table.Td className="num">
                <Anchor
                  component="button"
                  type="button"
                  size="xs"
                  c="inherit"
                  style={{ whiteSpace: 'nowrap', fontSize: '0.8125rem' }}
                  title={f.dateTime(entry.at)}
                  onClick={() => show(entry.id)}
                >
                  {props.full ? f.dateTime(entry.at) : f.ago(entry.at)}
                </Anchor>
              </Table.Td>
              <Table.Td>
                <Text size="sm" className="clip" maw={260} title={entry.offering || entry.requested}>
                  {entry.model || entry.requested}
                </Text>
              </Table.Td>
              {props.full && <Table.Td>{entry.host || '–'}</Table.Td>}
              {props.full && <Table.Td>{entry.key.name}</Table.Td>}
              <Table.Td>
                <State tone={entry.status >= 400 ? 'bad' : 'good'}>
                  <span className="num">{entry.status}</span>
                </State>
              </Table.Td>
              <Table.Td className="right num">{f.number(tokensOf(entry))}</Table.Td>
              <Table.Td className="right num" style={{ whiteSpace: 'nowrap' }}>
                {f.ms(entry.total_ms)}
              </Table.Td>
              <Table.Td className="right num" style={{ whiteSpace: 'nowrap' }}>
                {entry.cost === null ? t('usage.unknown') : f.money(entry.cost, entry.currency)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}
