/** Search, filters and what they find. Everything that is asked stands in the address. */
import { ActionIcon, Button, Drawer, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks';
import { IconAdjustmentsHorizontal, IconColumns, IconSearch, IconX } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useCallback, useRef, useState } from 'react';
import { askCatalogue } from '../../api/catalogue';
import { useWords } from '../../i18n';
import {
  asked,
  chips,
  type ModelsSearch,
  NONE,
  SORTS,
  type Sort,
  toggled,
  valuesOf,
} from '../../lib/catalogue';
import { Rows, Shown } from '../../ui/states';
import { Chips } from './Chips';
import { Detail } from './Detail';
import { Filters } from './Filters';
import { List } from './List';

const MOST_COMPARED = 4;
/** Wide enough for a column of filters beside the list. */
const WIDE = '(min-width: 1240px)';

export function Catalogue(): ReactNode {
  const { t } = useWords();
  const search = useSearch({ from: '/models' });
  const go = useNavigate({ from: '/models' });
  const set = useCallback(
    (part: ModelsSearch): void => void go({ search: (old) => ({ ...old, ...part }), replace: true }),
    [go],
  );
  const wide = useMediaQuery(WIDE, undefined, { getInitialValueInEffect: false });
  const [filtering, setFiltering] = useState(false);
  const found = useInfiniteQuery(askCatalogue.list(search));
  const facets = useQuery(askCatalogue.facets(asked(search)));
  const compared = valuesOf(search.compare);
  const list = useRef<HTMLDivElement>(null);
  const narrowed = chips(search).length;
  const filters = <Filters search={search} facets={facets.data} set={set} />;
  const total = facets.data?.total;
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="catalogue">
      {wide && (
        <aside className="catalogue-filters" aria-label={t('models.filters')}>
          {filters}
        </aside>
      )}
      <div className="catalogue-found">
        <div className="catalogue-bar">
          <Words
            start={search.q ?? ''}
            change={(q) => set({ q: q || undefined })}
            down={() => list.current?.querySelector<HTMLElement>('[data-row] .plain')?.focus()}
          />
          {!wide && (
            <Button
              variant="default"
              leftSection={<IconAdjustmentsHorizontal size={16} />}
              onClick={() => setFiltering(true)}
            >
              {narrowed > 0 ? t('models.filters.count', { count: narrowed }) : t('models.filters')}
            </Button>
          )}
          <Select
            className="catalogue-sort"
            aria-label={t('models.sort')}
            value={search.sort ?? 'fit'}
            allowDeselect={false}
            data={[
              { value: 'fit', label: t('models.sort.fit') },
              ...SORTS.map((value) => ({ value, label: t(`models.sort.${value}`) })),
            ]}
            onChange={(value) =>
              set({ sort: value === 'fit' ? undefined : (value as Sort), order: undefined })
            }
          />
        </div>
        <Chips search={search} facets={facets.data} set={set} total={total} />
        <section
          className="card"
          ref={list}
          aria-label={t('models.catalogue')}
          aria-busy={found.isPlaceholderData}
        >
          <Shown query={found} waiting={<Rows count={12} />}>
            {() => (
              <List
                items={items}
                total={total ?? items.length}
                search={search}
                set={set}
                more={found.hasNextPage && !found.isFetching ? () => void found.fetchNextPage() : undefined}
                compared={compared}
                open={(model) => void go({ search: (old) => ({ ...old, model }) })}
                pick={(name) =>
                  set({
                    compare:
                      compared.includes(name) || compared.length < MOST_COMPARED
                        ? toggled(search.compare, name)
                        : search.compare,
                  })
                }
                full={compared.length >= MOST_COMPARED}
                clear={() => set(NONE)}
              />
            )}
          </Shown>
        </section>
        {compared.length > 0 && (
          <div className="tray" role="status">
            <span className="clip">{t('models.compare.picked', { count: compared.length })}</span>
            <Button variant="subtle" color="gray" onClick={() => set({ compare: undefined })}>
              {t('models.compare.clear')}
            </Button>
            <Button
              leftSection={<IconColumns size={16} />}
              disabled={compared.length < 2}
              onClick={() => void go({ search: (old) => ({ ...old, side: 'yes' }) })}
            >
              {t('models.compare')}
            </Button>
          </div>
        )}
      </div>
      <Drawer
        opened={filtering && !wide}
        onClose={() => setFiltering(false)}
        position="right"
        size={360}
        title={t('models.filters')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {filters}
        <div className="drawer-foot">
          <Button fullWidth onClick={() => setFiltering(false)}>
            {t('models.filters.show', { count: total ?? 0 })}
          </Button>
        </div>
      </Drawer>
      <Drawer
        opened={search.model !== undefined}
        onClose={() => set({ model: undefined })}
        position="right"
        size={800}
        title={t('models.detail')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {search.model && (
          <Detail
            key={search.model}
            name={search.model}
            open={(model) => void go({ search: (old) => ({ ...old, model }) })}
          />
        )}
      </Drawer>
    </div>
  );
}

function Words(props: { start: string; change: (value: string) => void; down: () => void }): ReactNode {
  const { t } = useWords();
  const [value, setValue] = useState(props.start);
  const [known, setKnown] = useState(props.start);
  const tell = useDebouncedCallback((next: string) => {
    setKnown(next);
    props.change(next);
  }, 150);
  // The address changed by other means: a removed filter, the browser's back button.
  if (props.start !== known) {
    setKnown(props.start);
    setValue(props.start);
  }
  const take = (next: string): void => {
    setValue(next);
    tell(next.trim());
  };
  return (
    <TextInput
      className="grow"
      type="search"
      aria-label={t('models.search')}
      placeholder={t('models.search.hint')}
      leftSection={<IconSearch size={16} />}
      rightSection={
        value && (
          <ActionIcon aria-label={t('models.search.clear')} onClick={() => take('')}>
            <IconX size={15} />
          </ActionIcon>
        )
      }
      value={value}
      onChange={(event) => take(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'ArrowDown') {
          event.preventDefault();
          props.down();
        }
      }}
    />
  );
}
