/** Another name or role for somebody. */
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type RoleName, renew, tell } from '../../api/people';
import type { AccountShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Meanwhile } from '../../ui/Meanwhile';
import { RolePicker } from './Roles';

export function Edit(props: { account: AccountShape; mine: boolean; close: () => void }): ReactNode {
  const { t } = useWords();
  const [account, setAccount] = useState(props.account);
  const [name, setName] = useState(account.name);
  const [role, setRole] = useState<RoleName>(account.role);
  const save = useMutation({
    mutationFn: () => tell.edit(account, { name: name.trim(), ...(props.mine ? {} : { role }) }),
    onSuccess: async () => {
      await renew('accounts', ...(props.mine ? ['me'] : []));
      props.close();
    },
  });
  const again = useMutation({
    mutationFn: () => tell.account(account.id),
    onSuccess: (found) => {
      setAccount(found);
      setName(found.name);
      setRole(found.role);
      save.reset();
      void renew('accounts');
    },
  });
  const same = name.trim() === account.name && role === account.role;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="md">
        <Meanwhile error={again.error ?? save.error} again={() => again.mutate()} />
        <TextInput
          label={t('members.name')}
          required
          maxLength={100}
          data-autofocus
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {props.mine ? (
          <Text size="sm" c="dimmed">
            {t('members.mine')}
          </Text>
        ) : (
          <>
            <RolePicker label={t('members.role')} value={role} change={setRole} />
            {role !== account.role && (
              <Text size="sm" c="dimmed">
                {t('members.role.ends')}
              </Text>
            )}
          </>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.close}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={same || !name.trim()}>
            {t('members.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
