/** A sign-in link, shown once, to be handed to whom it is for. */
import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { at } from '../../api/client';
import type { InvitationShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Code } from '../../ui/parts';

export function Handing(props: { made: InvitationShape; close: () => void }): ReactNode {
  const { t } = useWords();
  const { account, link_token } = props.made;
  const link = at(`sign-in?token=${encodeURIComponent(link_token ?? '')}`);
  return (
    <Stack gap="md">
      <Text size="sm">{t('members.link.detail', { name: account.name })}</Text>
      <div className="longlink">
        <Code text={link} label={t('members.link')} />
      </div>
      <Alert color="voice" icon={<IconEyeOff size={16} />}>
        {t('members.link.once')}
      </Alert>
      {/^(https?:\/\/)(localhost|127\.|\[::1\])/.test(link) && (
        <Text size="xs" c="dimmed">
          {t('members.link.local', { host: new URL(link).host })}
        </Text>
      )}
      <Button onClick={props.close}>{t('action.done')}</Button>
    </Stack>
  );
}
