/** What runs, what it did and cost today, what needs attention, what to do first. */
import './home/home.css';
import { Anchor, Button, Text } from '@mantine/core';
import { IconMessages } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ask } from '../api/queries';
import { useMay } from '../api/rights';
import { useWords } from '../i18n';
import { clocksAt } from '../lib/zone';
import { Card, Page, State, type Tone } from '../ui/parts';
import { Empty, Rows, Shown } from '../ui/states';
import { Attention } from './home/Attention';
import { Connect } from './home/Connect';
import { Runs } from './home/Runs';
import { left, Steps } from './home/Steps';
import { Today } from './home/Today';
import { Entries } from './usage/Entries';

const TONES = { starting: 'busy', ready: 'good', degraded: 'bad' } as const satisfies Record<string, Tone>;

export function Home(): ReactNode {
  const { t, f } = useWords();
  const may = useMay();
  const home = useQuery(ask.home(clocksAt(new Date())));
  const status = useQuery({ ...ask.status(), enabled: may('status.read') });
  const is = home.data;
  const begun = is !== undefined && left(is.steps) === 0;
  // Nobody has asked anything yet: rows of zeros would only stand in a newcomer's way.
  const used = is?.steps.some((step) => (step.code === 'ask' || step.code === 'call') && step.done) ?? false;
  const sees = may('usage.read');
  return (
    <Page
      title={t('nav.home')}
      lead={
        is && (
          <>
            <State tone={TONES[is.state]}>{t(`home.state.${is.state}`)}</State>{' '}
            {status.data && (
              <Text span size="sm" c="dimmed">
                · {t('home.version', { version: status.data.version, when: f.ago(status.data.started_at) })}
              </Text>
            )}
          </>
        )
      }
      actions={
        may('playground.use') && (
          <Button
            leftSection={<IconMessages size={16} />}
            renderRoot={(rest) => <Link to="/playground" {...rest} />}
          >
            {t('home.ask')}
          </Button>
        )
      }
    >
      <Shown query={home} waiting={<Rows count={6} />} apart>
        {(shown) => (
          <div className="home" data-new={!used || undefined}>
            <Attention concerns={shown.attention} />
            {sees && used && <Today />}
            {!begun && <Steps steps={shown.steps} gateway={shown.gateway} />}
            <div className="homegrid">
              {sees && <Latest />}
              <Runs />
              {begun && (
                <Card title={t('home.connect')}>
                  <Connect gateway={shown.gateway} />
                </Card>
              )}
            </div>
          </div>
        )}
      </Shown>
    </Page>
  );
}

function Latest(): ReactNode {
  const { t } = useWords();
  const entries = useInfiniteQuery(ask.entries({}, 10));
  return (
    <Card
      title={t('home.latest')}
      aside={
        <Anchor size="sm" renderRoot={(rest) => <Link to="/usage" {...rest} />}>
          {t('home.latest.more')}
        </Anchor>
      }
    >
      <Shown query={entries}>
        {({ pages }) => {
          const items = pages[0]?.items ?? [];
          return items.length === 0 ? (
            <Empty icon={<IconMessages size={20} />} title={t('home.latest.none')}>
              {t('home.latest.none.detail')}
            </Empty>
          ) : (
            <Entries items={items} label={t('home.latest')} />
          );
        }}
      </Shown>
    </Card>
  );
}
