/** The models found, of which only those on the screen are drawn; the rest is fetched as it comes near. */
import { Button, Checkbox, Table, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconSearch } from '@tabler/icons-react';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ModelShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { type ModelsSearch, orderOf, type Sort, sorted } from '../../lib/catalogue';
import { ending } from '../../lib/models';
import { Empty } from '../../ui/states';
import { Amount } from './Amount';
import { useNamed } from './words';

const ROW = 53;
const AHEAD = 30;

export function List(props: {
  items: ModelShape[];
  total: number;
  search: ModelsSearch;
  set: (part: ModelsSearch) => void;
  more: (() => void) | undefined;
  compared: string[];
  full: boolean;
  open: (name: string) => void;
  pick: (name: string) => void;
  clear: () => void;
}): ReactNode {
  const { t } = useWords();
  const { items, more } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const place = (): void => setTop((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
    place();
    window.addEventListener('resize', place);
    return () => window.removeEventListener('resize', place);
  }, []);
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => ROW,
    overscan: 12,
    scrollMargin: top,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= items.length - AHEAD) more();
  }, [more, last, items.length]);
  if (items.length === 0) {
    return (
      <Empty
        icon={<IconSearch size={20} />}
        title={t('models.none')}
        action={
          <Button variant="default" mt={6} onClick={props.clear}>
            {t('models.filter.clear')}
          </Button>
        }
      >
        {t('models.none.detail')}
      </Empty>
    );
  }
  const above = (shown[0]?.start ?? top) - top;
  const below = rows.getTotalSize() - ((shown.at(-1)?.end ?? top) - top);
  const move = (event: KeyboardEvent, index: number): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const next = index + step;
    if (step === 0 || next < 0 || next >= items.length) return;
    event.preventDefault();
    rows.scrollToIndex(next);
    requestAnimationFrame(() =>
      body.current
        ?.querySelector<HTMLElement>(`[data-index="${next}"] .plain`)
        ?.focus({ preventScroll: true }),
    );
  };
  const head = (column: Sort, label: string, right = false, hint?: string): ReactNode => (
    <Head search={props.search} set={props.set} column={column} label={label} right={right} hint={hint} />
  );
  return (
    <Table className="models-table" aria-rowcount={props.total + 1}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={36}>
            <VisuallyHidden>{t('models.compare.title')}</VisuallyHidden>
          </Table.Th>
          {head('name', t('models.name'))}
          {head('context', t('models.context'), true)}
          {head('price', t('models.price'), true, t('models.permillion'))}
          {head('hosts', t('models.hosts'), true)}
          <Table.Th className="c-licence">{t('models.licence')}</Table.Th>
          {head('released', t('models.released'), true)}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody ref={body}>
        {above > 0 && (
          <tr aria-hidden>
            <td style={{ height: above, padding: 0 }} />
          </tr>
        )}
        {shown.map((row) => {
          const model = items[row.index];
          if (!model) return null;
          return (
            <Table.Tr
              key={model.name}
              ref={rows.measureElement}
              data-row
              data-index={row.index}
              aria-rowindex={row.index + 2}
              onKeyDown={(event) => move(event, row.index)}
            >
              <Row
                model={model}
                picked={props.compared.includes(model.name)}
                full={props.full}
                open={props.open}
                pick={props.pick}
              />
            </Table.Tr>
          );
        })}
        {below > 0 && (
          <tr aria-hidden>
            <td style={{ height: below, padding: 0 }} />
          </tr>
        )}
      </Table.Tbody>
    </Table>
  );
}

function Head(props: {
  search: ModelsSearch;
  set: (part: ModelsSearch) => void;
  column: Sort;
  label: string;
  right: boolean;
  hint: string | undefined;
}): ReactNode {
  const order = orderOf(props.search, props.column);
  const Icon = order === 'asc' ? IconArrowUp : IconArrowDown;
  return (
    <Table.Th
      className={`c-${props.column}${props.right ? ' right' : ''}`}
      aria-sort={order ? (order === 'asc' ? 'ascending' : 'descending') : 'none'}
      title={props.hint}
    >
      <button
        type="button"
        className="sortable"
        onClick={() => props.set(sorted(props.search, props.column))}
      >
        {props.label}
        <Icon size={13} aria-hidden data-off={order === undefined || undefined} />
      </button>
    </Table.Th>
  );
}

function Row(props: {
  model: ModelShape;
  picked: boolean;
  full: boolean;
  open: (name: string) => void;
  pick: (name: string) => void;
}): ReactNode {
  const { t, f } = useWords();
  const named = useNamed();
  const { model } = props;
  const end = ending(model.retires);
  // Snapshots of a model share their name for people; the one for calls tells them apart.
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const from = [
    plain(model.display || model.name) !== plain(model.name) && model.name,
    model.maker || t('models.maker.unknown'),
    model.maker_country && named.country(model.maker_country),
  ];
  return (
    <>
      <Table.Td>
        <Checkbox
          size="xs"
          aria-label={t('models.pick', { model: model.name })}
          title={props.full && !props.picked ? t('models.compare.full') : undefined}
          disabled={props.full && !props.picked}
          checked={props.picked}
          onChange={() => props.pick(model.name)}
        />
      </Table.Td>
      <Table.Td className="c-name">
        <div className="modelname">
          <button type="button" className="plain" onClick={() => props.open(model.name)}>
            {model.display || model.name}
          </button>
          {model.available.length > 0 && (
            <span className="mark" data-tone="good" title={model.available.slice(0, 6).join('\n')}>
              {t('models.here.mark')}
            </span>
          )}
          {model.retires && end && end !== 'later' ? (
            <span className="mark" data-tone="busy">
              {t(end === 'over' ? 'models.retired' : 'models.retires', { date: f.date(model.retires) })}
            </span>
          ) : (
            model.deprecated && (
              <span className="mark" data-tone="busy">
                {t('models.deprecated')}
              </span>
            )
          )}
        </div>
        <div className="sub clip">{from.filter(Boolean).join(' · ')}</div>
      </Table.Td>
      <Table.Td className="right num c-context">
        {model.context === null ? '–' : f.compact(model.context)}
      </Table.Td>
      <Table.Td className="right num c-price">
        <Amount price={model.price} hosts={model.hosts} />
      </Table.Td>
      <Table.Td className="right num c-hosts">{f.number(model.hosts)}</Table.Td>
      <Table.Td className="c-licence">
        <div className="clip" title={named.licence(model.licence)}>
          {model.licence ? named.shortLicence(model.licence) : model.open_weights ? t('models.open') : '–'}
        </div>
      </Table.Td>
      <Table.Td className="right num c-released">{model.released ? f.date(model.released) : '–'}</Table.Td>
    </>
  );
}
