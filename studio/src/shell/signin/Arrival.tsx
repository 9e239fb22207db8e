/** For whoever comes by a link: it is only used when the button is pressed, because chats and mails look ahead at links. */
import { Button, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { ApiError } from '../../api/client';
import type { MeShape } from '../../api/schema';
import { doors, enter } from '../../api/signing';
import { useWords } from '../../i18n';
import { Front } from './Front';
import { isChosen, NewPassword, UNCHOSEN } from './NewPassword';
import { clock, Refusal, useWait } from './Refusal';
import { Command, entered, SignIn } from './SignIn';

export function Arrival(): ReactNode {
  const { t } = useWords();
  const go = useNavigate();
  const [token] = useState(() => new URLSearchParams(location.search).get('token') ?? '');
  const [me, setMe] = useState<MeShape | null>(null);
  const done = (who: MeShape): void => {
    entered(who);
    void go({ to: '/', replace: true });
  };
  const use = useMutation({
    mutationFn: () => enter('session/link', { token }),
    onSuccess: (who) => (who.set_up ? setMe(who) : done(who)),
  });
  const wait = useWait(use.error);
  if (me) return <Choosing me={me} done={done} />;
  if (!token) return <SignIn />;
  if (use.error instanceof ApiError && use.error.status === 401) return <Spent />;
  return (
    <Front title={t('arrival.title')} lead={t('arrival.lead')}>
      <Refusal error={use.error} wait={wait} />
      <Button loading={use.isPending} disabled={wait > 0} onClick={() => use.mutate()}>
        {wait > 0 ? t('signin.wait', { time: clock(wait) }) : t('signin.submit')}
      </Button>
    </Front>
  );
}

/** So that the next time needs no link. */
function Choosing(props: { me: MeShape; done: (me: MeShape) => void }): ReactNode {
  const { t } = useWords();
  const [chosen, choose] = useState(UNCHOSEN);
  const save = useMutation({
    mutationFn: () => enter('me/password', { password: chosen.password }),
    onSuccess: props.done,
  });
  return (
    <Front
      title={t('arrival.welcome', { name: props.me.name })}
      lead={t('arrival.choose', { login: props.me.login })}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="sm">
          <Refusal error={save.error} wait={0} />
          <input type="hidden" name="login" autoComplete="username" value={props.me.login} />
          <NewPassword
            label={t('password.new')}
            own={[props.me.login, ...props.me.name.split(' ')]}
            chosen={chosen}
            change={choose}
          />
          <Button type="submit" mt={4} loading={save.isPending} disabled={!isChosen(chosen)}>
            {t('password.save')}
          </Button>
          <Button variant="subtle" onClick={() => props.done(props.me)}>
            {t('arrival.later')}
          </Button>
        </Stack>
      </form>
    </Front>
  );
}

function Spent(): ReactNode {
  const { t } = useWords();
  const go = useNavigate();
  const open = useQuery({ queryKey: ['doors'], queryFn: doors });
  return (
    <Front title={t('spent.title')} lead={t('spent.lead')}>
      <Stack gap="md">
        <Text size="sm">{t('spent.invited')}</Text>
        <div>
          <Text size="sm" mb={8}>
            {t('spent.operator')}
          </Text>
          <Command />
        </div>
        {open.data?.set_up !== false && (
          <Button variant="default" onClick={() => void go({ to: '/', replace: true })}>
            {open.data?.signed_in ? t('spent.home') : t('spent.password')}
          </Button>
        )}
      </Stack>
    </Front>
  );
}
