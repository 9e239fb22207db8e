/** Who one is, in the corner: the look of the pages, one's settings, the way out. */
import { Avatar, Menu, Text, UnstyledButton, useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import { IconLogout, IconSelector, IconSettings } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { at } from '../api/client';
import type { MeShape } from '../api/schema';
import { choose, LANGUAGES, useWords } from '../i18n';
import type { Language } from '../lib/format';
import { colorOf, initials } from '../lib/person';

export async function signOut(): Promise<void> {
  await fetch(at('sign-out'), { method: 'POST', redirect: 'manual' });
  location.assign(at(''));
}

export function Account(props: { me: MeShape }): ReactNode {
  const { t, language } = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { me } = props;
  return (
    <Menu position="top-start" width={226} shadow="md">
      <Menu.Target>
        <UnstyledButton className="nav account" w="100%">
          <VisuallyHidden>{t('shell.account')}</VisuallyHidden>
          <Avatar size={26} color={colorOf(me.login)} aria-hidden>
            {initials(me.name)}
          </Avatar>
          <span className="clip">
            <span className="clip">{me.name}</span>
            {me.role && <small>{t(`role.${me.role}`)}</small>}
          </span>
          <IconSelector size={15} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text span size="xs" truncate display="block">
            {me.login || me.name}
          </Text>
        </Menu.Label>
        <Menu.Item
          leftSection={<IconSettings size={15} />}
          renderRoot={(rest) => <Link to="/settings/$section" params={{ section: 'account' }} {...rest} />}
        >
          {t('shell.myaccount')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label id="account-theme">{t('settings.theme')}</Menu.Label>
        {/* biome-ignore lint/a11y/useSemanticElements: a menu may hold groups, not fieldsets (ARIA) */}
        <div role="group" aria-labelledby="account-theme">
          <Menu.RadioGroup
            value={colorScheme}
            onChange={(scheme) => setColorScheme(scheme as 'light' | 'dark' | 'auto')}
          >
            {(['light', 'dark', 'auto'] as const).map((scheme) => (
              <Menu.RadioItem key={scheme} value={scheme} closeMenuOnClick={false}>
                {t(`settings.theme.${scheme}`)}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
        </div>
        <Menu.Divider />
        <Menu.Label id="account-language">{t('settings.language')}</Menu.Label>
        {/* biome-ignore lint/a11y/useSemanticElements: a menu may hold groups, not fieldsets (ARIA) */}
        <div role="group" aria-labelledby="account-language">
          <Menu.RadioGroup value={language} onChange={(chosen) => choose(chosen as Language)}>
            {(Object.keys(LANGUAGES) as Language[]).map((each) => (
              <Menu.RadioItem key={each} value={each} lang={each}>
                {LANGUAGES[each]}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={() => void signOut()}>
          {t('shell.signout')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
