/** Keeps what the page shows true: one line to the platform, and a word when it is cut or the studio is replaced. */
import { Button, Loader } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { trouble } from '../api/client';
import { isOutdated } from '../api/fresh';
import { listen } from '../api/live';
import { useWords } from '../i18n';
import type { Standing } from '../lib/live';
import './live.css';

export interface Live {
  standing: Standing;
  outdated: boolean;
}

/** `wanted`: somebody is signed in, or it cannot be told because the platform is away. */
export function useLive(wanted: boolean): Live {
  const queries = useQueryClient();
  const router = useRouter();
  const [standing, setStanding] = useState<Standing>('waiting');
  const [outdated, setOutdated] = useState(false);
  useEffect(() => {
    if (!wanted) return;
    return listen(queries, {
      stands: setStanding,
      back: (lost) => {
        void isOutdated().then((answer) => setOutdated(answer === true));
        if (!lost) return;
        trouble.dispatchEvent(new Event('back'));
        void router.invalidate();
      },
    });
  }, [wanted, queries, router]);
  useEffect(() => {
    const unknown = (): void => {
      const me = queries.getQueryState(['me']);
      if (me?.status === 'success' && me.fetchStatus === 'idle') {
        void queries.invalidateQueries({ queryKey: ['me'] });
      }
    };
    trouble.addEventListener('unknown', unknown);
    return () => trouble.removeEventListener('unknown', unknown);
  }, [queries]);
  return { standing, outdated };
}

/** Over the page, so that nothing moves when it comes and goes. Always there, so that it is read out when it speaks. */
export function Word(props: Live): ReactNode {
  const { t } = useWords();
  const lost = props.standing === 'lost';
  return (
    <div className="word" role="status" data-shown={lost || props.outdated || undefined}>
      {lost ? (
        <>
          <Loader size={14} color="gray" aria-hidden />
          <span>
            <b>{t('shell.lost')}</b> {t('shell.lost.detail')}
          </span>
        </>
      ) : props.outdated ? (
        <>
          <span>{t('shell.outdated')}</span>
          <Button size="compact-sm" leftSection={<IconRefresh size={14} />} onClick={() => location.reload()}>
            {t('shell.reload')}
          </Button>
        </>
      ) : null}
    </div>
  );
}
