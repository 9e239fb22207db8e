/** What somebody should look at, the gravest first; each leads to where it can be seen to. */
import { IconAlertCircle, IconAlertTriangle, IconChevronRight, IconInfoCircle } from '@tabler/icons-react';
import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ConcernShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { written } from '../../lib/asked';
import { Card } from '../../ui/parts';

const ICONS = { error: IconAlertCircle, warning: IconAlertTriangle, note: IconInfoCircle };

/** Where it can be seen to. */
export function placeOf(concern: ConcernShape): LinkProps {
  const { code, page, subject } = concern;
  if (code === 'provider_failing') {
    return { to: '/usage', search: { span: 'day', host: written([subject ?? '']), failed: 'yes' } };
  }
  if (code === 'many_failures')
    return { to: '/usage', search: { span: 'day', failed: 'yes', metric: 'errors' } };
  if (code === 'unpriced') return { to: '/usage', search: { span: 'day', metric: 'cost' } };
  if (code === 'model_retires') return { to: '/models', search: { model: subject } };
  if (code === 'engine_failed') return { to: '/models', search: { tab: 'local' } };
  if (page === 'providers') return { to: '/providers' };
  if (page === 'keys') return { to: '/keys' };
  return { to: '/settings' };
}

export function Attention(props: { concerns: ConcernShape[] }): ReactNode {
  const { t, f } = useWords();
  const { concerns } = props;
  if (concerns.length === 0) return null;
  return (
    <Card
      title={t('home.attention')}
      aside={<span className="concerns num">{f.number(concerns.length)}</span>}
    >
      {concerns.map((concern) => {
        const Icon = ICONS[concern.severity];
        return (
          <Link
            key={`${concern.code} ${concern.subject} ${concern.text}`}
            className="step concern"
            data-severity={concern.severity}
            {...placeOf(concern)}
          >
            <Icon size={17} aria-hidden />
            <span className="sr">{t(`home.severity.${concern.severity}`)}</span>
            <span className="grow">{concern.text}</span>
            <IconChevronRight size={15} aria-hidden className="go" />
          </Link>
        );
      })}
    </Card>
  );
}
