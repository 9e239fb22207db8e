/** Another secret in place of the one that is kept. */
import { Button, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { askCatalogue, offeringsChanged } from '../../api/catalogue';
import { client, dataOf } from '../../api/client';
import { useWords } from '../../i18n';
import { Flaws } from '../../ui/states';
import { Credentials } from './Credentials';

export function Renewing(props: { name: string; host: string; done: () => void }): ReactNode {
  const { t } = useWords();
  const [secret, setSecret] = useState('');
  const hosts = useQuery(askCatalogue.hosts());
  const forms = hosts.data?.items.find((each) => each.name === props.host)?.credentials ?? [];
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
        <Credentials forms={forms} focus change={setSecret} />
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
