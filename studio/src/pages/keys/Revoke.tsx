/** The end of a key: says what stops, and asks for its name. */
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { keyring } from '../../api/keyring';
import { renew } from '../../api/people';
import { useMay } from '../../api/rights';
import type { KeyShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Flaws } from '../../ui/states';

export function Revoke(props: { of: KeyShape; close: () => void }): ReactNode {
  const { t, f } = useWords();
  const may = useMay();
  const [typed, setTyped] = useState('');
  const { name } = props.of;
  const used = useQuery({ ...keyring.used(), enabled: may('usage.read') }).data;
  const mine = used?.get(props.of.id);
  const revoke = useMutation({
    mutationFn: () => keyring.revoke(props.of),
    onSuccess: async () => {
      await renew('keys');
      props.close();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() === name) revoke.mutate();
      }}
    >
      <Stack gap="md">
        <Flaws error={revoke.error} />
        <Text size="sm">{t('keys.revoke.sure')}</Text>
        {mine?.last ? (
          <Alert color="orange" icon={<IconAlertTriangle size={16} />}>
            {t('keys.revoke.used', { count: mine.exchanges, day: f.date(mine.last) })}
          </Alert>
        ) : (
          used && (
            <Text size="sm" c="dimmed">
              {t('keys.revoke.unused')}
            </Text>
          )
        )}
        <TextInput
          label={t('keys.revoke.type', { name })}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={props.close}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" color="red.8" loading={revoke.isPending} disabled={typed.trim() !== name}>
            {t('keys.act.revoke')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
