/** Asks before something that cannot be taken back, in words that say what will happen. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../i18n';
import { Flaws } from './states';

export function Sure(props: {
  asked: boolean;
  title: string;
  text: string;
  word: string;
  harsh?: boolean;
  error: unknown;
  busy: boolean;
  close: () => void;
  go: () => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <Modal
      opened={props.asked}
      onClose={props.close}
      title={props.title}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack gap="md">
        <Flaws error={props.error} />
        <Text size="sm">{props.text}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={props.close}>
            {t('action.cancel')}
          </Button>
          <Button color={props.harsh ? 'red.8' : undefined} loading={props.busy} onClick={props.go}>
            {props.word}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
