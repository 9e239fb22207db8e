/** What a provider is, for whoever has none, and the shortest ways to one. */
import { Button, Text, Title } from '@mantine/core';
import { IconKey, IconPlug, IconRoute, IconServer } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { askCatalogue } from '../../api/catalogue';
import type { HostShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { found } from '../../lib/provider';
import { Grid } from './Choosing';

const COMMON = 10;

export function Teaching(props: { choose: ((host: string) => void) | undefined }): ReactNode {
  const { t } = useWords();
  const hosts = useQuery({ ...askCatalogue.hosts(), enabled: props.choose !== undefined });
  const items = hosts.data?.items ?? [];
  const common = (found(items, '') as HostShape[]).filter((host) => host.kind !== 'local').slice(0, COMMON);
  const own = items.find((host) => host.kind === 'custom');
  const points = [
    { icon: IconPlug, title: t('providers.teach.what'), text: t('providers.teach.what.detail') },
    { icon: IconKey, title: t('providers.teach.key'), text: t('providers.teach.key.detail') },
    { icon: IconRoute, title: t('providers.teach.call'), text: t('providers.teach.call.detail') },
  ];
  return (
    <section className="card teaching" aria-label={t('providers.none')}>
      <div className="teaching-head">
        <Title order={2}>{t('providers.none')}</Title>
        <Text size="sm" c="dimmed">
          {t('providers.none.detail')}
        </Text>
      </div>
      <div className="teaching-points">
        {points.map(({ icon: Icon, title, text }) => (
          <div key={title}>
            <Icon size={18} stroke={1.6} aria-hidden />
            <Text size="sm" fw={600}>
              {title}
            </Text>
            <Text size="sm" c="dimmed">
              {text}
            </Text>
          </div>
        ))}
      </div>
      {props.choose && common.length > 0 && (
        <>
          <Title order={3}>{t('providers.common')}</Title>
          <Grid hosts={common} choose={props.choose} />
          <div className="row">
            <Button variant="default" onClick={() => props.choose?.('')}>
              {t('providers.other')}
            </Button>
            {own && (
              <Button
                variant="default"
                leftSection={<IconServer size={16} />}
                onClick={() => props.choose?.(own.name)}
              >
                {t('providers.own')}
              </Button>
            )}
          </div>
        </>
      )}
    </section>
  );
}
