/** What a real call found, in words, with what to do. */
import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { OutcomeShape } from '../../api/schema';
import { useWords } from '../../i18n';

const SHOWN = 6;

export function Outcome(props: { outcome: OutcomeShape; name?: string; close?: () => void }): ReactNode {
  const { t, f } = useWords();
  const { outcome } = props;
  const models = outcome.models ?? [];
  const verdict = outcome.ok ? t('providers.works') : t('providers.fails');
  return (
    <Alert
      role="status"
      variant="default"
      className="outcome"
      data-ok={outcome.ok || undefined}
      icon={outcome.ok ? <IconCheck size={16} /> : <IconAlertTriangle size={16} />}
      title={props.name ? `${props.name}: ${verdict}` : verdict}
      withCloseButton={props.close !== undefined}
      onClose={props.close}
      closeButtonLabel={t('action.close')}
    >
      <Text size="sm">{outcome.sentence}</Text>
      {outcome.ok && models.length > 0 && (
        <Text size="sm" mt={4} className="breakable">
          {models.slice(0, SHOWN).join(', ')}
          {models.length > SHOWN && ` ${t('providers.found.more', { count: models.length - SHOWN })}`}
        </Text>
      )}
      <Text size="xs" mt={6} className="outcome-facts breakable">
        {[
          t('providers.took', { time: f.ms(outcome.seconds * 1000) }),
          outcome.status !== null && `HTTP ${outcome.status}`,
          outcome.url,
        ]
          .filter(Boolean)
          .join(' · ')}
      </Text>
      {!outcome.ok && outcome.detail && !outcome.sentence.includes(outcome.detail) && (
        <details className="outcome-detail">
          <summary>{t('providers.said')}</summary>
          <code className="mono breakable">{outcome.detail}</code>
        </details>
      )}
    </Alert>
  );
}
