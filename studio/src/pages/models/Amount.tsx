/** The price that stands for a model, and whose it is. */
import type { ReactNode } from 'react';
import type { AskingShape } from '../../api/schema';
import { useWords } from '../../i18n';

export function Amount(props: { price: AskingShape | null; hosts: number }): ReactNode {
  const { t, f } = useWords();
  const { price } = props;
  if (!price) return <span className="sub">{t('models.price.unknown')}</span>;
  const of = (amount: string | null): string => f.perMillion(amount, price.currency) ?? '?';
  const from = !price.first_hand && props.hosts > 1;
  return (
    <span className="amount">
      <span>
        {from && <span className="from">{t('models.price.from')} </span>}
        {of(price.input)} / {of(price.output)}
      </span>
      <span className="sub">
        {price.first_hand ? t('models.price.own') : t('models.price.at', { host: price.host })}
      </span>
    </span>
  );
}
