/** What runs: the gateway, the ledger, models on this machine, providers with how their calls went. */
import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ask } from '../../api/queries';
import { useMay } from '../../api/rights';
import type { ProviderShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { rangeOf } from '../../lib/period';
import type { Sum } from '../../lib/series';
import { Card, State, type Tone } from '../../ui/parts';
import { Rows, Shown } from '../../ui/states';

const MANY_FAILURES = 0.2;
const FEWEST = 10;
const MOST = 6;

export function Runs(): ReactNode {
  const { t } = useWords();
  const may = useMay();
  return (
    <Card title={t('home.runs')}>
      {may('status.read') && <Platform />}
      {may('models.read') && <Here />}
      {may('providers.read') && <Providers />}
    </Card>
  );
}

function Row(props: { name: ReactNode; note?: ReactNode; tone: Tone; state: string }): ReactNode {
  return (
    <div className="runs">
      <div className="grow">
        <Text size="sm" fw={500} className="clip">
          {props.name}
        </Text>
        {props.note && (
          <Text size="xs" c="dimmed" className="clip num">
            {props.note}
          </Text>
        )}
      </div>
      <Text span size="xs" c="dimmed">
        <State tone={props.tone}>{props.state}</State>
      </Text>
    </div>
  );
}

function Part(props: {
  title: string;
  more?: { to: '/models' | '/providers' | '/settings'; search?: { tab: 'local' }; word: string };
  children: ReactNode;
}): ReactNode {
  const { more } = props;
  return (
    <section className="part" aria-label={props.title}>
      <header>
        <h3>{props.title}</h3>
        {more && (
          <Anchor
            size="xs"
            renderRoot={(rest) => (
              <Link to={more.to} {...(more.search ? { search: more.search } : {})} {...rest} />
            )}
          >
            {more.word}
          </Anchor>
        )}
      </header>
      {props.children}
    </section>
  );
}

function Platform(): ReactNode {
  const { t, f } = useWords();
  const status = useQuery(ask.status());
  return (
    <Part title={t('home.platform')}>
      <Shown query={status} waiting={<Rows count={2} />}>
        {({ workers = [], ledger }) => {
          const up = workers.filter((each) => each.state === 'listening').length;
          return (
            <>
              <Row
                name={t('home.gateway')}
                note={t('home.workers', { count: up, of: f.number(workers.length) })}
                tone={up === 0 ? 'bad' : up < workers.length ? 'busy' : 'good'}
                state={up === 0 ? t('home.down') : t('home.up')}
              />
              <Row
                name={t('home.ledger')}
                note={
                  ledger.pending_bytes > 0
                    ? t('home.ledger.pending', { size: f.bytes(ledger.pending_bytes) })
                    : t('home.ledger.all')
                }
                tone={ledger.failing_since ? 'bad' : 'good'}
                state={
                  ledger.failing_since
                    ? t('home.ledger.since', { when: f.ago(ledger.failing_since) })
                    : t('home.ledger.fine')
                }
              />
            </>
          );
        }}
      </Shown>
    </Part>
  );
}

function Here(): ReactNode {
  const { t, f } = useWords();
  const may = useMay();
  const models = useQuery(ask.localModels());
  const tone = { stopped: 'none', loading: 'busy', ready: 'good', failed: 'bad' } as const;
  return (
    <Part
      title={t('home.here')}
      {...(may('models.write')
        ? { more: { to: '/models', search: { tab: 'local' }, word: t('home.here.more') } }
        : {})}
    >
      <Shown query={models} waiting={<Rows count={2} />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">{t('home.here.none')}</p>
          ) : (
            items
              .slice(0, MOST)
              .map((model) => (
                <Row
                  key={model.name}
                  name={<span title={model.display}>{model.name}</span>}
                  note={`${t(`home.kind.${model.kind}`)} · ${t('home.memory', { size: f.bytes(model.memory_bytes) })}`}
                  tone={tone[model.state ?? 'stopped']}
                  state={t(`engine.${model.state ?? 'stopped'}`)}
                />
              ))
          )
        }
      </Shown>
    </Part>
  );
}

function Providers(): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const providers = useQuery(ask.providers());
  const { since } = rangeOf({ span: 'day' }, new Date());
  const hosts = useQuery({
    ...ask.usage({ since: since.toISOString(), by: ['host'] }),
    enabled: may('usage.read'),
  });
  const sums = new Map(hosts.data?.rows.map((row) => [row.group.host?.id ?? '', row]));
  return (
    <Part title={t('nav.providers')} more={{ to: '/providers', word: t('home.here.more') }}>
      <Shown query={providers} waiting={<Rows count={2} />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">{t('home.providers.none')}</p>
          ) : (
            items
              .slice(0, MOST)
              .map((each) => <Provider key={each.name} is={each} sum={sums.get(each.name)} />)
          )
        }
      </Shown>
    </Part>
  );
}

function Provider(props: { is: ProviderShape; sum: Sum | undefined }): ReactNode {
  const { t, f } = useWords();
  const { is, sum } = props;
  const failing =
    sum !== undefined && sum.exchanges >= FEWEST && sum.failures / sum.exchanges >= MANY_FAILURES;
  const tone: Tone =
    is.state === 'unusable' ? 'bad' : is.state === 'disabled' ? 'none' : failing ? 'busy' : 'good';
  const calls =
    sum === undefined
      ? t('home.provider.quiet')
      : sum.failures > 0
        ? t('home.provider.calls.failed', {
            count: sum.exchanges,
            rate: f.percent(sum.failures / sum.exchanges),
          })
        : t('home.provider.calls', { count: sum.exchanges });
  return (
    <Row
      name={is.name}
      note={is.problem ?? calls}
      tone={tone}
      state={is.state === 'ready' && failing ? t('home.provider.failing') : t(`home.provider.${is.state}`)}
    />
  );
}
