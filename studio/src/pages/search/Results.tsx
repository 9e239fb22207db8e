/** The passages that were found, best first, each with its words marked. */
import { Button } from '@mantine/core';
import { IconMoodEmpty } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { KeyboardEvent, ReactNode } from 'react';
import { MOST_RESULTS } from '../../api/knowing';
import type { FoundShape, SearchShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { type FoundSearch, isFiltered, kindOf, UNFILTERED } from '../../lib/found';
import { nameOf } from '../../lib/known';
import { excerpt, within } from '../../lib/marks';
import { More } from '../../ui/More';
import { Card } from '../../ui/parts';
import { Empty, Shown } from '../../ui/states';
import { Marked } from './Marked';
import type { Place } from './place';
import { placed } from './place';
import { useWhere } from './useWhere';

const SHOWN = 340;

export function Results(props: {
  found: UseQueryResult<SearchShape>;
  asked: FoundSearch;
  go: (part: Partial<FoundSearch>) => void;
  open: (place: Place) => void;
  /** How many were asked for, and how to ask for as many as there can be. */
  most: number;
  further: () => void;
}): ReactNode {
  const { t } = useWords();
  const { most } = props;
  return (
    <Shown query={props.found} apart>
      {({ items, by_meaning }) =>
        items.length === 0 ? (
          <None asked={props.asked} go={props.go} />
        ) : (
          <section className="results" aria-label={t('search.results')}>
            <p className="sub" role="status">
              {t('search.count', { count: items.length })}
              {!by_meaning && ` ${t('search.bywords')}`}
              {items.every(({ band }) => band === 'weak') && ` ${t('search.thin')}`}
            </p>
            <ol className="foundlist" onKeyDown={step}>
              {items.map((item) => (
                <Found
                  key={`${item.document} ${item.number}`}
                  of={item}
                  open={props.open}
                  chosen={props.asked.doc === item.document && props.asked.at === placed(placeOf(item)).at}
                />
              ))}
            </ol>
            <More
              of={{
                hasNextPage: most < MOST_RESULTS && items.length >= most,
                isFetchingNextPage: false,
                fetchNextPage: async () => props.further(),
              }}
            />
          </section>
        )
      }
    </Shown>
  );
}

/** Of what is highlighted, else of all of the passage. */
function placeOf(item: FoundShape): Place {
  const { document, page, cell, boxes, highlights } = item;
  const first = highlights[0];
  const last = highlights.at(-1);
  const start = item.start + (first?.start ?? 0);
  const end = last ? item.start + last.end : item.end;
  const ranges = within(highlights, -item.start);
  return { document, start, end, page, cell, boxes, ...(first ? { ranges } : {}) };
}

/** From result to result by the arrow keys. */
function step(event: KeyboardEvent<HTMLElement>): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by === undefined) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('button.plain')];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? undefined : all[at + by];
  event.preventDefault();
  if (next) next.focus();
  else if (by < 0) document.querySelector<HTMLElement>('.searchbox input')?.focus();
}

function Found(props: { of: FoundShape; chosen: boolean; open: (place: Place) => void }): ReactNode {
  const { t, f } = useWords();
  const { of: item } = props;
  const where = useWhere();
  const kind = kindOf(item.media_type);
  const isTable = kind === 'sheet'; // its rows stay lines; anything else flows
  const cut = excerpt(isTable ? item.text : item.text.replaceAll('\n', ' '), item.highlights, SHOWN);
  return (
    <li className="found" data-chosen={props.chosen || undefined}>
      <div className="foundhead">
        {kind !== 'other' && <span className="mark">{t(`search.kind.${kind}`)}</span>}
        <button
          type="button"
          className="plain clip"
          aria-current={props.chosen || undefined}
          onClick={() => props.open(placeOf(item))}
        >
          {item.title || nameOf(item.path).name}
        </button>
      </div>
      <p className="foundtext" data-rows={isTable || undefined} lang={item.language || undefined}>
        {cut.before && '… '}
        <Marked text={cut.text} ranges={cut.ranges} />
        {cut.after && ' …'}
      </p>
      <p className="sub foundwhere">
        {[
          item.source_name,
          item.title ? item.path : '',
          item.titles.filter((each) => each !== item.title).join(' › '),
          where(item),
          item.modified ? f.date(item.modified) : '',
        ]
          .filter(Boolean)
          .map((each) => (
            <span key={each}>{each}</span>
          ))}
      </p>
    </li>
  );
}

function None(props: { asked: FoundSearch; go: (part: Partial<FoundSearch>) => void }): ReactNode {
  const { t } = useWords();
  const filtered = isFiltered(props.asked);
  return (
    <Card>
      <Empty
        icon={<IconMoodEmpty size={20} />}
        title={t('search.none')}
        action={
          filtered && (
            <Button variant="default" mt={6} onClick={() => props.go(UNFILTERED)}>
              {t('search.by.nothing')}
            </Button>
          )
        }
      >
        {t(filtered ? 'search.none.filtered' : 'search.none.detail')}
      </Empty>
    </Card>
  );
}
