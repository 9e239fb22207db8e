/** Light or dark, the language, and in which zone times are told. */
import { SegmentedControl, Text, useMantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { choose, LANGUAGES, useWords } from '../../i18n';
import type { Language } from '../../lib/format';
import { Card } from '../../ui/parts';
import { Setting } from './Setting';

export function Appearance(): ReactNode {
  const { t, f, language } = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Card title={t('settings.appearance')} padded>
      <Setting id="theme" name={t('settings.theme')} detail={t('settings.theme.detail')}>
        <SegmentedControl
          aria-labelledby="theme"
          value={colorScheme}
          onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}
          data={(['light', 'dark', 'auto'] as const).map((each) => ({
            value: each,
            label: t(`settings.theme.${each}`),
          }))}
        />
      </Setting>
      <Setting id="language" name={t('settings.language')} detail={t('settings.language.detail')}>
        <SegmentedControl
          aria-labelledby="language"
          value={language}
          onChange={(value) => choose(value as Language)}
          data={(Object.keys(LANGUAGES) as Language[]).map((each) => ({
            value: each,
            label: <span lang={each}>{LANGUAGES[each]}</span>,
          }))}
        />
      </Setting>
      <Setting id="zone" name={t('settings.zone')} detail={t('settings.zone.detail')}>
        <div>
          <Text size="sm" fw={500}>
            {zone}
          </Text>
          <Text size="sm" c="dimmed" className="num">
            {t('settings.zone.now', { time: f.dateTime(new Date()) })}
          </Text>
        </div>
      </Setting>
    </Card>
  );
}
