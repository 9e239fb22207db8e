/** The form that signs in by login and password; it never says which of the two was wrong. */
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import type { MeShape } from '../../api/schema';
import { enter } from '../../api/signing';
import { useWords } from '../../i18n';
import { clock, Refusal, useWait } from './Refusal';

export function Password(props: { login?: string; entered: (me: MeShape) => void }): ReactNode {
  const { t } = useWords();
  const [login, setLogin] = useState(props.login ?? '');
  const [password, setPassword] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const knock = useMutation({
    mutationFn: () => enter('session', { login, password }),
    onSuccess: props.entered,
    onError: () => {
      setPassword('');
      field.current?.focus();
    },
  });
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
        <TextInput
          name="login"
          label={t('signin.login')}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          maxLength={200}
          data-autofocus={props.login ? undefined : true}
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
        <PasswordInput
          ref={field}
          name="password"
          label={t('signin.password')}
          autoComplete="current-password"
          required
          maxLength={1000}
          data-autofocus={props.login ? true : undefined}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': t('action.reveal') }}
        />
        <Button type="submit" mt={4} loading={knock.isPending} disabled={wait > 0}>
          {wait > 0 ? t('signin.wait', { time: clock(wait) }) : t('signin.submit')}
        </Button>
      </Stack>
    </form>
  );
}
