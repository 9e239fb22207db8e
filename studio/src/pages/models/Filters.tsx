/** The filters: every choice with how many models it would leave. */
import { Button, CloseButton, Combobox, InputBase, Switch, useCombobox } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { ChoiceShape, FacetsShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { chips, type Filter, MANY, type ModelsSearch, NONE, toggled, valuesOf } from '../../lib/catalogue';
import { useNamed } from './words';

const MONTHS = ['3', '6', '12'];
/** So many choices want a search among them. */
const MANY_CHOICES = 9;

interface Choice {
  value: string;
  label: string;
  count: number | null;
}

export function Filters(props: {
  search: ModelsSearch;
  facets: FacetsShape | undefined;
  set: (part: ModelsSearch) => void;
}): ReactNode {
  const { t } = useWords();
  const { search, facets, set } = props;
  const named = useNamed();
  const choices = (filter: Filter, found: ChoiceShape[] | undefined): Choice[] =>
    (found ?? []).map((each) => ({
      value: each.value,
      label: named.value(filter, each.value, facets),
      count: each.count,
    }));
  const facet = (filter: Filter, label: string, found: Choice[]): ReactNode => (
    <Facet
      key={filter}
      label={label}
      chosen={
        (MANY as readonly string[]).includes(filter)
          ? valuesOf(search[filter])
          : search[filter]
            ? [search[filter]]
            : []
      }
      say={(value) => named.value(filter, value, facets)}
      choices={found}
      toggle={(value) =>
        set({
          [filter]: (MANY as readonly string[]).includes(filter)
            ? toggled(search[filter], value)
            : search[filter] === value
              ? undefined
              : value,
        })
      }
      clear={() => set({ [filter]: undefined })}
    />
  );
  const open = (facets?.open_weights ?? []).map((each) => ({
    value: each.value === 'true' ? 'yes' : 'no',
    label: each.value === 'true' ? t('models.open') : t('models.closed'),
    count: each.count,
  }));
  const ends = facets?.retires_before ?? [];
  const retire: Choice[] = [
    ...MONTHS.map((months, index) => ({
      value: months,
      label: named.value('retire', months, facets),
      count: ends[index - MONTHS.length + ends.length]?.count ?? 0,
    })).filter((each) => each.count > 0),
    { value: 'with', label: t('models.retire.with'), count: null },
  ];
  const here = facets?.available[0]?.count ?? 0;
  return (
    <div className="filter-stack">
      <Switch
        label={t('models.filter.here')}
        description={t('models.filter.here.count', { count: here })}
        checked={search.here !== undefined}
        onChange={(event) => set({ here: event.currentTarget.checked ? 'yes' : undefined })}
      />
      {facet('maker', t('models.filter.maker'), choices('maker', facets?.maker))}
      {facet('country', t('models.filter.country'), choices('country', facets?.country))}
      {facet('host', t('models.filter.host'), choices('host', facets?.host))}
      {facet('law', t('models.filter.law'), choices('law', facets?.host_country))}
      {facet('capability', t('models.filter.capability'), choices('capability', facets?.capability))}
      {facet('open', t('models.filter.weights'), open)}
      {facet('licence', t('models.filter.licence'), choices('licence', facets?.licence))}
      {facet('context', t('models.filter.context'), choices('context', facets?.min_context))}
      {facet('price', t('models.filter.price'), choices('price', facets?.max_input))}
      {facet('retire', t('models.filter.retire'), retire)}
      {(chips(search).length > 0 || search.q) && (
        <Button variant="default" onClick={() => set(NONE)}>
          {t('models.filter.clear')}
        </Button>
      )}
    </div>
  );
}

function Facet(props: {
  label: string;
  chosen: string[];
  choices: Choice[];
  say: (value: string) => string;
  toggle: (value: string) => void;
  clear: () => void;
}): ReactNode {
  const { t, f } = useWords();
  const { chosen, choices } = props;
  const [words, setWords] = useState('');
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setWords('');
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  // What was chosen stays to be seen even where nothing is left of it.
  const all = [
    ...chosen
      .filter((value) => !choices.some((each) => each.value === value))
      .map((value) => ({ value, label: props.say(value), count: 0 })),
    ...choices,
  ];
  const searchable = all.length >= MANY_CHOICES;
  const shown = all.filter((each) => each.label.toLowerCase().includes(words.trim().toLowerCase()));
  const first = chosen[0];
  const summary =
    first === undefined
      ? null
      : chosen.length === 1
        ? props.say(first)
        : t('models.filter.chosen', { count: chosen.length });
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={props.toggle}
      shadow="md"
      width="max-content"
      position="bottom-start"
    >
      <Combobox.Target targetType="button">
        <InputBase
          component="button"
          type="button"
          size="sm"
          pointer
          label={props.label}
          classNames={{ input: 'facet' }}
          onClick={() => combobox.toggleDropdown()}
          rightSection={
            summary ? (
              <CloseButton
                size="sm"
                component="span"
                role="button"
                tabIndex={-1}
                aria-hidden
                onMouseDown={(event: { preventDefault: () => void }) => event.preventDefault()}
                onClick={() => props.clear()}
              />
            ) : (
              <Combobox.Chevron />
            )
          }
          rightSectionPointerEvents={summary ? 'all' : 'none'}
        >
          <span className="clip" data-any={summary === null || undefined}>
            {summary ?? t('models.filter.any')}
          </span>
        </InputBase>
      </Combobox.Target>
      <Combobox.Dropdown className="facet-choices">
        {searchable && (
          <Combobox.Search
            value={words}
            aria-label={t('models.filter.find', { filter: props.label })}
            placeholder={t('models.filter.find', { filter: props.label })}
            onChange={(event) => {
              setWords(event.currentTarget.value);
              combobox.updateSelectedOptionIndex();
            }}
          />
        )}
        <Combobox.Options mah={300} tabIndex={0} className="facet-list" aria-label={props.label}>
          {shown.length === 0 && <Combobox.Empty>{t('models.filter.nothing')}</Combobox.Empty>}
          {shown.map((each) => {
            const active = chosen.includes(each.value);
            return (
              <Combobox.Option key={each.value} value={each.value} active={active} aria-selected={active}>
                <span className="tick">{active && <IconCheck size={14} aria-hidden />}</span>
                <span className="what">{each.label}</span>
                {each.count !== null && <span className="count num">{f.number(each.count)}</span>}
              </Combobox.Option>
            );
          })}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
