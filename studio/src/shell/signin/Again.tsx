/** A session that ended while a page was open: sign in over it, and go on where one was. */
import { Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ask, queries } from '../../api/queries';
import type { MeShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Password } from './Password';
import { Command } from './SignIn';

export function Again(): ReactNode {
  const { t } = useWords();
  const before = useQuery(ask.me()).data;
  const entered = (me: MeShape): void => {
    if (me.account !== before?.account) {
      location.reload(); // somebody else must not see what was on this page
      return;
    }
    queries.setQueryData(['me'], me);
    void queries.invalidateQueries();
  };
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t('again.title')}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('again.lead')}
        </Text>
        <Password login={before?.login ?? ''} entered={entered} />
        <Text size="xs" c="dimmed">
          {t('again.link')}
        </Text>
        <Command />
      </Stack>
    </Modal>
  );
}
