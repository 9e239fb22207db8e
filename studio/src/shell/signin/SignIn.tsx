/** For whoever is not known yet. After signing in, the page that was asked for is shown. */
import { Accordion, Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { queries } from '../../api/queries';
import type { MeShape } from '../../api/schema';
import { doors, enter } from '../../api/signing';
import { useWords } from '../../i18n';
import { Code } from '../../ui/parts';
import { Front } from './Front';
import { Password } from './Password';
import { clock, Refusal, useWait } from './Refusal';

/** Somebody else may have been here before: nothing that he was shown is kept. */
export function entered(me: MeShape): void {
  queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'me' });
  queries.setQueryData(['me'], me);
}

export function SignIn(): ReactNode {
  const { t } = useWords();
  const open = useQuery({ queryKey: ['doors'], queryFn: doors });
  if (open.data?.set_up === false) {
    return (
      <Front title={t('signin.first')} lead={t('signin.first.detail')}>
        <Command />
        {open.data.admin_token && <Token />}
      </Front>
    );
  }
  return (
    <Front title={t('signin.title')}>
      <Password entered={entered} />
      <Accordion variant="default" classNames={{ control: 'flush', content: 'flush', item: 'flush' }}>
        <Accordion.Item value="other">
          <Accordion.Control>
            <Text size="sm">{t('signin.other')}</Text>
          </Accordion.Control>
          <Accordion.Panel>
            <Stack gap="md">
              <Text size="sm" c="dimmed">
                {t('signin.forgotten')}
              </Text>
              <Text size="sm" c="dimmed">
                {t('signin.link')}
              </Text>
              <Command />
              {open.data?.admin_token && <Token />}
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Front>
  );
}

export function Command(): ReactNode {
  const { t } = useWords();
  return <Code text="counterpoint sign-in" label={t('signin.command')} />;
}

function Token(): ReactNode {
  const { t } = useWords();
  const [token, setToken] = useState('');
  const knock = useMutation({ mutationFn: () => enter('session/token', { token }), onSuccess: entered });
  const wait = useWait(knock.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        knock.mutate();
      }}
    >
      <Stack gap="sm">
        <Refusal error={knock.error} wait={wait} />
        <PasswordInput
          name="admin_token"
          label={t('signin.token')}
          description={t('signin.token.detail')}
          autoComplete="off"
          required
          maxLength={1000}
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': t('action.reveal') }}
        />
        <Button type="submit" variant="default" loading={knock.isPending} disabled={wait > 0}>
          {wait > 0 ? t('signin.wait', { time: clock(wait) }) : t('signin.token.submit')}
        </Button>
      </Stack>
    </form>
  );
}
