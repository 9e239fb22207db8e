/** One question, which can be put differently: the conversation goes on from there. */
import { ActionIcon, Button, Textarea, Tooltip } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { memo, type ReactNode, useState } from 'react';
import { useWords } from '../../i18n';
import type { Question } from '../../lib/chat';
import { store } from './store';
import { CopyAct } from './Told';

export const Asked = memo(function Asked(props: {
  lane: string;
  question: Question;
  busy: boolean;
}): ReactNode {
  const { t } = useWords();
  const { question } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const done = (): void => {
    if (draft?.trim() || question.images.length > 0) store.ask({ ...question, text: draft?.trim() ?? '' });
    setDraft(null);
  };
  return (
    <article className="said" data-role="user">
      {question.images.length > 0 && (
        <div className="pics">
          {question.images.map((image, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same picture may be there twice
            <img key={at} src={image.url} alt={image.name || t('play.picture', { count: at + 1 })} />
          ))}
        </div>
      )}
      {draft === null ? (
        question.text && <div className="bubble">{question.text}</div>
      ) : (
        <form
          className="edit"
          onSubmit={(event) => {
            event.preventDefault();
            done();
          }}
        >
          <Textarea
            aria-label={t('play.edit')}
            data-autofocus
            autoFocus
            autosize
            minRows={2}
            maxRows={14}
            value={draft}
            onChange={(event) => setDraft(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') {
                event.stopPropagation();
                setDraft(null);
              } else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
                event.preventDefault();
                done();
              }
            }}
          />
          <div className="row">
            <Button size="compact-sm" variant="default" onClick={() => setDraft(null)}>
              {t('action.cancel')}
            </Button>
            <Button size="compact-sm" type="submit">
              {t('play.edit.go')}
            </Button>
          </div>
        </form>
      )}
      {draft === null && (
        <div className="acts">
          <CopyAct text={question.text} />
          <Tooltip label={t('play.edit')}>
            <ActionIcon size="sm" aria-label={t('play.edit')} onClick={() => setDraft(question.text)}>
              <IconPencil size={15} />
            </ActionIcon>
          </Tooltip>
          {!props.busy && (
            <Tooltip label={t('play.forget')}>
              <ActionIcon
                size="sm"
                aria-label={t('play.forget')}
                onClick={() => store.forget(props.lane, question.id)}
              >
                <IconTrash size={15} />
              </ActionIcon>
            </Tooltip>
          )}
        </div>
      )}
    </article>
  );
});
