/** The gateway's address, and a first call to it that can be copied as it is. */
import { Anchor, SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { ask } from '../../api/queries';
import { useMay } from '../../api/rights';
import { useWords } from '../../i18n';
import { snippet } from '../../lib/snippets';
import { clocksAt } from '../../lib/zone';
import { Code, Copy } from '../../ui/parts';

const WAYS = ['curl', 'openai', 'anthropic'] as const;

export function Connect(props: { gateway?: string }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const [way, setWay] = useState<(typeof WAYS)[number]>('curl');
  const home = useQuery({
    ...ask.home(clocksAt(new Date())),
    enabled: props.gateway === undefined,
  });
  const local = useQuery({ ...ask.localModels(), enabled: may('models.read') });
  const gateway = props.gateway ?? home.data?.gateway ?? '';
  const model = local.data?.items.find((each) => each.kind === 'chat')?.name ?? 'gpt-5-mini';
  const call = { model, messages: [{ role: 'user' as const, content: t('home.connect.question') }] };
  return (
    <div className="connect">
      <div className="at">
        <Text size="sm" c="dimmed">
          {t('home.connect.detail')}
        </Text>
        <span className="copied">
          <span className="mono">{`${gateway}/v1`}</span>
          <Copy value={`${gateway}/v1`} label={t('home.connect.address')} />
        </span>
      </div>
      <SegmentedControl
        size="xs"
        aria-label={t('home.connect.way')}
        value={way}
        onChange={(value) => setWay(value as (typeof WAYS)[number])}
        data={WAYS.map((value) => ({ value, label: t(`home.way.${value}`) }))}
      />
      <Code text={snippet(way, gateway, call, false)} label={t('home.connect.code')} max={300} />
      <Text size="xs" c="dimmed">
        {t('home.connect.key')}{' '}
        {may('keys.write') && (
          <Anchor size="xs" underline="always" renderRoot={(rest) => <Link to="/keys" {...rest} />}>
            {t('home.connect.make')}
          </Anchor>
        )}
      </Text>
    </div>
  );
}
