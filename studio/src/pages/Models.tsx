/** The catalogue of what the world offers, and the models of this machine. */
import {
  Badge,
  Button,
  Checkbox,
  Drawer,
  Modal,
  SegmentedControl,
  Select,
  Switch,
  Table,
  Text,
  TextInput,
  VisuallyHidden,
} from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconColumns, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { ask, type Search } from '../api/queries';
import type { ModelShape } from '../api/schema';
import { useWords } from '../i18n';
import type { Format } from '../lib/format';
import type { ModelsSearch } from '../router';
import { Card, Page, Scroll } from '../ui/parts';
import { Empty, Rows, Shown } from '../ui/states';
import { Comparison, Detail } from './models/Detail';
import { Local } from './models/Local';

const MOST_COMPARED = 4;
const CONTEXTS = [32_000, 128_000, 200_000, 1_000_000];
const PRICES = [0.1, 0.5, 1, 3, 10];
const CAPABILITIES = ['vision', 'tools', 'reasoning', 'json_schema', 'audio_in', 'embed', 'image'];

export function Models(): ReactNode {
  const { t } = useWords();
  const search = useSearch({ from: '/models' });
  const go = useNavigate({ from: '/models' });
  const tab = search.tab ?? 'catalogue';
  return (
    <Page
      title={t('nav.models')}
      lead={tab === 'local' ? t('models.local.lead') : t('models.lead')}
      actions={
        <SegmentedControl
          aria-label={t('nav.models')}
          value={tab}
          onChange={(value) => void go({ search: { tab: value === 'local' ? 'local' : undefined } })}
          data={[
            { value: 'catalogue', label: t('models.catalogue') },
            { value: 'local', label: t('models.local') },
          ]}
        />
      }
    >
      {tab === 'local' ? <Local /> : <Catalogue />}
    </Page>
  );
}

function asked(search: ModelsSearch): Search {
  const one = (value: string | undefined): string[] | undefined => (value ? [value] : undefined);
  return {
    q: search.q,
    maker: one(search.maker),
    host: one(search.host),
    licence: one(search.licence),
    capability: one(search.capability),
    host_country: one(search.country),
    open_weights: search.open ? true : undefined,
    min_context: search.context ? Number(search.context) : undefined,
    max_input: search.price ? Number(search.price) : undefined,
  };
}

function Catalogue(): ReactNode {
  const { t, f } = useWords();
  const search = useSearch({ from: '/models' });
  const go = useNavigate({ from: '/models' });
  const set = (part: ModelsSearch): void =>
    void go({ search: (old) => ({ ...old, ...part }), replace: true });
  const found = useInfiniteQuery(ask.catalog(asked(search)));
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const compared = search.compare?.split(',').filter(Boolean) ?? [];
  const [comparing, setComparing] = useState(false);
  const filtered = Object.entries(search).some(
    ([key, value]) => value && !['tab', 'model', 'compare'].includes(key),
  );
  return (
    <>
      <div className="filters">
        <Words start={search.q ?? ''} label={t('models.search')} change={(q) => set({ q: q || undefined })} />
        <Words
          start={search.maker ?? ''}
          label={t('models.filter.maker')}
          change={(maker) => set({ maker: maker || undefined })}
        />
        <Words
          start={search.host ?? ''}
          label={t('models.filter.host')}
          change={(host) => set({ host: host || undefined })}
        />
        <Words
          start={search.licence ?? ''}
          label={t('models.filter.licence')}
          change={(licence) => set({ licence: licence || undefined })}
        />
        <Words
          start={search.country ?? ''}
          label={t('models.filter.country')}
          change={(country) => set({ country: country || undefined })}
        />
        <Choice
          label={t('models.filter.capability')}
          value={search.capability}
          of={CAPABILITIES.map((each) => [each, each])}
          change={(capability) => set({ capability })}
        />
        <Choice
          label={t('models.filter.context')}
          value={search.context}
          of={CONTEXTS.map((each) => [String(each), f.compact(each)])}
          change={(context) => set({ context })}
        />
        <Choice
          label={t('models.filter.price')}
          value={search.price}
          of={PRICES.map((each) => [String(each), f.money(each, 'USD')])}
          change={(price) => set({ price })}
        />
      </div>
      <div className="row" style={{ justifyContent: 'space-between' }}>
        <Switch
          label={t('models.filter.open')}
          checked={search.open !== undefined}
          onChange={(event) => set({ open: event.currentTarget.checked ? 'yes' : undefined })}
        />
        <div className="row">
          {filtered && (
            <Button variant="subtle" color="gray" onClick={() => void go({ search: {} })}>
              {t('models.filter.clear')}
            </Button>
          )}
          <Button
            variant="default"
            leftSection={<IconColumns size={16} />}
            disabled={compared.length < 2}
            onClick={() => setComparing(true)}
          >
            {compared.length === 0 ? t('play.compare') : t('models.compare', { count: compared.length })}
          </Button>
        </div>
      </div>
      <Card>
        <Shown query={found} waiting={<Rows count={12} />}>
          {() =>
            items.length === 0 ? (
              <Empty icon={<IconSearch size={20} />} title={t('models.none')}>
                {t('models.none.detail')}
              </Empty>
            ) : (
              <Found
                items={items}
                compared={compared}
                open={(model) => set({ model })}
                pick={(name) => {
                  const next = compared.includes(name)
                    ? compared.filter((each) => each !== name)
                    : [...compared, name].slice(-MOST_COMPARED);
                  set({ compare: next.join(',') || undefined });
                }}
              />
            )
          }
        </Shown>
        {found.hasNextPage && (
          <Button
            variant="subtle"
            fullWidth
            loading={found.isFetchingNextPage}
            onClick={() => void found.fetchNextPage()}
          >
            {t('action.more')}
          </Button>
        )}
      </Card>
      <Drawer
        opened={search.model !== undefined}
        onClose={() => set({ model: undefined })}
        position="right"
        size={640}
        title={search.model}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {search.model && <Detail name={search.model} open={(model) => set({ model })} />}
      </Drawer>
      <Modal
        opened={comparing}
        onClose={() => setComparing(false)}
        size="auto"
        title={t('models.compare.title')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <Comparison names={compared} />
      </Modal>
    </>
  );
}

function Words(props: { start: string; label: string; change: (value: string) => void }): ReactNode {
  const [value, setValue] = useState(props.start);
  const [known, setKnown] = useState(props.start);
  const tell = useDebouncedCallback((next: string) => {
    setKnown(next);
    props.change(next);
  }, 200);
  // The address changed by other means: a cleared filter, the browser's back button.
  if (props.start !== known) {
    setKnown(props.start);
    setValue(props.start);
  }
  return (
    <TextInput
      label={props.label}
      value={value}
      onChange={(event) => {
        setValue(event.currentTarget.value);
        tell(event.currentTarget.value.trim());
      }}
    />
  );
}

function Choice(props: {
  label: string;
  value: string | undefined;
  of: [string, string][];
  change: (value: string | undefined) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <Select
      label={props.label}
      placeholder={t('models.filter.any')}
      clearable
      clearButtonProps={{ 'aria-label': `${t('models.filter.clear')}: ${props.label}` }}
      value={props.value ?? null}
      data={props.of.map(([value, label]) => ({ value, label }))}
      onChange={(value) => props.change(value ?? undefined)}
    />
  );
}

export function priceOf(model: ModelShape, f: Format): string | null {
  // Trials and subscriptions are listed at nothing; what a call costs is told by those who ask for money.
  const cheapest =
    model.offers.find((offer) => Number(offer.input_price) > 0) ??
    model.offers.find((offer) => offer.input_price !== null);
  if (!cheapest) return null;
  const of = (amount: string | null): string => f.perMillion(amount, cheapest.currency) ?? '?';
  return `${of(cheapest.input_price)} / ${of(cheapest.output_price)}`;
}

function Found(props: {
  items: ModelShape[];
  compared: string[];
  open: (name: string) => void;
  pick: (name: string) => void;
}): ReactNode {
  const { t, f } = useWords();
  return (
    <Scroll label={t('models.catalogue')}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={36}>
              <VisuallyHidden>{t('models.compare.title')}</VisuallyHidden>
            </Table.Th>
            <Table.Th>{t('models.name')}</Table.Th>
            <Table.Th>{t('models.maker')}</Table.Th>
            <Table.Th className="right">{t('models.context')}</Table.Th>
            <Table.Th className="right" title={t('models.permillion')}>
              {t('models.price')}
            </Table.Th>
            <Table.Th className="right">{t('models.hosts')}</Table.Th>
            <Table.Th>{t('models.licence')}</Table.Th>
            <Table.Th className="right">{t('models.released')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.items.map((model) => (
            <Table.Tr key={model.name}>
              <Table.Td>
                <Checkbox
                  size="xs"
                  aria-label={t('models.pick', { model: model.name })}
                  checked={props.compared.includes(model.name)}
                  onChange={() => props.pick(model.name)}
                />
              </Table.Td>
              <Table.Td>
                <div className="modelname">
                  <button type="button" className="plain" onClick={() => props.open(model.name)}>
                    {model.display || model.name}
                  </button>
                  {model.retires ? (
                    <Badge color="orange" tt="none">
                      {t('models.retires', { date: f.date(model.retires) })}
                    </Badge>
                  ) : (
                    model.deprecated && (
                      <Badge color="orange" tt="none">
                        {t('models.deprecated')}
                      </Badge>
                    )
                  )}
                </div>
              </Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                {model.maker}
                {model.maker_country && (
                  <Text span size="xs" c="dimmed" ml={6}>
                    {model.maker_country}
                  </Text>
                )}
              </Table.Td>
              <Table.Td className="right num">
                {model.context === null ? '–' : f.compact(model.context)}
              </Table.Td>
              <Table.Td className="right num" style={{ whiteSpace: 'nowrap' }}>
                {priceOf(model, f) ?? (
                  <Text span size="sm" c="dimmed">
                    {t('usage.unknown')}
                  </Text>
                )}
              </Table.Td>
              <Table.Td className="right num">
                {f.number(new Set(model.offers.map((offer) => offer.host)).size)}
              </Table.Td>
              <Table.Td>
                <div className="clip" style={{ maxWidth: 150 }} title={model.licence}>
                  {model.licence || (model.open_weights ? t('models.open') : '–')}
                </div>
              </Table.Td>
              <Table.Td className="right num" style={{ whiteSpace: 'nowrap' }}>
                {model.released ? f.date(model.released) : '–'}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}
