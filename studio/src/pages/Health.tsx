/** How providers do: whether calls go there, what failed, how long answers took. */
import './usage/usage.css';
import './health/health.css';
import { Drawer, SegmentedControl } from '@mantine/core';
import { IconHeartbeat } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ask } from '../api/queries';
import { useWords } from '../i18n';
import { HOURS, hoursOf, SPANS } from '../lib/standing';
import { type HealthSearch, health } from '../router';
import { Card, Page } from '../ui/parts';
import { Empty, Rows, Shown } from '../ui/states';
import { Host } from './health/Host';
import { Offering } from './health/Offering';

export function Health(): ReactNode {
  const { t } = useWords();
  const search = health.useSearch();
  const navigate = useNavigate({ from: '/health' });
  const go = (part: HealthSearch): void =>
    void navigate({ search: (old) => ({ ...old, ...part }), resetScroll: false });
  const span = hoursOf(search.span);
  const found = useQuery(ask.standing(HOURS[span]));
  const opened = found.data?.hosts
    .flatMap((host) => host.offerings)
    .find((each) => each.offering === search.offering);
  return (
    <Page
      title={t('nav.health')}
      lead={t('health.lead')}
      actions={
        <SegmentedControl
          aria-label={t('usage.span')}
          value={span}
          onChange={(value) => go({ span: value })}
          data={SPANS.map((value) => ({ value, label: t(`usage.span.${value}`) }))}
        />
      }
    >
      <Shown query={found} waiting={<Rows count={6} />}>
        {(is) =>
          is.hosts.length === 0 ? (
            <Card>
              <Empty icon={<IconHeartbeat size={20} />} title={t('health.none')}>
                {t('health.none.why')}
              </Empty>
            </Card>
          ) : (
            <div className="usage">
              {!is.measured && <p className="unmeasured">{t('health.unmeasured')}</p>}
              {is.hosts.map((host) => (
                <Host
                  key={host.host}
                  is={host}
                  since={is.since}
                  span={span}
                  open={(offering) => go({ offering })}
                />
              ))}
            </div>
          )
        }
      </Shown>
      <Drawer
        opened={opened !== undefined}
        onClose={() => go({ offering: undefined })}
        position="right"
        size={560}
        title={t('health.offering')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
        overlayProps={{ backgroundOpacity: 0.25 }}
      >
        {opened && <Offering is={opened} />}
      </Drawer>
    </Page>
  );
}
