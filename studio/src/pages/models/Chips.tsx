/** How many models there are, and what narrows them: each can be taken away where it stands. */
import { Button, CloseButton, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { FacetsShape } from '../../api/schema';
import { type Sentence, useWords } from '../../i18n';
import { chips, type Filter, type ModelsSearch, NONE, without } from '../../lib/catalogue';
import { useNamed } from './words';

const LABELS: Record<Filter, Sentence | null> = {
  maker: 'models.filter.maker',
  host: 'models.filter.host',
  licence: 'models.filter.licence',
  capability: null,
  country: 'models.filter.country',
  law: 'models.filter.law',
  open: null,
  context: 'models.filter.context',
  price: 'models.filter.price',
  retire: null,
  here: null,
};

export function Chips(props: {
  search: ModelsSearch;
  facets: FacetsShape | undefined;
  set: (part: ModelsSearch) => void;
  total: number | undefined;
}): ReactNode {
  const { t } = useWords();
  const named = useNamed();
  const found = chips(props.search);
  return (
    <div className="row found-row">
      <span className="found-count num" role="status">
        {props.total === undefined ? (
          <Skeleton height={14} width={80} />
        ) : (
          t('models.found', { count: props.total })
        )}
      </span>
      {found.map((chip) => {
        const name = named.value(chip.filter, chip.value, props.facets);
        const label = LABELS[chip.filter];
        return (
          <span key={`${chip.filter} ${chip.value}`} className="filter-chip">
            {label && <span className="of">{t(label)}</span>}
            <span className="clip">{name}</span>
            <CloseButton
              size="sm"
              iconSize={13}
              aria-label={t('models.filter.remove', { name })}
              onClick={() => props.set(without(props.search, chip))}
            />
          </span>
        );
      })}
      {found.length > 1 && (
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => props.set(NONE)}>
          {t('models.filter.clear')}
        </Button>
      )}
    </div>
  );
}
