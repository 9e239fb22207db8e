/** Checks the log, and says what came of it. */
import { Alert, Button, Text } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { auditing } from '../../api/auditing';
import { useWords } from '../../i18n';
import { Flaws } from '../../ui/states';

export function Verdict(): ReactNode {
  const { t } = useWords();
  const check = useMutation({ mutationFn: auditing.verdict });
  const found = check.data;
  return (
    <div className="actcheck">
      <Button
        variant="default"
        leftSection={<IconShieldCheck size={15} />}
        loading={check.isPending}
        onClick={() => check.mutate()}
      >
        {t('audit.verify')}
      </Button>
      <div role="status">
        {found?.whole && (
          <Text size="sm">{t('audit.whole', { count: found.entries, anchors: found.anchors })}</Text>
        )}
        {found && !found.whole && (
          <Alert color="red" icon={<IconAlertTriangle size={16} />} title={t('audit.broken')}>
            {t(`audit.fault.${found.fault ?? 'unreadable'}`, { number: found.sequence ?? 0 })}
          </Alert>
        )}
      </div>
      <Flaws error={check.error} />
    </div>
  );
}
