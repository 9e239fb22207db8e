/** Every request of the time, the newest first; those that come are added while the reader is at the top. */
import { Button, VisuallyHidden } from '@mantine/core';
import { IconActivity, IconArrowUp } from '@tabler/icons-react';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { ask, type Which } from '../../api/queries';
import { useWords } from '../../i18n';
import { arrived } from '../../lib/arrivals';
import { More } from '../../ui/More';
import { Card } from '../../ui/parts';
import { Empty, Rows, Shown } from '../../ui/states';
import { Entries } from './Entries';

const LIVE_PAGES = 2;

export function Requests(props: { which: Which; at?: '/usage' | '/traffic' }): ReactNode {
  const { t } = useWords();
  const { which } = props;
  const queries = useQueryClient();
  const asked = ask.entries(which);
  const entries = useInfiniteQuery(asked);
  const pages = entries.data?.pages ?? [];
  const items = pages.flatMap((page) => page.items);
  const long = pages.length > LIVE_PAGES;
  // A long list is not renewed while it is read; whether something came is asked apart.
  const head = useInfiniteQuery({ ...ask.entries(which, 1), enabled: long });
  const top = useRef<HTMLDivElement>(null);
  const [away, setAway] = useState(false);
  const [held, setHeld] = useState<string>();
  const newest = items[0]?.id;
  const [came, setCame] = useState({ newest: undefined as string | undefined, which, count: 0 });

  useEffect(() => {
    const element = top.current;
    if (!element) return undefined;
    // All that is below counts as seen: it is away only once it was scrolled past.
    const watch = new IntersectionObserver((seen) => setAway(seen.at(-1)?.isIntersecting === false), {
      rootMargin: '0px 0px 1000000px 0px',
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    if (!away) setHeld(newest);
  }, [away, newest]);
  if (newest !== came.newest || which !== came.which) {
    const before = which === came.which ? items.findIndex((each) => each.id === came.newest) : 0;
    setCame({ newest, which, count: Math.max(0, before) });
  }

  const { waiting, shown } = arrived(items, away ? held : undefined);
  const missed = long && newest !== undefined && (head.data?.pages[0]?.items[0]?.id ?? newest) !== newest;
  const renew = (): void => {
    top.current?.scrollIntoView({ block: 'center' });
    setHeld(newest);
    if (missed) void queries.resetQueries({ queryKey: asked.queryKey });
  };
  return (
    <Card title={t('usage.all')}>
      <div ref={top} className="top-mark" />
      <VisuallyHidden>
        <output aria-live="polite">{came.count > 0 ? t('usage.came', { count: came.count }) : ''}</output>
      </VisuallyHidden>
      {(waiting > 0 || missed) && (
        <div className="waiting">
          <Button size="compact-sm" radius="xl" leftSection={<IconArrowUp size={13} />} onClick={renew}>
            {missed ? t('usage.came.some') : t('usage.came', { count: waiting })}
          </Button>
        </div>
      )}
      <Shown query={entries} waiting={<Rows count={8} />}>
        {() =>
          shown.length === 0 ? (
            <Empty icon={<IconActivity size={20} />} title={t('usage.none')} />
          ) : (
            <div className={entries.isPlaceholderData ? 'stale' : undefined}>
              <Entries
                items={shown}
                label={t('usage.all')}
                full
                at={props.at}
                fresh={away ? 0 : came.count}
              />
            </div>
          )
        }
      </Shown>
      <More of={entries} />
    </Card>
  );
}
