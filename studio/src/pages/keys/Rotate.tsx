/** A new secret for the same key, with time to change programs over. */
import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { keyring } from '../../api/keyring';
import { renew } from '../../api/people';
import type { KeyShape, NewKeyShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Flaws } from '../../ui/states';

const GRACES = { none: 0, hour: 3600, day: 86_400, week: 604_800, month: 2_592_000 } as const;
type Grace = keyof typeof GRACES;

export function Rotate(props: {
  of: KeyShape;
  close: () => void;
  made: (key: NewKeyShape) => void;
}): ReactNode {
  const { t, f } = useWords();
  const [grace, setGrace] = useState<Grace>('day');
  const rotate = useMutation({
    mutationFn: () => keyring.rotate(props.of, GRACES[grace]),
    onSuccess: async (key) => {
      await renew('keys');
      props.made(key);
    },
  });
  const until = new Date(Date.now() + GRACES[grace] * 1000);
  return (
    <Stack gap="md">
      <Flaws error={rotate.error} />
      <Text size="sm">{t('keys.rotate.why')}</Text>
      <Select
        label={t('keys.grace')}
        allowDeselect={false}
        data={(Object.keys(GRACES) as Grace[]).map((each) => ({
          value: each,
          label: t(`keys.grace.${each}`),
        }))}
        value={grace}
        onChange={(value) => setGrace((value as Grace | null) ?? 'day')}
      />
      <Text size="sm" c="dimmed">
        {grace === 'none' ? t('keys.grace.ends') : t('keys.grace.until', { time: f.dateTime(until) })}
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={props.close}>
          {t('action.cancel')}
        </Button>
        <Button loading={rotate.isPending} onClick={() => rotate.mutate()}>
          {t('keys.act.rotate')}
        </Button>
      </Group>
    </Stack>
  );
}
