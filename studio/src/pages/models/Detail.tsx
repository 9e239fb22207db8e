/** One model: what it is and can do in words, how it is called, and everyone who serves it. */
import { Anchor, Button, Stack, Text, Title } from '@mantine/core';
import { IconExternalLink, IconMessages, IconPlug } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { askCatalogue } from '../../api/catalogue';
import { ask } from '../../api/queries';
import { useMay } from '../../api/rights';
import type { ModelDetailShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { abilities, callPrice, ending, ranked } from '../../lib/models';
import { Copy, Facts } from '../../ui/parts';
import { Rows, Shown } from '../../ui/states';
import { Amount } from './Amount';
import { Offers } from './Offers';
import { useNamed } from './words';

/** A call as many make it: a question with something to read, an answer of some paragraphs. */
const TYPICAL = { input: 2000, output: 500 };
/** One call costs too little to be read at a glance. */
const CALLS = 1000;
const SHOWN_NAMES = 4;
const SHOWN_SIBLINGS = 12;

export function Detail(props: { name: string; open: (name: string) => void }): ReactNode {
  const model = useQuery(ask.catalogModel(props.name));
  return (
    <Shown query={model} waiting={<Rows count={8} />}>
      {(is) => <Whole is={is} open={props.open} />}
    </Shown>
  );
}

function Whole(props: { is: ModelDetailShape; open: (name: string) => void }): ReactNode {
  const { t, f } = useWords();
  const { is } = props;
  const named = useNamed();
  const end = ending(is.retires);
  return (
    <Stack gap="lg">
      <div className="detail-head">
        <div className="grow">
          <Title order={2} className="detail-name">
            {is.display || is.name}
          </Title>
          <Text size="sm" c="dimmed">
            {[is.maker || t('models.maker.unknown'), is.maker_country && named.country(is.maker_country)]
              .filter(Boolean)
              .join(' · ')}
          </Text>
          <div className="row marks">
            {is.available.length > 0 && (
              <span className="mark" data-tone="good">
                {t('models.here.mark')}
              </span>
            )}
            {is.open_weights && <span className="mark">{t('models.open')}</span>}
            {is.retires && end && end !== 'later' && (
              <span className="mark" data-tone="busy">
                {t(end === 'over' ? 'models.retired' : 'models.retires', { date: f.date(is.retires) })}
              </span>
            )}
          </div>
        </div>
        <Act is={is} />
      </div>
      <Names is={is} />
      <Facts of={useFacts(is)} />
      <section>
        <Title order={3} mb={2}>
          {t('models.offers')}
        </Title>
        <Text size="xs" c="dimmed" mb={8}>
          {t('models.offers.detail')}
        </Text>
        <Offers offers={is.offers} context={is.context} />
      </section>
      {is.siblings.length > 0 && <Siblings names={is.siblings} open={props.open} />}
    </Stack>
  );
}

/** Ask it where it can be asked; else the way there. */
function Act(props: { is: ModelDetailShape }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const hosts = useQuery(askCatalogue.hosts());
  const { is } = props;
  const [first] = is.available;
  const chats = is.capabilities.length === 0 || is.capabilities.includes('chat');
  if (first !== undefined) {
    if (!chats || !may('playground.use')) return null;
    return (
      <Button
        leftSection={<IconMessages size={16} />}
        renderRoot={(rest) => <Link to="/playground" search={{ model: first }} {...rest} />}
      >
        {t('models.ask')}
      </Button>
    );
  }
  if (!may('providers.write')) return null;
  const connectable = new Map((hosts.data?.items ?? []).map((host) => [host.name, host]));
  const offers = ranked(is.offers, null, false).filter((offer) => connectable.has(offer.host));
  const best =
    offers.find((offer) => offer.first_hand || connectable.get(offer.host)?.described) ?? offers[0];
  if (!best) return null;
  return (
    <Button
      leftSection={<IconPlug size={16} />}
      renderRoot={(rest) => <Link to="/providers" search={{ add: best.host }} {...rest} />}
    >
      {t('models.add', { host: connectable.get(best.host)?.display ?? best.host })}
    </Button>
  );
}

function Names(props: { is: ModelDetailShape }): ReactNode {
  const { t } = useWords();
  const { is } = props;
  const [all, setAll] = useState(false);
  if (is.available.length === 0) {
    return (
      <div className="callout">
        <Text size="sm">{t('models.nothere')}</Text>
      </div>
    );
  }
  const shown = all ? is.available : is.available.slice(0, SHOWN_NAMES);
  return (
    <section className="callnames">
      <Text size="xs" c="dimmed">
        {t('models.callas')}
      </Text>
      {[is.name, ...shown].map((name, index) => (
        <div key={name} className="callname">
          <code className="mono clip">{name}</code>
          <span className="sub">{index === 0 ? t('models.callas.any') : t('models.callas.one')}</span>
          <Copy value={name} label={t('models.copy', { name })} />
        </div>
      ))}
      {!all && is.available.length > SHOWN_NAMES && (
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setAll(true)}>
          {t('models.callas.more', { count: is.available.length - SHOWN_NAMES })}
        </Button>
      )}
    </section>
  );
}

export function useFacts(is: ModelDetailShape): [string, ReactNode][] {
  const { t, f } = useWords();
  const named = useNamed();
  const can = abilities(is.capabilities);
  const words = (group: readonly string[]): string => group.map(named.capability).join(', ');
  const tokens = (count: number | null): string =>
    count === null ? '–' : t('models.tokens', { count: f.number(count) });
  const call = callPrice(is.price, TYPICAL);
  const list: [string, ReactNode][] = [
    [t('models.price.typical'), <Amount key="price" price={is.price} hosts={is.hosts} />],
    [
      t('models.compare.call', { calls: CALLS, input: TYPICAL.input, output: TYPICAL.output }),
      call === null ? t('models.unknown') : f.money((call * CALLS).toFixed(6), is.price?.currency ?? 'USD'),
    ],
    [t('models.context'), tokens(is.context)],
    [t('models.maxoutput'), tokens(is.max_output)],
    [t('models.purpose'), words(can.purposes) || t('models.unknown')],
    [t('models.reads'), [t('models.can.text'), words(can.reads)].filter(Boolean).join(', ')],
  ];
  if (can.writes.length > 0) list.push([t('models.writes'), words(can.writes)]);
  list.push([t('models.skills'), words(can.skills) || '–']);
  list.push([
    t('models.weights'),
    <span key="weights" className="row">
      {is.open_weights === null
        ? t('models.unknown')
        : is.open_weights
          ? t('models.open')
          : t('models.closed')}
      {is.weights && (
        <Anchor href={is.weights} target="_blank" rel="noreferrer" size="sm">
          {t('models.weights.where')} <IconExternalLink size={12} aria-hidden />
        </Anchor>
      )}
    </span>,
  ]);
  list.push([t('models.licence'), named.licence(is.licence)]);
  if (is.parameters !== null)
    list.push([t('models.parameters'), t('models.billions', { count: is.parameters })]);
  list.push([t('models.released'), is.released ? f.date(is.released) : '–']);
  list.push([t('models.retirement'), is.retires ? f.date(is.retires) : t('models.retirement.none')]);
  if (is.knowledge) list.push([t('models.knowledge'), is.knowledge]);
  if (is.also.length > 0)
    list.push([
      t('models.also'),
      <span key="also" className="mono">
        {is.also.join(', ')}
      </span>,
    ]);
  return list;
}

function Siblings(props: { names: string[]; open: (name: string) => void }): ReactNode {
  const { t } = useWords();
  const [all, setAll] = useState(false);
  const shown = all ? props.names : props.names.slice(0, SHOWN_SIBLINGS);
  return (
    <section>
      <Title order={3} mb={6}>
        {t('models.siblings')}
      </Title>
      <div className="row siblings">
        {shown.map((name) => (
          <Anchor key={name} component="button" type="button" size="sm" onClick={() => props.open(name)}>
            {name}
          </Anchor>
        ))}
        {!all && props.names.length > SHOWN_SIBLINGS && (
          <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setAll(true)}>
            {t('models.callas.more', { count: props.names.length - SHOWN_SIBLINGS })}
          </Button>
        )}
      </div>
    </section>
  );
}
