/** What is in the company's documents, as far as the reader may see them: an answer, passages, and where they stand. */
import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { knowing, MOST_RESULTS, RESULTS } from '../api/knowing';
import { useWords } from '../i18n';
import { type FoundSearch, filtersOf, spanOf, type Filters as Wanted } from '../lib/found';
import { search as route } from '../router';
import { Page } from '../ui/parts';
import { Answer } from './search/Answer';
import { Box } from './search/Box';
import { Filters } from './search/Filters';
import { Preview } from './search/Preview';
import { type Place, placed } from './search/place';
import { Receipt } from './search/Receipt';
import { Results } from './search/Results';
import { Start } from './search/Start';
import '../ui/marks.css';
import './search/search.css';

export function Search(): ReactNode {
  const { t } = useWords();
  const asked = route.useSearch();
  const navigate = useNavigate({ from: '/search' });
  const go = (part: Partial<FoundSearch>): void =>
    void navigate({ search: (was) => ({ ...was, ...part }), resetScroll: false });
  const today = new Date().setHours(0, 0, 0, 0);
  const { q = '' } = asked;
  const { kind, language, since, source } = asked;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins with the first results again
  const wanted = useMemo(
    () => filtersOf({ kind, language, since, source }, new Date(today)),
    [q, kind, language, since, source, today],
  );
  const [further, setFurther] = useState<Wanted | null>(null);
  const most = further === wanted ? MOST_RESULTS : RESULTS;
  const found = useQuery({ ...knowing.search(q, wanted, most), enabled: q !== '' });
  const [place, setPlace] = useState<Place | null>(null);
  const [receipt, setReceipt] = useState<string | null>(null);
  const wide = useMediaQuery('(min-width: 1100px)', true, { getInitialValueInEffect: false });
  const open = (next: Place): void => {
    setPlace(next);
    go(placed(next));
  };
  const close = (): void => go({ doc: undefined, at: undefined });
  const close_ = { 'aria-label': t('action.close') };
  const preview = asked.doc && (
    <Preview
      key={asked.doc}
      document={asked.doc}
      span={spanOf(asked.at)}
      place={place && placed(place).doc === asked.doc && placed(place).at === asked.at ? place : null}
      close={wide ? close : undefined}
    />
  );
  return (
    <Page title={t('nav.search')} lead={t('search.lead')}>
      <div className="search" data-open={(wide && asked.doc !== undefined) || undefined}>
        <div className="searchmain">
          <Box
            key={q}
            question={q}
            busy={found.isFetching}
            ask={(next) => go({ q: next || undefined, doc: undefined, at: undefined })}
          />
          <Filters asked={asked} go={go} />
          {q === '' ? (
            <Start />
          ) : (
            <>
              <Answer question={q} filters={wanted} open={open} receipt={setReceipt} />
              <Results
                found={found}
                asked={asked}
                go={go}
                open={open}
                most={most}
                further={() => setFurther(wanted)}
              />
            </>
          )}
        </div>
        {wide && preview && (
          <aside className="searchside" aria-label={t('search.preview')}>
            {preview}
          </aside>
        )}
      </div>
      <Drawer
        opened={!wide && asked.doc !== undefined}
        onClose={close}
        position="right"
        size={640}
        title={t('search.preview')}
        closeButtonProps={close_}
      >
        {!wide && preview}
      </Drawer>
      <Drawer
        opened={receipt !== null}
        onClose={() => setReceipt(null)}
        position="right"
        size={640}
        title={t('receipt.title')}
        closeButtonProps={close_}
      >
        {receipt !== null && <Receipt id={receipt} />}
      </Drawer>
    </Page>
  );
}
