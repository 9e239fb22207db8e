/** One's own account: the name others see, the password, the sessions. */
import { Alert, Avatar, Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconInfoCircle } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { at, client, dataOf } from '../../api/client';
import { renew } from '../../api/people';
import { ask, queries } from '../../api/queries';
import type { MeShape } from '../../api/schema';
import { enter } from '../../api/signing';
import { useWords } from '../../i18n';
import { colorOf, initials } from '../../lib/person';
import { isChosen, NewPassword, UNCHOSEN } from '../../shell/signin/NewPassword';
import { clock, Refusal, useWait } from '../../shell/signin/Refusal';
import { Card } from '../../ui/parts';
import { Sure } from '../../ui/Sure';
import { Flaws, Shown } from '../../ui/states';
import { Setting } from './Setting';

export function Account(): ReactNode {
  const { t } = useWords();
  const me = useQuery(ask.me());
  return (
    <Shown query={me}>
      {(who) =>
        who.account ? (
          <Stack gap={20}>
            <Who me={who} />
            <Password me={who} />
            <Sessions />
          </Stack>
        ) : (
          <Alert color="gray" icon={<IconInfoCircle size={16} />} title={who.name}>
            {t(`settings.by.${who.signed_in_by}`)}
          </Alert>
        )
      }
    </Shown>
  );
}

function Who(props: { me: MeShape }): ReactNode {
  const { t } = useWords();
  const { me } = props;
  const [name, setName] = useState(me.name);
  const save = useMutation({
    mutationFn: () => dataOf(client.PATCH('/api/v1/me', { body: { name: name.trim() } })),
    onSuccess: () => renew('me', 'accounts'),
  });
  return (
    <Card title={t('settings.account')} padded>
      <Stack gap="md">
        <Group gap="md" wrap="nowrap">
          <Avatar size={44} color={colorOf(me.login)} aria-hidden>
            {initials(me.name)}
          </Avatar>
          <div>
            <Text fw={600}>{me.name}</Text>
            <Text size="sm" c="dimmed">
              {me.login}
              {me.role && ` · ${t(`role.${me.role}`)}`}
            </Text>
          </div>
        </Group>
        <form
          className="oneline"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <Flaws error={save.error} />
          <TextInput
            label={t('settings.name')}
            description={t('settings.name.detail')}
            required
            maxLength={100}
            autoComplete="name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button
            type="submit"
            variant="default"
            loading={save.isPending}
            disabled={!name.trim() || name.trim() === me.name}
          >
            {t('members.save')}
          </Button>
        </form>
      </Stack>
    </Card>
  );
}

function Password(props: { me: MeShape }): ReactNode {
  const { t } = useWords();
  const { me } = props;
  const [current, setCurrent] = useState('');
  const [chosen, choose] = useState(UNCHOSEN);
  const save = useMutation({
    mutationFn: () =>
      enter('me/password', { password: chosen.password, ...(me.needs_password ? {} : { current }) }),
    onSuccess: (who) => {
      queries.setQueryData(['me'], who);
      setCurrent('');
      choose(UNCHOSEN);
      notifications.show({ message: t('settings.password.saved') });
    },
  });
  const wait = useWait(save.error);
  return (
    <Card title={t('signin.password')} padded>
      <form
        className="narrowform"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {me.needs_password ? t('settings.password.bylink') : t('settings.password.detail')}
          </Text>
          <Refusal error={save.error} wait={wait} />
          {!me.needs_password && (
            <PasswordInput
              label={t('settings.password.current')}
              autoComplete="current-password"
              required
              maxLength={1000}
              value={current}
              onChange={(event) => setCurrent(event.currentTarget.value)}
              visibilityToggleButtonProps={{ 'aria-label': t('action.reveal') }}
            />
          )}
          <NewPassword
            label={t('password.new')}
            own={[me.login, ...me.name.split(' ')]}
            chosen={chosen}
            change={choose}
          />
          <Button
            type="submit"
            variant="default"
            mt={4}
            loading={save.isPending}
            disabled={wait > 0 || !isChosen(chosen) || (!me.needs_password && !current)}
          >
            {wait > 0 ? t('signin.wait', { time: clock(wait) }) : t('password.save')}
          </Button>
        </Stack>
      </form>
    </Card>
  );
}

function Sessions(): ReactNode {
  const { t } = useWords();
  const [asked, setAsked] = useState(false);
  const end = useMutation({
    mutationFn: () => client.POST('/api/v1/me/sign-out-everywhere'),
    onSuccess: () => location.assign(at('')),
  });
  return (
    <Card title={t('settings.sessions')} padded>
      <Setting id="sessions" name={t('settings.everywhere')} detail={t('settings.sessions.detail')}>
        <Button variant="default" onClick={() => setAsked(true)}>
          {t('settings.everywhere')}
        </Button>
      </Setting>
      <Sure
        asked={asked}
        title={t('settings.everywhere')}
        text={t('settings.everywhere.sure')}
        word={t('settings.everywhere')}
        harsh
        error={end.error}
        busy={end.isPending}
        close={() => setAsked(false)}
        go={() => end.mutate()}
      />
    </Card>
  );
}
