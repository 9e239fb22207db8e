/** One request in full: what came of it, where it went, what it used and cost, what was lost on the way. */
import { Badge, Button, Stack, Text, Title } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconAlertTriangle, IconCheck, IconLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ask } from '../../api/queries';
import { useMay } from '../../api/rights';
import type { EntryShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { UNFILTERED, type UsageSearch, written } from '../../lib/asked';
import { total } from '../../lib/series';
import { bars } from '../../lib/timeline';
import { Copy, Facts, State } from '../../ui/parts';
import { Shown } from '../../ui/states';
import type { Go } from '../Usage';
import { Beside } from './Beside';
import { Charges } from './Charges';
import { LEFT, toneOf } from './Entries';
import { Explained } from './Explained';

const HARM = { cosmetic: 'gray', degraded: 'orange', meaning: 'red' } as const;
const KINDS = [
  'bad_request',
  'context_exceeded',
  'unsupported',
  'authentication',
  'budget_exhausted',
  'permission',
  'not_found',
  'method_not_allowed',
  'request_timeout',
  'too_large',
  'media_type',
  'unprocessable',
  'rate_limited',
  'internal',
  'upstream_error',
  'unavailable',
  'overloaded',
  'timeout',
] as const;
const CLASSES = [
  'input',
  'cache_read',
  'cache_write',
  'cache_write_1h',
  'output',
  'reasoning',
  'audio_in',
  'audio_out',
  'audio_cache_read',
  'image_in',
  'image_out',
] as const;

const REASONS = ['retry', 'fallback', 'hedge', 'outrun', 'escalated'] as const;
/** Attempts that ended without a failure and without being the answer. */
const UNANSWERED: readonly string[] = ['outrun', 'escalated'];

export function Entry(props: { id: string; go: Go }): ReactNode {
  const entry = useQuery(ask.entry(props.id));
  return <Shown query={entry}>{(is) => <Whole is={is} go={props.go} />}</Shown>;
}

function Whole(props: { is: EntryShape; go: Go }): ReactNode {
  const { t, f } = useWords();
  const { is, go } = props;
  const only = (part: Partial<UsageSearch>): void => go({ ...UNFILTERED, ...part, entry: undefined });
  return (
    <Stack gap="lg" className="entry">
      <Head is={is} />
      {is.failure && <Failed is={is} />}
      <dl className="figures num">
        <div>
          <dt>{t('usage.latency')}</dt>
          <dd>{f.ms(is.total_ms)}</dd>
        </div>
        <div>
          <dt>{t('usage.first')}</dt>
          <dd>{is.first_event_ms === null ? '–' : f.ms(is.first_event_ms)}</dd>
        </div>
        <div>
          <dt>{t('usage.tokens')}</dt>
          <dd>{is.usage_reported ? f.number(total(is.tokens)) : '–'}</dd>
        </div>
        <div>
          <dt>{t('usage.cost')}</dt>
          <dd>
            {is.cost !== null
              ? f.money(is.cost, is.currency)
              : is.failure && !is.usage_reported
                ? '–'
                : t('usage.unknown')}
          </dd>
        </div>
      </dl>
      {is.attempts.length > 0 && <Attempts is={is} />}
      {is.purpose === '' && <Beside is={is} go={go} />}
      <Tokens is={is} />
      <Price is={is} />
      {(is.charges ?? []).length > 0 && <Charges is={is} />}
      <Losses is={is} />
      <Explained is={is} />
      <section>
        <Title order={3} mb={8}>
          {t('entry.details')}
        </Title>
        <Facts
          of={[
            [t('entry.asked'), <Mono key="asked" text={is.requested} />],
            [t('entry.answered'), <Mono key="answered" text={is.offering} />],
            [
              t('usage.maker'),
              <Only key="maker" text={is.maker} go={() => only({ maker: written([is.maker]) })} />,
            ],
            [
              t('usage.key'),
              <Only key="key" text={is.key.name} go={() => only({ key: written([is.key.id]) })} />,
            ],
            [
              t('usage.project'),
              <Only
                key="project"
                text={is.project.name}
                go={() => only({ project: written([is.project.id]) })}
              />,
            ],
            ...(is.route
              ? [
                  [
                    t('usage.route'),
                    <Only
                      key="route"
                      text={is.route}
                      go={() => only({ route: written([is.route ?? '']) })}
                    />,
                  ] as [string, ReactNode],
                ]
              : []),
            ...(is.parent
              ? [
                  [
                    t('entry.parent'),
                    <button
                      type="button"
                      key="parent"
                      className="plain mono"
                      onClick={() => go({ entry: is.parent })}
                    >
                      …{is.parent.slice(-12)}
                    </button>,
                  ] as [string, ReactNode],
                ]
              : []),
            ...(is.trace
              ? [[t('entry.trace'), <Mono key="trace" text={is.trace} />] as [string, ReactNode]]
              : []),
            [t('entry.dialects'), dialects(is)],
            [t('entry.stream'), is.stream ? t('entry.yes') : t('entry.no')],
            [t('entry.finish'), is.finish ?? '–'],
            [
              t('entry.sizes'),
              t('entry.sizes.value', {
                sent: f.bytes(is.request_bytes),
                received: f.bytes(is.response_bytes),
              }),
            ],
            [
              t('entry.id'),
              <span key="id" className="copied">
                <span className="mono clip">{is.id}</span>
                <Copy value={is.id} label={t('entry.id.copy')} />
              </span>,
            ],
          ]}
        />
      </section>
    </Stack>
  );
}

const dialects = (is: EntryShape): string =>
  is.upstream_dialect && is.upstream_dialect !== is.client_dialect
    ? `${is.client_dialect} → ${is.upstream_dialect}`
    : is.client_dialect;

function Head(props: { is: EntryShape }): ReactNode {
  const { t, f } = useWords();
  const { is } = props;
  const link = useClipboard({ timeout: 1600 });
  return (
    <div className="entry-head">
      <div>
        <Title order={2} className="clip" title={is.model || is.requested}>
          {is.model || is.requested}
        </Title>
        <Text size="sm" c="dimmed">
          <State tone={toneOf(is.status)}>
            <span className="num">{is.status}</span>
          </State>{' '}
          · {is.host || t('entry.nohost')} · {f.day(is.at)}, {f.time(is.at)}
        </Text>
      </div>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={link.copied ? <IconCheck size={14} /> : <IconLink size={14} />}
        onClick={() => link.copy(location.href)}
      >
        {link.copied ? t('action.copied') : t('entry.link')}
      </Button>
    </div>
  );
}

function Mono(props: { text: string }): ReactNode {
  return props.text ? (
    <span className="copied">
      <span className="mono">{props.text}</span>
      <Copy value={props.text} />
    </span>
  ) : (
    '–'
  );
}

/** A value whose other requests can be gone to. */
function Only(props: { text: string; go: () => void }): ReactNode {
  const { t } = useWords();
  if (!props.text) return '–';
  return (
    <button
      type="button"
      className="plain"
      title={t('usage.narrow', { name: props.text })}
      onClick={props.go}
    >
      {props.text}
    </button>
  );
}

function useWhy(): (kind: string) => string {
  const { t } = useWords();
  return (kind) => {
    const known = KINDS.find((each) => each === kind);
    return known ? t(`entry.why.${known}`) : kind;
  };
}

function Failed(props: { is: EntryShape }): ReactNode {
  const { t } = useWords();
  const { is } = props;
  const why = useWhy();
  return (
    <div className="failure" data-left={is.status === LEFT || undefined}>
      <IconAlertTriangle size={17} aria-hidden />
      <div>
        <b>{is.status === LEFT ? t('entry.left') : t('entry.failed', { status: String(is.status) })}</b>
        <p>
          {why(is.failure ?? '')}{' '}
          <Text span size="xs" c="dimmed" className="mono">
            {is.failure}
          </Text>
        </p>
      </div>
    </div>
  );
}

function Attempts(props: { is: EntryShape }): ReactNode {
  const { t, f } = useWords();
  const { is } = props;
  const why = useWhy();
  const reason = (code: string): string => {
    const known = REASONS.find((each) => each === code);
    return known ? t(`entry.reason.${known}`) : code;
  };
  return (
    <section>
      <Title order={3} mb={8}>
        {t('entry.attempts')}
      </Title>
      <ol className="attempts num">
        {bars(is).map((bar) => (
          <li key={bar.key}>
            <div className="told">
              <span className="mono clip" title={bar.offering}>
                {bar.offering}
              </span>
              {bar.reason && <Badge color="gray">{reason(bar.reason)}</Badge>}
              <State tone={bar.failure ? 'bad' : UNANSWERED.includes(bar.reason) ? 'none' : 'good'}>
                {bar.status === null ? '–' : String(bar.status)}
              </State>
              <span>{f.ms(bar.ms)}</span>
            </div>
            <div className="track" aria-hidden>
              <i
                data-failed={bar.failure ? '' : undefined}
                style={{ left: `${bar.from * 100}%`, width: `${Math.max(0.4, (bar.to - bar.from) * 100)}%` }}
              />
              {bar.first !== null && (
                <i
                  data-writing
                  style={{ left: `${bar.first * 100}%`, width: `${(bar.to - bar.first) * 100}%` }}
                />
              )}
            </div>
            {bar.after > 0 && (
              <Text size="xs" c="dimmed">
                {t('entry.after', { time: f.ms(bar.after) })}
              </Text>
            )}
            {bar.failure && bar.failure !== is.failure && (
              <Text size="xs" c="dimmed">
                {why(bar.failure)}
              </Text>
            )}
          </li>
        ))}
      </ol>
      {is.first_event_ms !== null && (
        <p className="key-of" aria-hidden>
          <span>
            <i /> {t('entry.waiting')}
          </span>
          <span>
            <i data-writing /> {t('entry.writing')}
          </span>
        </p>
      )}
    </section>
  );
}

function Tokens(props: { is: EntryShape }): ReactNode {
  const { t, f } = useWords();
  const { is } = props;
  const used = CLASSES.map((name) => ({ name, count: is.tokens[name] ?? 0 })).filter(
    ({ count }) => count > 0,
  );
  const all = total(is.tokens);
  return (
    <section>
      <Title order={3} mb={8}>
        {t('usage.tokens')}
      </Title>
      {!is.usage_reported && is.failure === null && (
        <Text size="sm" c="dimmed">
          {t('entry.unreported')}
        </Text>
      )}
      {used.length === 0 ? (
        (is.usage_reported || is.failure !== null) && (
          <Text size="sm" c="dimmed">
            {t('entry.notokens')}
          </Text>
        )
      ) : (
        <dl className="classes num">
          {used.map(({ name, count }) => (
            <div key={name}>
              <dt>{t(`entry.token.${name}`)}</dt>
              <dd>
                <span className="bar">
                  <i style={{ width: `${(count / all) * 100}%` }} />
                </span>
                {f.number(count)}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

/** What the catalogue says that this host asks: the prices that the cost was made of, unless they changed since. */
function Price(props: { is: EntryShape }): ReactNode {
  const { t, f } = useWords();
  const { is } = props;
  const may = useMay();
  const model = useQuery({
    ...ask.catalogModel(is.model),
    enabled: is.model !== '' && is.host !== 'local' && may('catalog.read'),
    retry: false,
  });
  const offers = model.data?.offers.filter((each) => each.host === is.host) ?? [];
  const offer = offers.find((each) => `${each.host}/${each.id}` === is.offering) ?? offers[0];
  const said = offer && offer.input_price !== null && offer.output_price !== null;
  if (is.cost === null) {
    return is.failure ? null : (
      <section>
        <Title order={3} mb={4}>
          {t('usage.cost')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('entry.noprice')}
        </Text>
      </section>
    );
  }
  if (!said) return null;
  const price = (amount: string | null): string => f.perMillion(amount, offer.currency) ?? t('usage.unknown');
  return (
    <section>
      <Title order={3} mb={8}>
        {t('entry.price')}
      </Title>
      <Facts
        of={[
          [t('entry.token.input'), t('entry.permillion', { price: price(offer.input_price) })],
          ...(offer.cache_read_price === null
            ? []
            : [
                [
                  t('entry.token.cache_read'),
                  t('entry.permillion', { price: price(offer.cache_read_price) }),
                ] as [string, ReactNode],
              ]),
          [t('entry.token.output'), t('entry.permillion', { price: price(offer.output_price) })],
        ]}
      />
      <Text size="xs" c="dimmed" mt={6}>
        {t('entry.price.now')}
      </Text>
    </section>
  );
}

function Losses(props: { is: EntryShape }): ReactNode {
  const { t } = useWords();
  const { is } = props;
  return (
    <section>
      <Title order={3} mb={8}>
        {t('entry.losses')}
      </Title>
      {is.losses.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('entry.losses.none')}
        </Text>
      ) : (
        <ul className="lost-list">
          {is.losses.map((loss) => (
            <li key={`${loss.code} ${loss.path}`}>
              <div className="row">
                <span className="mono">{loss.code}</span>
                <Badge color={HARM[loss.severity]}>{t(`entry.severity.${loss.severity}`)}</Badge>
              </div>
              <Text size="sm">{loss.detail}</Text>
              {loss.path && loss.path !== loss.code && (
                <Text size="xs" c="dimmed" className="mono">
                  {loss.path}
                </Text>
              )}
              <Text size="xs" c="dimmed">
                {t(`entry.harm.${loss.severity}`)}
              </Text>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
