/** How fresh a source's content is, and beside it how fresh is who may see it: two syncs, neither waits for the other. */
import { Progress } from '@mantine/core';
import type { ReactNode } from 'react';
import type { SourceShape, SyncShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { leftOf, SYNC_TONES, shareDone } from '../../lib/known';
import { State } from '../../ui/parts';

export function Freshness(props: { of: SourceShape }): ReactNode {
  const { t } = useWords();
  const { content, rights, kind } = props.of;
  return (
    <div className="freshness">
      <div>
        <h2>{t('sync.content')}</h2>
        <Standing of={content} uploads={kind === 'upload'} />
        <p className="sub">{useCounts()(content)}</p>
        <Far of={content} name={props.of.name} />
      </div>
      <div>
        <h2>{t('sync.rights')}</h2>
        <Standing of={rights} />
      </div>
    </div>
  );
}

function Standing(props: { of: SyncShape; uploads?: boolean }): ReactNode {
  const { t, f } = useWords();
  const { of: sync, uploads } = props;
  const resting = uploads && (sync.state === 'never' || sync.state === 'done');
  const tone = resting ? 'good' : SYNC_TONES[sync.state];
  return (
    <>
      <State tone={tone}>
        <span title={sync.ok_at ? f.dateTime(sync.ok_at) : undefined}>
          {resting
            ? t('sync.uploads')
            : sync.state === 'done' && sync.ok_at
              ? t('sync.done', { ago: f.ago(sync.ok_at) })
              : t(`sync.${sync.state}`)}
        </span>
      </State>
      {sync.state === 'failed' && (
        <p className="sub danger">
          {sync.error} {sync.ok_at && t('sync.lastgood', { ago: f.ago(sync.ok_at) })}
        </p>
      )}
    </>
  );
}

function useCounts(): (sync: SyncShape) => string {
  const { t } = useWords();
  return ({ found, ready, skipped, failed }) => {
    if (found === 0) return t('sync.nofiles');
    return [
      ready === found ? t('sync.allready', { count: found }) : t('sync.ready', { count: ready, of: found }),
      skipped > 0 && t('sync.skipped', { count: skipped }),
      failed > 0 && t('sync.failures', { count: failed }),
    ]
      .filter(Boolean)
      .join(' · ');
  };
}

/** How far reading is, and about how long it takes yet. */
function Far(props: { of: SyncShape; name: string }): ReactNode {
  const { t, f } = useWords();
  const share = shareDone(props.of);
  if (share === null) return null;
  const { seconds_left: seconds, rate } = props.of;
  const left = seconds === null ? null : leftOf(seconds);
  return (
    <div className="far">
      <Progress value={share * 100} size="sm" animated aria-label={t('sync.far', { name: props.name })} />
      <p className="sub num">
        {[
          f.percent(Math.floor(share * 100) / 100),
          left && t(`sync.left.${left.unit}`, { count: left.count }),
          rate !== null && rate > 0 && t('sync.rate', { count: Math.round(rate) }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </div>
  );
}
