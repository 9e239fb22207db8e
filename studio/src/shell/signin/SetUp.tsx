/** The first start: whoever came by its link makes the owner's account. */
import { Button, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { enter } from '../../api/signing';
import { useWords } from '../../i18n';
import { Front } from './Front';
import { isChosen, NewPassword, UNCHOSEN } from './NewPassword';
import { Refusal, useWait } from './Refusal';
import { entered } from './SignIn';

export function SetUp(): ReactNode {
  const { t } = useWords();
  const [name, setName] = useState('');
  const [login, setLogin] = useState('');
  const [chosen, choose] = useState(UNCHOSEN);
  const make = useMutation({
    mutationFn: () => enter('setup', { name: name.trim(), login, password: chosen.password }),
    onSuccess: entered,
  });
  const wait = useWait(make.error);
  return (
    <Front title={t('setup.title')} lead={t('setup.lead')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Stack gap="sm">
          <Refusal error={make.error} wait={wait} />
          <TextInput
            name="name"
            label={t('setup.name')}
            autoComplete="name"
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            name="login"
            label={t('signin.login')}
            description={t('setup.login.detail')}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            minLength={2}
            maxLength={100}
            value={login}
            onChange={(event) => setLogin(event.currentTarget.value)}
          />
          <NewPassword
            label={t('signin.password')}
            own={[login, ...name.split(' ')]}
            chosen={chosen}
            change={choose}
          />
          <Button type="submit" mt={4} loading={make.isPending} disabled={!isChosen(chosen)}>
            {t('setup.submit')}
          </Button>
        </Stack>
      </form>
    </Front>
  );
}
