/** How long is waited for what, and how often one offering is asked. */
import { NumberInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../../i18n';
import type { Draft } from '../../lib/route';

const TIMEOUTS = ['connect', 'first_event', 'idle', 'total'] as const;
const PAUSES = ['base', 'most', 'longest_wait'] as const;

export function Times(props: { draft: Draft; change: (part: Partial<Draft>) => void }): ReactNode {
  const { t } = useWords();
  const { draft, change } = props;
  return (
    <div className="routepair">
      {TIMEOUTS.map((name) => (
        <NumberInput
          key={name}
          label={t(`routes.time.${name}`)}
          placeholder={t(name === 'total' ? 'routes.time.none' : 'routes.time.host')}
          min={0}
          suffix=" s"
          value={draft.timeouts[name] ?? ''}
          onChange={(value) =>
            change({ timeouts: { ...draft.timeouts, [name]: typeof value === 'number' ? value : null } })
          }
        />
      ))}
      <NumberInput
        label={t('routes.hedge')}
        description={t('routes.hedge.detail')}
        placeholder={t('routes.time.none')}
        min={0}
        suffix=" s"
        value={draft.hedge_after ?? ''}
        onChange={(value) => change({ hedge_after: typeof value === 'number' ? value : null })}
      />
      <NumberInput
        label={t('routes.attempts')}
        description={t('routes.attempts.detail')}
        min={1}
        max={10}
        allowDecimal={false}
        value={draft.retrying.attempts}
        onChange={(value) =>
          typeof value === 'number' && change({ retrying: { ...draft.retrying, attempts: value } })
        }
      />
      {PAUSES.map((name) => (
        <NumberInput
          key={name}
          label={t(`routes.pause.${name}`)}
          min={0}
          suffix=" s"
          value={draft.retrying[name]}
          onChange={(value) =>
            typeof value === 'number' && change({ retrying: { ...draft.retrying, [name]: value } })
          }
        />
      ))}
      <NumberInput
        label={t('routes.pause.budget')}
        min={0}
        max={1}
        step={0.05}
        decimalScale={2}
        value={draft.retrying.budget}
        onChange={(value) =>
          typeof value === 'number' && change({ retrying: { ...draft.retrying, budget: value } })
        }
      />
    </div>
  );
}
