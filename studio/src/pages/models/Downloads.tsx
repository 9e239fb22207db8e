/** Downloads go on in the platform: a reload finds them as they are. They can be stopped, and tried again. */
import { Button, Progress, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { client, dataOf } from '../../api/client';
import { ask, queries } from '../../api/queries';
import { useMay } from '../../api/rights';
import type { JobShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { latest } from '../../lib/room';
import { Card, State } from '../../ui/parts';
import { Flaws } from '../../ui/states';
import { usePull } from './pull';

export function Downloads(): ReactNode {
  const { t } = useWords();
  const jobs = useQuery(ask.jobs());
  const items = latest(jobs.data?.items ?? []);
  if (items.length === 0) return null;
  return (
    <Card title={t('models.jobs')}>
      {items.map((job) => (
        <Download key={job.id} job={job} />
      ))}
    </Card>
  );
}

function Download(props: { job: JobShape }): ReactNode {
  const { t, f } = useWords();
  const may = useMay();
  const { job } = props;
  const running = job.state === 'running';
  const stopping = job.phase === 'stop';
  const share = job.total ? Math.floor((job.done / job.total) * 100) : null;
  const pull = usePull();
  const cancel = useMutation({
    mutationFn: () =>
      dataOf(client.POST('/api/v1/jobs/{job_id}/cancel', { params: { path: { job_id: job.id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
  });
  const phase = (['download', 'copy', 'verify', 'extract', 'stop'] as const).find(
    (each) => each === job.phase,
  );
  const figures = [
    job.total === null
      ? f.bytes(job.done)
      : t('models.job.of', { done: f.bytes(job.done), total: f.bytes(job.total) }),
    job.bytes_per_second !== null && t('models.job.speed', { speed: f.bytes(job.bytes_per_second) }),
    job.seconds_left !== null && t('models.job.left', { left: f.seconds(job.seconds_left) }),
  ].filter(Boolean);
  return (
    <div className="download">
      <div className="download-head">
        <Text size="sm" fw={500} className="breakable">
          {job.subject}
        </Text>
        {running ? (
          <span className="sub num">
            {phase === undefined
              ? t('models.job.resolve')
              : [t(`models.job.${phase}`), ...(stopping ? [] : figures)].join(' · ')}
          </span>
        ) : (
          <State tone={job.state === 'done' ? 'good' : job.state === 'failed' ? 'bad' : 'none'}>
            {job.state === 'done'
              ? t('models.job.done', { when: f.ago(job.ended_at ?? job.started_at) })
              : t(job.state === 'failed' ? 'models.job.failed' : 'models.job.cancelled')}
          </State>
        )}
        {may('models.write') && running && (
          <Button
            size="compact-sm"
            variant="default"
            disabled={stopping}
            loading={cancel.isPending}
            onClick={() => cancel.mutate()}
            aria-label={`${t('action.cancel')}: ${job.subject}`}
          >
            {t('action.cancel')}
          </Button>
        )}
        {may('models.write') && (job.state === 'failed' || job.state === 'cancelled') && (
          <Button
            size="compact-sm"
            variant="default"
            loading={pull.isPending}
            onClick={() => pull.mutate(job.subject)}
            aria-label={`${t('action.again')}: ${job.subject}`}
          >
            {t(job.state === 'failed' ? 'action.again' : 'models.job.resume')}
          </Button>
        )}
      </div>
      {running && (
        <Progress value={share ?? 100} animated={share === null} size="sm" aria-label={job.subject} />
      )}
      {job.error && (
        <Text size="sm" className="breakable">
          {job.error}
        </Text>
      )}
      <Flaws error={pull.error ?? cancel.error} />
    </div>
  );
}
