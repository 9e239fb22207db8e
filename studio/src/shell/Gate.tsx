/** A page is only shown to those who may use it; others are told whom to ask, instead of a page full of refusals. */
import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ask } from '../api/queries';
import { useMay } from '../api/rights';
import { useWords } from '../i18n';
import { Page } from '../ui/parts';
import { Empty } from '../ui/states';
import { placeOf } from './places';

export function Gate(): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const place = placeOf(useRouterState({ select: (state) => state.location.pathname }));
  if (!place || may(place.right)) return <Outlet />;
  return <Closed title={t(place.word)} />;
}

export function Closed(props: { title: string }): ReactNode {
  const { t } = useWords();
  const me = useQuery(ask.me());
  return (
    <Page title={props.title}>
      <div className="card">
        <Empty
          icon={<IconLock size={20} />}
          title={t('state.forbidden')}
          action={
            <Button variant="default" mt={6} renderRoot={(rest) => <Link to="/" {...rest} />}>
              {t('nav.home')}
            </Button>
          }
        >
          {me.data?.role ? t('gate.role', { role: t(`role.${me.data.role}`) }) : t('gate.none')}
        </Empty>
      </div>
    </Page>
  );
}
