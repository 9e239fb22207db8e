/** A document at the place that matters: its page with the span marked, its text, or the sheet around the cell. */
import { ActionIcon, Button, SegmentedControl } from '@mantine/core';
import { IconDownload, IconFileOff, IconX } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { ApiError } from '../../api/client';
import { contentOf, knowing } from '../../api/knowing';
import type { DocumentShape, PassageShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { nameOf } from '../../lib/known';
import type { Range } from '../../lib/marks';
import { Empty, Failure, Rows } from '../../ui/states';
import { PageView } from './PageView';
import type { Place } from './place';
import { TextView } from './TextView';

export function Preview(props: {
  document: string;
  span: Range | null;
  place: Place | null;
  close?: () => void;
}): ReactNode {
  const { t } = useWords();
  const { span, place } = props;
  const document = useQuery(knowing.document(props.document));
  const passages = useInfiniteQuery(knowing.passages(props.document));
  const all = passages.data?.pages.flatMap(({ items }) => items) ?? [];
  const reached = span === null || (all.at(-1)?.end ?? 0) >= span.end;
  const { hasNextPage, isFetching, fetchNextPage } = passages;
  useEffect(() => {
    if (!reached && hasNextPage && !isFetching) void fetchNextPage();
  }, [reached, hasNextPage, isFetching, fetchNextPage]);
  const error = document.error ?? passages.error;
  const ready = document.data && passages.data && (reached || !hasNextPage);
  return (
    <div className="preview">
      {props.close && (
        <ActionIcon className="previewclose" aria-label={t('preview.close')} onClick={props.close}>
          <IconX size={17} />
        </ActionIcon>
      )}
      {error ? (
        <Missing error={error} again={() => void Promise.all([document.refetch(), passages.refetch()])} />
      ) : ready ? (
        <Shown
          key={span?.start}
          document={document.data}
          passages={all}
          span={span}
          place={place}
          more={hasNextPage ? () => void fetchNextPage() : undefined}
        />
      ) : (
        <Rows count={8} />
      )}
    </div>
  );
}

/** What is hidden and what is not there are told alike. */
function Missing(props: { error: unknown; again: () => void }): ReactNode {
  const { t } = useWords();
  if (props.error instanceof ApiError && props.error.status === 404) {
    return (
      <Empty icon={<IconFileOff size={20} />} title={t('preview.missing')}>
        {t('preview.missing.detail')}
      </Empty>
    );
  }
  return <Failure error={props.error} again={props.again} />;
}

type View = 'page' | 'text';

function Shown(props: {
  document: DocumentShape;
  passages: PassageShape[];
  span: Range | null;
  place: Place | null;
  more?: () => void;
}): ReactNode {
  const { t } = useWords();
  const { document, passages, span, place } = props;
  const [view, setView] = useState<View>(document.pages > 0 ? 'page' : 'text');
  const target = span ? passages.findIndex((each) => each.end > span.start) : 0;
  const passage = passages[target];
  const boxes = place && place.boxes.length > 0 ? place.boxes : span ? (passage?.boxes ?? []) : [];
  const title = document.title || nameOf(document.path).name;
  return (
    <>
      <div className="previewhead">
        <h2 className="breakable">{title}</h2>
        <p className="sub breakable">{[document.source_name, document.path].join(' · ')}</p>
        <div className="row">
          {document.pages > 0 && (
            <SegmentedControl
              size="xs"
              aria-label={t('preview.view')}
              data={(['page', 'text'] as const).map((value) => ({
                value,
                label: t(`preview.view.${value}`),
              }))}
              value={view}
              onChange={(value) => setView(value as View)}
            />
          )}
          <Button
            component="a"
            href={contentOf(document.id)}
            download
            size="compact-sm"
            variant="subtle"
            leftSection={<IconDownload size={14} />}
          >
            {t('preview.download')}
          </Button>
        </div>
      </div>
      {view === 'page' ? (
        <PageView
          document={document}
          title={title}
          first={boxes[0]?.page ?? place?.page ?? passage?.page ?? 1}
          boxes={boxes}
          text={() => setView('text')}
        />
      ) : (
        <TextView
          passages={passages}
          target={Math.max(0, target)}
          ranges={place?.ranges ?? (span ? [span] : [])}
          cell={place?.cell}
          more={props.more}
        />
      )}
    </>
  );
}
