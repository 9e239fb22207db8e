/** Another secret in place of the one that is kept. */
import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { offeringsChanged } from '../../api/catalogue';
import { client, dataOf } from '../../api/client';
import { useWords } from '../../i18n';
import { Flaws } from '../../ui/states';

export function Renewing(props: { name: string; done: () => void }): ReactNode {
  const { t } = useWords();
  const [secret, setSecret] = useState('');
  const save = useMutation({
    mutationFn: async () => {
      const params = { params: { path: { name: props.name } } };
      await dataOf(
        client.PUT('/api/v1/providers/{name}/secret', { ...params, body: { secret: secret.trim() } }),
      );
      // Whether the host takes it is found out at once, and shown in the row.
      await client.POST('/api/v1/providers/{name}/test', params).catch(() => undefined);
    },
    onSuccess: async () => {
      await offeringsChanged();
      props.done();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack>
        <Text size="sm">{t('providers.replace.detail')}</Text>
        <Flaws error={save.error} />
        <PasswordInput
          label={t('providers.secret')}
          description={t('providers.secret.detail')}
          autoComplete="off"
          data-autofocus
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': t('action.reveal') }}
        />
        <div className="wizard-foot">
          <Button variant="default" onClick={props.done}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={!secret.trim()} loading={save.isPending}>
            {t('providers.replace')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
