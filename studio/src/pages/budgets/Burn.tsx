/** How a budget burns down: what was left, and what is expected to be left at the end. */
import type { ReactNode } from 'react';
import type { BudgetShape, SpendingShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { burnOf, type Point, uncountedOf } from '../../lib/budgets';
import { amountOf } from './amounts';

const WIDTH = 560;
const HEIGHT = 150;
const EDGE = 4;

export function Burn(props: { of: BudgetShape; spending: SpendingShape }): ReactNode {
  const { t, f } = useWords();
  const { of, spending } = props;
  const now = new Date();
  const { past, future } = burnOf(of, spending, now);
  const first = past[0];
  if (!first || past.length < 2) return <p className="quiet">{t('budgets.burn.none')}</p>;
  const all = [...past, ...future];
  const end = of.ends ? Date.parse(of.ends) : Math.max(...all.map((each) => each.at));
  const top = Math.max(Number(of.allowed), ...all.map((each) => each.left));
  const bottom = Math.min(0, ...all.map((each) => each.left));
  const x = (at: number): number =>
    EDGE + ((WIDTH - 2 * EDGE) * (at - first.at)) / Math.max(1, end - first.at);
  const y = (left: number): number =>
    EDGE + ((HEIGHT - 2 * EDGE) * (top - left)) / Math.max(1e-9, top - bottom);
  const path = (points: readonly Point[]): string =>
    points.map((each, index) => `${index === 0 ? 'M' : 'L'}${x(each.at)} ${y(each.left)}`).join('');
  const label = t('budgets.burn.label', {
    left: amountOf(f, of, Math.max(0, Number(of.allowed) - Number(of.spent))),
    allowed: amountOf(f, of, of.allowed),
  });
  return (
    <figure className="burn">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none">
        <line className="zero" x1={EDGE} x2={WIDTH - EDGE} y1={y(0)} y2={y(0)} />
        <line className="ideal" x1={x(first.at)} y1={y(Number(of.allowed))} x2={x(end)} y2={y(0)} />
        <path className="left" d={path(past)} />
        {future.length > 1 && <path className="ahead" d={path(future)} />}
        <line className="now" x1={x(now.getTime())} x2={x(now.getTime())} y1={EDGE} y2={HEIGHT - EDGE} />
      </svg>
      <figcaption className="num">
        <span>{f.day(new Date(first.at))}</span>
        <span>{label}</span>
        <span>{f.day(new Date(end))}</span>
      </figcaption>
    </figure>
  );
}

export function Outlook(props: { of: BudgetShape; spending: SpendingShape }): ReactNode {
  const { t, f } = useWords();
  const { of, spending } = props;
  const found = spending.forecast;
  const before = amountOf(f, of, uncountedOf(of, spending));
  return (
    <div className="outlook" role="status">
      {found ? (
        <>
          <p>
            {t(`budgets.forecast.${found.method}`, {
              amount: amountOf(f, of, found.expected),
              days: found.days,
            })}
          </p>
          {found.runs_out && <p className="bad">{t('budgets.runsout', { day: f.day(found.runs_out) })}</p>}
        </>
      ) : (
        <p>{t('budgets.forecast.none')}</p>
      )}
      {before !== amountOf(f, of, 0) && <p>{t('budgets.uncounted', { amount: before })}</p>}
      {spending.unpriced > 0 && <p>{t('budgets.unpriced', { count: spending.unpriced })}</p>}
    </div>
  );
}
