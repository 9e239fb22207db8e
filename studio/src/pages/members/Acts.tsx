/** What can be done about one person, each asked for again in words that say what it comes to. */
import { ActionIcon, Button, Group, Menu, Modal, Stack, Text } from '@mantine/core';
import {
  IconDots,
  IconLink,
  IconLogout,
  IconPencil,
  IconPlayerPlay,
  IconTrash,
  IconUserOff,
} from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { isStale, renew, tell } from '../../api/people';
import type { AccountShape, InvitationShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Meanwhile } from '../../ui/Meanwhile';

type What = 'link' | 'signout' | 'disable' | 'enable' | 'remove';

export function Acts(props: {
  account: AccountShape;
  mine: boolean;
  edit: () => void;
  made: (made: InvitationShape) => void;
}): ReactNode {
  const { t } = useWords();
  const { account } = props;
  const [what, setWhat] = useState<What | null>(null);
  const act = useMutation({
    mutationFn: async (wanted: What): Promise<InvitationShape | null> => {
      if (wanted === 'link') return await tell.link(account);
      if (wanted === 'signout') await tell.signOut(account);
      else if (wanted === 'remove') await tell.remove(account);
      else await tell.edit(account, { disabled: wanted === 'disable' });
      return null;
    },
    onSuccess: async (made) => {
      await renew('accounts');
      setWhat(null);
      if (made) props.made(made);
    },
  });
  const close = (): void => {
    setWhat(null);
    act.reset();
  };
  const disabled = account.state === 'disabled';
  const harsh = what === 'remove' || what === 'disable';
  return (
    <>
      <Menu position="bottom-end" shadow="md" width={230}>
        <Menu.Target>
          <ActionIcon aria-label={t('members.menu', { name: account.name })}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={15} />} onClick={props.edit}>
            {props.mine ? t('members.rename') : t('members.change')}
          </Menu.Item>
          {!props.mine && (
            <>
              {!disabled && (
                <Menu.Item leftSection={<IconLink size={15} />} onClick={() => setWhat('link')}>
                  {t('members.act.link')}
                </Menu.Item>
              )}
              {!disabled && (
                <Menu.Item leftSection={<IconLogout size={15} />} onClick={() => setWhat('signout')}>
                  {t('members.act.signout')}
                </Menu.Item>
              )}
              <Menu.Divider />
              {disabled ? (
                <Menu.Item leftSection={<IconPlayerPlay size={15} />} onClick={() => setWhat('enable')}>
                  {t('members.act.enable')}
                </Menu.Item>
              ) : (
                <Menu.Item leftSection={<IconUserOff size={15} />} onClick={() => setWhat('disable')}>
                  {t('members.act.disable')}
                </Menu.Item>
              )}
              <Menu.Item
                className="danger"
                leftSection={<IconTrash size={15} />}
                onClick={() => setWhat('remove')}
              >
                {t('members.act.remove')}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={what !== null}
        onClose={close}
        title={what && `${t(`members.act.${what}`)} · ${account.name}`}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <Stack gap="md">
          <Meanwhile
            error={act.error}
            again={() => {
              void renew('accounts');
              close();
            }}
          />
          <Text size="sm">{what && t(`members.sure.${what}`, { name: account.name })}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('action.cancel')}
            </Button>
            <Button
              color={harsh ? 'red.8' : undefined}
              loading={act.isPending}
              disabled={isStale(act.error)}
              onClick={() => what && act.mutate(what)}
            >
              {what && t(`members.act.${what}`)}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
