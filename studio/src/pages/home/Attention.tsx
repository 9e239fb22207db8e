/** What somebody should look at, the gravest first; each leads to where it can be seen to. */
import { IconAlertCircle, IconAlertTriangle, IconChevronRight, IconInfoCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ConcernShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { placeOf } from '../../lib/concerns';
import { Card } from '../../ui/parts';

const ICONS = { error: IconAlertCircle, warning: IconAlertTriangle, note: IconInfoCircle };

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
