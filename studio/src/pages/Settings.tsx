/** How the pages look to the reader, who the reader is, and how the platform is. */
import { Badge, SegmentedControl, Stack, Table, Text, useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ask } from '../api/queries';
import { choose, LANGUAGES, useWords } from '../i18n';
import type { Language } from '../lib/format';
import { Card, Facts, Page, Scroll } from '../ui/parts';
import { Shown } from '../ui/states';

export function Settings(): ReactNode {
  const { t, f, language } = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const me = useQuery(ask.me());
  const status = useQuery(ask.status());
  const rules = useQuery(ask.rules());
  return (
    <Page title={t('nav.settings')} lead={t('settings.lead')}>
      <div className="split">
        <Stack gap={20} miw={0}>
          <Card title={t('settings.appearance')} padded>
            <Stack gap="md" align="flex-start">
              <div>
                <Text size="sm" fw={500} mb={6} id="theme">
                  {t('settings.theme')}
                </Text>
                <SegmentedControl
                  aria-labelledby="theme"
                  value={colorScheme}
                  onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}
                  data={(['light', 'dark', 'auto'] as const).map((each) => ({
                    value: each,
                    label: t(`settings.theme.${each}`),
                  }))}
                />
              </div>
              <div>
                <Text size="sm" fw={500} mb={6} id="language">
                  {t('settings.language')}
                </Text>
                <SegmentedControl
                  aria-labelledby="language"
                  value={language}
                  onChange={(value) => choose(value as Language)}
                  data={(Object.keys(LANGUAGES) as Language[]).map((each) => ({
                    value: each,
                    label: LANGUAGES[each],
                  }))}
                />
              </div>
              <Text size="xs" c="dimmed">
                {t('settings.zone', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}
              </Text>
            </Stack>
          </Card>
          <Card title={t('settings.rules')}>
            <Shown query={rules}>
              {({ aliases, prefer }) => (
                <>
                  <Text size="sm" c="dimmed" p="md" pb={aliases.length ? 4 : 'md'}>
                    {aliases.length ? t('settings.rules.detail') : t('settings.rules.none')}
                  </Text>
                  {aliases.length > 0 && (
                    <Scroll label={t('settings.rules')}>
                      <Table>
                        <Table.Thead>
                          <Table.Tr>
                            <Table.Th>{t('settings.alias')}</Table.Th>
                            <Table.Th>{t('settings.target')}</Table.Th>
                          </Table.Tr>
                        </Table.Thead>
                        <Table.Tbody>
                          {aliases.map((alias) => (
                            <Table.Tr key={alias.pattern}>
                              <Table.Td className="mono">{alias.pattern}</Table.Td>
                              <Table.Td className="mono">{alias.target}</Table.Td>
                            </Table.Tr>
                          ))}
                        </Table.Tbody>
                      </Table>
                    </Scroll>
                  )}
                  {prefer.length > 0 && (
                    <Text size="sm" p="md">
                      {t('settings.prefer')}: {prefer.join(', ')}
                    </Text>
                  )}
                </>
              )}
            </Shown>
          </Card>
        </Stack>
        <Stack gap={20} miw={0}>
          <Card title={t('settings.platform')} padded>
            <Shown query={status}>
              {(is) => (
                <Facts
                  of={[
                    [t('settings.version'), is.version],
                    [t('settings.started'), f.dateTime(is.started_at)],
                    [
                      t('settings.gateway'),
                      <span key="gateway" className="mono">
                        {is.gateway}
                      </span>,
                    ],
                    [
                      t('settings.workers'),
                      t('settings.workers.value', {
                        listening: (is.workers ?? []).filter((each) => each.state === 'listening').length,
                        all: (is.workers ?? []).length,
                      }),
                    ],
                    [
                      t('settings.ledger'),
                      t('settings.ledger.value', {
                        count: is.ledger.shipped,
                        waiting: f.bytes(is.ledger.pending_bytes),
                      }),
                    ],
                    [
                      t('settings.components'),
                      Object.entries(is.components ?? {}).map(([name, version]) => (
                        <div key={name}>
                          {name}{' '}
                          <Text span size="xs" c="dimmed" className="num">
                            {version}
                          </Text>
                        </div>
                      )),
                    ],
                  ]}
                />
              )}
            </Shown>
          </Card>
          <Card title={t('settings.me')} padded>
            <Shown query={me}>
              {(who) => (
                <Facts
                  of={[
                    [t('settings.me.name'), who.name],
                    [t('settings.me.by'), t(`settings.by.${who.signed_in_by}`)],
                    [
                      t('settings.rights'),
                      <div key="rights" className="row" style={{ gap: 4 }}>
                        {who.rights.map((right) => (
                          <Badge key={right} color="gray" tt="none" fw={500}>
                            {right}
                          </Badge>
                        ))}
                      </div>,
                    ],
                  ]}
                />
              )}
            </Shown>
          </Card>
        </Stack>
      </div>
    </Page>
  );
}
