/** Who may see a source's documents: everybody, some people and groups, or only whom the source itself names. */
import { MultiSelect, Radio, Stack } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { knowing } from '../../api/knowing';
import { people } from '../../api/people';
import { ask } from '../../api/queries';
import { useMay } from '../../api/rights';
import type { PrincipalShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { EVERYBODY, isEverybody } from '../../lib/known';
import { useNamed } from './useReaders';

type Who = 'everybody' | 'some' | 'reported';

export function Readers(props: {
  value: string[];
  change: (principals: string[]) => void;
  known: PrincipalShape[];
  reports: boolean;
}): ReactNode {
  const { t } = useWords();
  const { value, change, reports } = props;
  const told: Who = value.some(isEverybody) ? 'everybody' : 'some';
  const [wanted, setWanted] = useState<Who | null>(null);
  const who: Who =
    told === 'everybody' ? told : (wanted ?? (value.length > 0 || !reports ? 'some' : 'reported'));
  const [words, setWords] = useState('');
  const [q] = useDebouncedValue(words.trim(), 200);
  const options = useOptions(props.known, value, q);
  return (
    <Stack gap={8}>
      <Radio.Group
        label={t(reports ? 'readers.label.besides' : 'readers.label')}
        value={who}
        onChange={(next) => {
          setWanted(next as Who);
          change(next === 'everybody' ? [EVERYBODY] : []);
        }}
      >
        <Stack gap={6} mt={6}>
          {reports && <Radio value="reported" label={t('readers.reported.choice')} />}
          <Radio value="some" label={t('readers.some')} />
          <Radio value="everybody" label={t('readers.everybody.choice')} />
        </Stack>
      </Radio.Group>
      {who === 'some' && (
        <MultiSelect
          aria-label={t('readers.some')}
          placeholder={value.length === 0 ? t('readers.pick') : undefined}
          description={value.length === 0 ? t('readers.nobodyyet') : undefined}
          searchable
          searchValue={words}
          onSearchChange={setWords}
          hidePickedOptions
          nothingFoundMessage={t('readers.none')}
          maxDropdownHeight={260}
          data={options}
          value={value}
          onChange={change}
        />
      )}
    </Stack>
  );
}

type Options = { group: string; items: { value: string; label: string }[] }[];

/** Oneself, groups and people, as far as one may know them; and whoever is chosen already, whatever is looked for. */
function useOptions(known: PrincipalShape[], chosen: string[], q: string): Options {
  const { t } = useWords();
  const may = useMay();
  const named = useNamed();
  const me = useQuery(ask.me());
  const groups = useQuery({ ...knowing.groups(), enabled: may('groups.read') });
  const accounts = useInfiniteQuery({ ...people.accounts(q, null), enabled: may('accounts.read') });
  const [seen] = useState(() => new Map<string, string>());
  if (me.data?.account) seen.set(`user:${me.data.account}`, me.data.name);
  for (const { items } of accounts.data?.pages ?? []) {
    for (const { id, name, login } of items) {
      seen.set(`user:${id}`, name === login ? name : `${name} (${login})`);
    }
  }
  for (const { id, name } of groups.data?.items ?? []) seen.set(`group:${id}`, name);
  for (const each of known) if (!seen.has(each.id)) seen.set(each.id, named(each));
  for (const id of chosen) if (!seen.has(id)) seen.set(id, id);
  const items = (start: string): { value: string; label: string }[] =>
    [...seen].filter(([id]) => id.startsWith(start)).map(([value, label]) => ({ value, label }));
  return [
    { group: t('groups.title'), items: items('group:') },
    { group: t('members.people'), items: items('user:') },
  ].filter(({ items: some }) => some.length > 0);
}
