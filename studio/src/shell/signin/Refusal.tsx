/** Why somebody was not let in; after too many attempts, how long to wait. */
import { Alert } from '@mantine/core';
import { IconAlertTriangle, IconHourglass } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Throttled } from '../../api/signing';
import { useWords } from '../../i18n';
import { useReason } from '../../ui/states';

/** Seconds until that moment, counted down. */
export function useWait(error: unknown): number {
  const until = error instanceof Throttled ? error.until : 0;
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (until <= Date.now()) return;
    setNow(Date.now());
    const ticking = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(ticking);
  }, [until]);
  return Math.max(0, Math.ceil((until - now) / 1000));
}

export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export function Refusal(props: { error: unknown; wait: number }): ReactNode {
  const { t } = useWords();
  const { title, detail } = useReason()(props.error);
  if (!props.error) return null;
  if (props.error instanceof Throttled) {
    if (props.wait === 0) return null;
    return (
      <Alert color="orange" icon={<IconHourglass size={16} />} title={t('signin.throttled')} role="alert">
        {t('signin.throttled.detail')}{' '}
        <b className="num" role="timer">
          {clock(props.wait)}
        </b>
      </Alert>
    );
  }
  return (
    <Alert color="red" icon={<IconAlertTriangle size={16} />} title={title} role="alert">
      {detail}
    </Alert>
  );
}
