/** What was wrong with an edit; if somebody else was faster, a way to look at what there is now. */
import { Alert, Button, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { isStale } from '../api/people';
import { useWords } from '../i18n';
import { Flaws } from './states';

export function Meanwhile(props: { error: unknown; again: () => void }): ReactNode {
  const { t } = useWords();
  if (!isStale(props.error)) return <Flaws error={props.error} />;
  return (
    <Alert color="orange" icon={<IconHistory size={16} />} title={t('meanwhile.title')} role="alert">
      <Text size="sm">{t('meanwhile.detail')}</Text>
      <Button size="compact-sm" variant="default" mt={8} onClick={props.again}>
        {t('meanwhile.again')}
      </Button>
    </Alert>
  );
}
