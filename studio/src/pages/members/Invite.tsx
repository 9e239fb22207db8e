/** A new person: the account is made at once, its link is handed over by whoever invites. */
import { Button, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type RoleName, renew, tell } from '../../api/people';
import type { InvitationShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Flaws } from '../../ui/states';
import { RolePicker } from './Roles';

export function Invite(props: { done: (made: InvitationShape) => void }): ReactNode {
  const { t } = useWords();
  const [name, setName] = useState('');
  const [login, setLogin] = useState('');
  const [role, setRole] = useState<RoleName>('user');
  const invite = useMutation({
    mutationFn: () => tell.invite({ name: name.trim(), login: login.trim(), role }),
    onSuccess: async (made) => {
      await renew('accounts');
      props.done(made);
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        invite.mutate();
      }}
    >
      <Stack gap="md">
        <Flaws error={invite.error} />
        <TextInput
          label={t('members.name')}
          required
          maxLength={100}
          data-autofocus
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t('members.login')}
          description={t('members.login.detail')}
          required
          minLength={2}
          maxLength={100}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
        <RolePicker label={t('members.role')} value={role} change={setRole} />
        <Button type="submit" loading={invite.isPending} disabled={!name.trim() || login.trim().length < 2}>
          {t('members.invite.go')}
        </Button>
      </Stack>
    </form>
  );
}
