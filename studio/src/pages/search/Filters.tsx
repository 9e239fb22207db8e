/** What a search is narrowed down by: only what the reader's own documents have. */
import { Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { knowing } from '../../api/knowing';
import { useWords } from '../../i18n';
import {
  type FoundSearch,
  isFiltered,
  KIND_NAMES,
  KINDS,
  type Kind,
  LANGUAGES,
  SINCE,
  type Since,
  UNFILTERED,
} from '../../lib/found';

export function Filters(props: { asked: FoundSearch; go: (part: Partial<FoundSearch>) => void }): ReactNode {
  const { t } = useWords();
  const { asked, go } = props;
  const { data } = useQuery(knowing.filters());
  const has = (kind: Kind): boolean =>
    asked.kind === kind || KINDS[kind].some((type) => data?.media_types.includes(type));
  const sources = (data?.sources ?? []).map(({ id, name }) => ({ value: id, label: name }));
  if (asked.source && data && !sources.some(({ value }) => value === asked.source)) {
    sources.push({ value: asked.source, label: t('search.source.unknown') });
  }
  const choice = (
    name: 'source' | 'kind' | 'language' | 'since',
    options: { value: string; label: string }[],
  ): ReactNode =>
    (options.length > 1 || asked[name] !== undefined) && (
      <Select
        aria-label={t(`search.by.${name}`)}
        placeholder={t(`search.by.${name}`)}
        clearable
        clearButtonProps={{ 'aria-label': t(`search.by.${name}.all`) }}
        data={options}
        value={asked[name] ?? null}
        onChange={(value) => go({ [name]: value ?? undefined })}
      />
    );
  if (data?.sources.length === 0) return null;
  return (
    <div className="searchby">
      {choice('source', sources)}
      {choice(
        'kind',
        KIND_NAMES.filter(has).map((value) => ({ value, label: t(`search.kind.${value}`) })),
      )}
      {choice(
        'language',
        LANGUAGES.filter((each) => asked.language === each || data?.languages.includes(each)).map(
          (value) => ({ value, label: t(`search.language.${value}`) }),
        ),
      )}
      {choice(
        'since',
        (Object.keys(SINCE) as Since[]).map((value) => ({ value, label: t(`search.since.${value}`) })),
      )}
      {isFiltered(asked) && (
        <Button variant="subtle" color="gray" onClick={() => go(UNFILTERED)}>
          {t('search.by.nothing')}
        </Button>
      )}
    </div>
  );
}
