/** For whoever is not known yet. The forms are plain ones: they work the same with every browser and password store. */
import { Accordion, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { at } from '../api/client';
import { useWords } from '../i18n';
import { Code, Mark } from '../ui/parts';

function Front(props: { title: string; lead?: string; children: ReactNode }): ReactNode {
  useEffect(() => {
    document.title = `${props.title} · Counterpoint`;
  }, [props.title]);
  return (
    <main className="center">
      <Paper withBorder radius="lg" p={32} w="100%" maw={420}>
        <Stack gap="lg">
          <div className="brand" style={{ padding: 0 }}>
            <Mark />
            Counterpoint
          </div>
          <div>
            <Title order={1}>{props.title}</Title>
            {props.lead && (
              <Text size="sm" c="dimmed" mt={4}>
                {props.lead}
              </Text>
            )}
          </div>
          {props.children}
        </Stack>
      </Paper>
    </main>
  );
}

export function SignIn(): ReactNode {
  const { t } = useWords();
  const reveal = { 'aria-label': t('action.reveal') };
  return (
    <Front title={t('signin.title')}>
      <form method="post" action={at('sign-in')}>
        <Stack gap="sm">
          <TextInput name="login" label={t('signin.login')} autoComplete="username" required />
          <PasswordInput
            name="password"
            label={t('signin.password')}
            autoComplete="current-password"
            required
            visibilityToggleButtonProps={reveal}
          />
          <Button type="submit" mt={4}>
            {t('signin.submit')}
          </Button>
        </Stack>
      </form>
      <Accordion variant="default" styles={{ control: { paddingInline: 0 }, content: { paddingInline: 0 } }}>
        <Accordion.Item value="other" style={{ borderBottom: 0 }}>
          <Accordion.Control>
            <Text size="sm">{t('signin.other')}</Text>
          </Accordion.Control>
          <Accordion.Panel>
            <Stack gap="md">
              <Text size="sm" c="dimmed">
                {t('signin.link')}
              </Text>
              <Code text="counterpoint sign-in" label={t('signin.command')} />
              <form method="post" action={at('sign-in')}>
                <Stack gap="sm">
                  <PasswordInput
                    name="admin_token"
                    label={t('signin.token')}
                    description={t('signin.token.detail')}
                    autoComplete="off"
                    required
                    visibilityToggleButtonProps={reveal}
                  />
                  <Button type="submit" variant="default">
                    {t('signin.submit')}
                  </Button>
                </Stack>
              </form>
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Front>
  );
}

/** The first start: whoever came by its link makes the owner's account. */
export function SetUp(): ReactNode {
  const { t } = useWords();
  return (
    <Front title={t('setup.title')} lead={t('setup.lead')}>
      <form method="post" action={at('set-up')}>
        <Stack gap="sm">
          <TextInput name="name" label={t('setup.name')} autoComplete="name" required />
          <TextInput name="login" label={t('signin.login')} autoComplete="username" required />
          <PasswordInput
            name="password"
            label={t('signin.password')}
            description={t('setup.password.detail')}
            autoComplete="new-password"
            minLength={12}
            required
            visibilityToggleButtonProps={{ 'aria-label': t('action.reveal') }}
          />
          <Button type="submit" mt={4}>
            {t('setup.submit')}
          </Button>
        </Stack>
      </form>
    </Front>
  );
}
