/** Where the next question is written, and pictures are put to it. */
import { ActionIcon, Alert, FileButton, Text, Textarea, Tooltip } from '@mantine/core';
import { IconArrowUp, IconPhoto, IconPlayerStopFilled, IconX } from '@tabler/icons-react';
import { type ReactNode, type RefObject, useState } from 'react';
import { useWords } from '../../i18n';
import type { Picture } from '../../lib/chat';
import {
  admitted,
  type ImageFlaw,
  KINDS,
  LARGEST_IMAGE,
  LARGEST_TOGETHER,
  MOST_IMAGES,
  pictureOf,
} from '../../lib/images';
import { store } from './store';

export function useAttach(images: Picture[]): {
  flaws: ImageFlaw[];
  attach: (files: File[]) => Promise<void>;
  forget: () => void;
} {
  const [flaws, setFlaws] = useState<ImageFlaw[]>([]);
  return {
    flaws,
    forget: () => setFlaws([]),
    attach: async (files) => {
      const { taken, flaws: wrong } = admitted(files, images);
      setFlaws(wrong);
      const read = await Promise.all(taken.map(pictureOf));
      if (read.length > 0) store.set({ images: [...store.state().images, ...read].slice(0, MOST_IMAGES) });
    },
  };
}

export function Composer(props: {
  field: RefObject<HTMLTextAreaElement | null>;
  draft: string;
  images: Picture[];
  busy: boolean;
  /** Why it cannot be sent; empty: it can. */
  warnings: readonly string[];
  flaws: readonly ImageFlaw[];
  attach: (files: File[]) => Promise<void>;
  submit: () => void;
  /** The last question again, to be put differently. */
  recall: () => void;
}): ReactNode {
  const { t, f } = useWords();
  const { draft, images, busy } = props;
  const empty = !draft.trim() && images.length === 0;
  return (
    <form
      className="ask"
      onSubmit={(event) => {
        event.preventDefault();
        props.submit();
      }}
    >
      {props.flaws.map((flaw) => (
        <Alert key={flaw.name + flaw.code} color="red" variant="light" role="alert" p="xs" mb={6}>
          {t(`play.image.${flaw.code}`, {
            name: flaw.name,
            size: f.bytes(flaw.code === 'together' ? LARGEST_TOGETHER : LARGEST_IMAGE),
            most: MOST_IMAGES,
          })}
        </Alert>
      ))}
      {props.warnings.map((warning) => (
        <Alert key={warning} color="orange" variant="light" role="status" p="xs" mb={6}>
          {warning}
        </Alert>
      ))}
      {images.length > 0 && (
        <ul className="pics">
          {images.map((image, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same picture may be there twice
            <li key={index}>
              <img src={image.url} alt={image.name || t('play.picture', { count: index + 1 })} />
              <button
                type="button"
                className="unpic"
                aria-label={t('play.unattach', { name: image.name })}
                onClick={() => store.set({ images: images.filter((_, other) => other !== index) })}
              >
                <IconX size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Textarea
        ref={props.field}
        aria-label={t('play.ask')}
        placeholder={t('play.ask')}
        variant="unstyled"
        autosize
        autoFocus
        minRows={1}
        maxRows={8}
        px={6}
        value={draft}
        onChange={(event) => store.set({ draft: event.currentTarget.value })}
        onPaste={(event) => {
          const pasted = [...event.clipboardData.files];
          if (pasted.length > 0) {
            event.preventDefault();
            void props.attach(pasted);
          }
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            props.submit();
          } else if (event.key === 'ArrowUp' && draft === '') {
            event.preventDefault();
            props.recall();
          }
        }}
      />
      <div className="row spread">
        <div className="row">
          <FileButton accept={KINDS.join(',')} multiple onChange={(files) => void props.attach(files)}>
            {(rest) => (
              <Tooltip label={t('play.attach')}>
                <ActionIcon {...rest} aria-label={t('play.attach')}>
                  <IconPhoto size={17} />
                </ActionIcon>
              </Tooltip>
            )}
          </FileButton>
          <Text size="xs" c="dimmed" visibleFrom="sm">
            {busy ? t('play.keys.busy') : t('play.keys')}
          </Text>
        </div>
        {busy ? (
          <ActionIcon
            variant="filled"
            color="gray"
            size="lg"
            radius="xl"
            aria-label={t('play.stop')}
            onClick={() => store.stop()}
          >
            <IconPlayerStopFilled size={15} />
          </ActionIcon>
        ) : (
          <ActionIcon
            type="submit"
            variant="filled"
            color="voice"
            size="lg"
            radius="xl"
            aria-label={t('play.send')}
            disabled={empty}
          >
            <IconArrowUp size={17} />
          </ActionIcon>
        )}
      </div>
    </form>
  );
}
