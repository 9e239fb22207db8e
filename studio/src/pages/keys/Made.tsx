/** A key's secret, shown this once, and ready ways to use it. */
import { Alert, Button, Stack, Tabs, Text } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ask } from '../../api/queries';
import { useMay } from '../../api/rights';
import type { NewKeyShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { allowed, SNIPPETS, snippet } from '../../lib/keys';
import { Code } from '../../ui/parts';

export function Made(props: { made: NewKeyShape; close: () => void }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const status = useQuery(ask.status());
  const local = useQuery(ask.localModels());
  const known = useQuery({ ...ask.gatewayModels(), enabled: may('playground.use') });
  const { key, secret } = props.made;
  const all = allowed(key.models, known.data ?? []);
  const embeds = new Set(
    (local.data?.items ?? []).filter((each) => each.kind === 'embed').map((each) => `local/${each.name}`),
  );
  const model = all.find((each) => !embeds.has(each)) ?? all[0] ?? 'MODEL';
  return (
    <Stack gap="md">
      <Alert color="voice" icon={<IconEyeOff size={16} />}>
        {t('keys.once')}
      </Alert>
      <Code text={secret} label={t('keys.made')} />
      <div>
        <Text size="sm" fw={500} mb={6}>
          {t('keys.try')}
        </Text>
        <Tabs defaultValue="env" keepMounted={false}>
          <Tabs.List mb="sm">
            {SNIPPETS.map((each) => (
              <Tabs.Tab key={each} value={each}>
                {t(`keys.snippet.${each}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {SNIPPETS.map((each) => (
            <Tabs.Panel key={each} value={each}>
              <Code
                text={snippet(each, status.data?.gateway ?? '', secret, model)}
                label={t(`keys.snippet.${each}`)}
                max={260}
              />
            </Tabs.Panel>
          ))}
        </Tabs>
      </div>
      <Button onClick={props.close}>{t('action.done')}</Button>
    </Stack>
  );
}
