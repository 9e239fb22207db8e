/** There is nothing to show: because of the filters, in this time, or because nobody has asked anything yet. */
import { Button, Group } from '@mantine/core';
import { IconActivity, IconFilterOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ask } from '../../api/queries';
import { useWords } from '../../i18n';
import { UNFILTERED } from '../../lib/asked';
import type { Range } from '../../lib/period';
import { Empty, Rows } from '../../ui/states';
import { Connect } from '../home/Connect';
import type { Go } from '../Usage';

export function None(props: { filtered: boolean; range: Range; go: Go }): ReactNode {
  const { t } = useWords();
  const { filtered, go } = props;
  const ever = useQuery({ ...ask.usage({}), enabled: !filtered });
  if (filtered) {
    return (
      <Empty
        icon={<IconFilterOff size={20} />}
        title={t('usage.none.filtered')}
        action={
          <Button variant="default" mt={6} onClick={() => go(UNFILTERED)}>
            {t('usage.clearall')}
          </Button>
        }
      >
        {t('usage.none.filtered.detail')}
      </Empty>
    );
  }
  if (!ever.data) return <Rows count={4} />;
  if (ever.data.total.exchanges > 0) {
    return (
      <Empty
        icon={<IconActivity size={20} />}
        title={t('usage.none')}
        action={
          props.range.span !== 'quarter' && (
            <Button
              variant="default"
              mt={6}
              onClick={() => go({ span: 'quarter', from: undefined, to: undefined })}
            >
              {t('usage.none.longer')}
            </Button>
          )
        }
      >
        {t('usage.none.detail')}
      </Empty>
    );
  }
  return (
    <>
      <Empty
        icon={<IconActivity size={20} />}
        title={t('usage.never')}
        action={
          <Group mt={6} justify="center">
            <Button renderRoot={(rest) => <Link to="/playground" {...rest} />}>{t('home.ask')}</Button>
          </Group>
        }
      >
        {t('usage.never.detail')}
      </Empty>
      <div className="first-call">
        <Connect />
      </div>
    </>
  );
}
