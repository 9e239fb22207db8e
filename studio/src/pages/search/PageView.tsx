/** A page as its author laid it out, with what matters marked on it. */
import { ActionIcon, Button } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconFileOff } from '@tabler/icons-react';
import { type ReactNode, useRef, useState } from 'react';
import { pictureOf } from '../../api/knowing';
import type { BoxShape, DocumentShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Empty } from '../../ui/states';

const share = (value: number): string => `${(value * 100).toFixed(3)}%`;

export function PageView(props: {
  document: DocumentShape;
  title: string;
  first: number;
  boxes: readonly BoxShape[];
  text: () => void;
}): ReactNode {
  const { t } = useWords();
  const { document, boxes } = props;
  const [page, setPage] = useState(Math.min(Math.max(1, props.first), document.pages));
  const [state, setState] = useState<'loading' | 'there' | 'failed'>('loading');
  const mark = useRef<HTMLElement>(null);
  const go = (next: number): void => {
    setState('loading');
    setPage(next);
  };
  const here = boxes.filter((box) => box.page === page);
  return (
    <>
      <div className="pageturn">
        <ActionIcon aria-label={t('preview.before')} disabled={page <= 1} onClick={() => go(page - 1)}>
          <IconChevronLeft size={17} />
        </ActionIcon>
        <span className="num" role="status">
          {t('preview.page', { page, pages: document.pages })}
        </span>
        <ActionIcon
          aria-label={t('preview.after')}
          disabled={page >= document.pages}
          onClick={() => go(page + 1)}
        >
          <IconChevronRight size={17} />
        </ActionIcon>
        {here.length === 0 && boxes[0] && (
          <Button size="compact-xs" variant="subtle" onClick={() => go(boxes[0]?.page ?? 1)}>
            {t('preview.tomark')}
          </Button>
        )}
      </div>
      {state === 'failed' ? (
        <Empty
          icon={<IconFileOff size={20} />}
          title={t('preview.nopicture')}
          action={
            <Button variant="default" mt={6} onClick={props.text}>
              {t('preview.view.text')}
            </Button>
          }
        />
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: a section would be a landmark
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
        <div className="sheetframe" role="group" tabIndex={0} aria-label={t('preview.view.page')}>
          <figure className="pagepicture" aria-busy={state === 'loading'}>
            <img
              key={page}
              src={pictureOf(document.id, page)}
              alt={t('preview.picture', { page, title: props.title })}
              onLoad={() => {
                setState('there');
                mark.current?.scrollIntoView({ block: 'center', inline: 'nearest' });
              }}
              onError={() => setState('failed')}
            />
            {state === 'there' &&
              here.map((box, index) => (
                <i
                  key={`${box.left} ${box.top} ${box.right} ${box.bottom}`}
                  ref={index === 0 ? mark : undefined}
                  className="pagemark"
                  style={{
                    left: share(box.left),
                    top: share(box.top),
                    width: share(box.right - box.left),
                    height: share(box.bottom - box.top),
                  }}
                />
              ))}
          </figure>
        </div>
      )}
    </>
  );
}
