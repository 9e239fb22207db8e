/** Every subject with its limits, the organisation first, keys below their projects. */
import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';
import type { BudgetShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { fullness, treeOf } from '../../lib/budgets';
import { amountOf } from './amounts';

export function Tree(props: {
  budgets: readonly BudgetShape[];
  chosen: string | null;
  choose: (budget: BudgetShape) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <ul className="budgets" aria-label={t('nav.budgets')}>
      {treeOf(props.budgets).map((branch) => (
        <li key={branch.id} data-depth={branch.depth}>
          <div className="of">
            <b>{branch.name}</b>
            <small>{t(`budgets.scope.${branch.scope}`)}</small>
          </div>
          <ul>
            {branch.budgets.map((budget) => (
              <li key={budget.id}>
                <button
                  type="button"
                  className="budget num"
                  aria-pressed={props.chosen === budget.id}
                  onClick={() => props.choose(budget)}
                >
                  <Bar of={budget} />
                </button>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

export function Bar(props: { of: BudgetShape }): ReactNode {
  const { t, f } = useWords();
  const { of } = props;
  const allowed = Number(of.allowed);
  const part = (amount: string): string =>
    `${allowed > 0 ? Math.min(100, (100 * Number(amount)) / allowed) : 100}%`;
  return (
    <>
      <span className="what">
        <span>
          {t(`budgets.measure.${of.measure}`)}
          {of.measure !== 'concurrent' && ` · ${t(`budgets.per.${of.per}`)}`}
        </span>
        {of.models.length > 0 && <span className="clip mono">{of.models.join(', ')}</span>}
        {of.owner === 'file' && <Badge color="gray">{t('budgets.file')}</Badge>}
        {of.open_raises > 0 && <Badge color="gray">{t('budgets.asked', { count: of.open_raises })}</Badge>}
      </span>
      <span className="bar" data-tone={fullness(of.share)} aria-hidden>
        <i style={{ width: part(of.spent) }} />
        <i className="held" style={{ width: part(of.leased) }} />
      </span>
      <span className="amounts">
        <span>
          {t('budgets.spent.of', {
            spent: amountOf(f, of, of.spent),
            allowed: amountOf(f, of, of.allowed),
          })}
        </span>
        <b>{f.percent(of.share)}</b>
      </span>
    </>
  );
}
