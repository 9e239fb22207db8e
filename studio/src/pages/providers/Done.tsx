/** It is there: what to do with it. */
import { Button, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconKey, IconList, IconMessages } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ask } from '../../api/queries';
import { useMay } from '../../api/rights';
import type { HostShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { wish } from '../../shell/wish';
import { Copy } from '../../ui/parts';

export function Done(props: { name: string; host: HostShape; works: boolean; done: () => void }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const models = useQuery(ask.gatewayModels());
  const own = (models.data ?? []).filter((name) => name.startsWith(`${props.name}/`));
  const [first] = own;
  return (
    <Stack gap="md" className="done">
      <div className="done-head">
        <IconCircleCheck size={28} stroke={1.5} aria-hidden data-tone={props.works ? 'good' : 'busy'} />
        <div>
          <Title order={3}>{t('providers.done', { name: props.name })}</Title>
          <Text size="sm" c="dimmed">
            {own.length > 0
              ? t('providers.done.models', { count: own.length })
              : t(props.works ? 'providers.done.detail' : 'providers.done.untested')}
          </Text>
        </div>
      </div>
      {first && (
        <div className="callname">
          <code className="mono clip grow">{first}</code>
          <Copy value={first} />
        </div>
      )}
      <div className="next">
        {may('playground.use') && (
          <Link to="/playground" search={{ model: first }} className="next-step" onClick={() => props.done()}>
            <IconMessages size={18} stroke={1.6} aria-hidden />
            <span>
              <b>{t('providers.next.ask')}</b>
              <span className="sub">{t('providers.next.ask.detail')}</span>
            </span>
          </Link>
        )}
        {may('keys.write') && (
          <Link to="/keys" className="next-step" onClick={() => wish('key')}>
            <IconKey size={18} stroke={1.6} aria-hidden />
            <span>
              <b>{t('providers.next.key')}</b>
              <span className="sub">{t('providers.next.key.detail')}</span>
            </span>
          </Link>
        )}
        <Link to="/models" search={{ here: 'yes' }} className="next-step">
          <IconList size={18} stroke={1.6} aria-hidden />
          <span>
            <b>{t('providers.next.models')}</b>
            <span className="sub">{t('providers.next.models.detail')}</span>
          </span>
        </Link>
      </div>
      <div className="wizard-foot">
        <Button onClick={props.done}>{t('action.done')}</Button>
      </div>
    </Stack>
  );
}
