/** What stands where data is not: waiting, nothing yet, not allowed, failed. */
import { Alert, Button, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconLock, IconMap, IconPlugConnectedX } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { ApiError, trouble } from '../api/client';
import { reloadIfThere } from '../api/fresh';
import { useWords } from '../i18n';
import { MissingPart } from '../shell/parts';
import { Card } from './parts';

export function Empty(props: {
  icon: ReactNode;
  title: string;
  /** It is all that the page says. */
  alone?: boolean;
  children?: ReactNode;
  action?: ReactNode;
}): ReactNode {
  useEffect(() => {
    if (props.alone) document.title = `${props.title} · Counterpoint`;
  }, [props.alone, props.title]);
  return (
    <div className="empty">
      <div className="glyph" aria-hidden>
        {props.icon}
      </div>
      <Title order={props.alone ? 1 : 2} size="h2">
        {props.title}
      </Title>
      {props.children && <Text size="sm">{props.children}</Text>}
      {props.action}
    </div>
  );
}

export function Loading(): ReactNode {
  const { t } = useWords();
  return (
    <div className="page" aria-busy="true" aria-label={t('state.loading')} role="status">
      <Skeleton height={28} width={180} />
      <Skeleton height={140} radius="lg" />
      <Skeleton height={280} radius="lg" />
    </div>
  );
}

export function Rows(props: { count?: number }): ReactNode {
  const { t } = useWords();
  return (
    <Stack p="md" gap="sm" aria-busy="true" role="status" aria-label={t('state.loading')}>
      {Array.from({ length: props.count ?? 5 }, (_, row) => `row-${row}`).map((row) => (
        <Skeleton key={row} height={18} />
      ))}
    </Stack>
  );
}

/** A failure in words: the API's own sentence where it gave one. */
export function useReason(): (error: unknown) => { title: string; detail: string } {
  const { t } = useWords();
  return (error) => {
    if (!(error instanceof ApiError)) {
      return { title: t('state.failed'), detail: error instanceof Error ? error.message : String(error) };
    }
    if (error.status === 0) return { title: t('state.unreachable'), detail: t('state.unreachable.detail') };
    return { title: error.problem.title ?? t('state.failed'), detail: error.problem.detail ?? error.message };
  };
}

export function Failure(props: { error: unknown; again?: () => void; alone?: boolean }): ReactNode {
  const { t } = useWords();
  const { title, detail } = useReason()(props.error);
  const status = props.error instanceof ApiError ? props.error.status : undefined;
  const Icon = status === 403 ? IconLock : status === 0 ? IconPlugConnectedX : IconAlertTriangle;
  return (
    <div role="alert">
      <Empty
        icon={<Icon size={20} />}
        alone={props.alone}
        title={status === 403 ? t('state.forbidden') : title}
        action={
          props.again && (
            <Button variant="default" mt={6} onClick={props.again}>
              {t('action.again')}
            </Button>
          )
        }
      >
        {detail}
      </Empty>
    </div>
  );
}

export function Flaws(props: { error: unknown }): ReactNode {
  const { title, detail } = useReason()(props.error);
  if (!props.error) return null;
  const flaws = props.error instanceof ApiError ? props.error.problem.flaws : null;
  return (
    <Alert color="red" variant="light" title={title} icon={<IconAlertTriangle size={16} />} role="alert">
      {flaws && flaws.length > 1
        ? flaws.map((flaw) => <div key={flaw.where}>{`${flaw.where}: ${flaw.reason}`}</div>)
        : detail}
    </Alert>
  );
}

/** A query's data when it is there, and what to show until then. `apart`: that stands in a card of its own. */
export function Shown<T>(props: {
  query: Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch'>;
  waiting?: ReactNode;
  apart?: boolean;
  children: (data: T) => ReactNode;
}): ReactNode {
  const { query } = props;
  if (query.data !== undefined) return props.children(query.data);
  const until = query.error ? (
    <Failure error={query.error} again={() => void query.refetch()} />
  ) : (
    (props.waiting ?? <Rows />)
  );
  return props.apart ? <Card>{until}</Card> : until;
}

export function Failed(props: { error: unknown; reset?: () => void }): ReactNode {
  const router = useRouter();
  const missing = props.error instanceof MissingPart;
  const again = (): void => {
    if (missing) void reloadIfThere(() => location.reload());
    props.reset?.();
    void router.invalidate();
  };
  useEffect(() => {
    if (!missing) return;
    const back = (): void => void reloadIfThere();
    back();
    trouble.addEventListener('back', back);
    return () => trouble.removeEventListener('back', back);
  }, [missing]);
  return (
    <div className="page">
      <div className="card">
        <Failure error={props.error} again={again} alone />
      </div>
    </div>
  );
}

export function Nowhere(): ReactNode {
  const { t } = useWords();
  return (
    <div className="page">
      <div className="card">
        <Empty
          icon={<IconMap size={20} />}
          alone
          title={t('state.nowhere')}
          action={
            <Button variant="default" mt={6} renderRoot={(rest) => <Link to="/" {...rest} />}>
              {t('nav.home')}
            </Button>
          }
        >
          {t('state.nowhere.detail')}
        </Empty>
      </div>
    </div>
  );
}
