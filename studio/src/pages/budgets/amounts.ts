/** Amounts of a limit as the reader writes them. */
import type { BudgetShape } from '../../api/schema';
import type { Format } from '../../lib/format';

type Measured = Pick<BudgetShape, 'currency'>;

export const amountOf = (f: Format, of: Measured, amount: string | number): string =>
  of.currency ? f.money(amount, of.currency) : f.number(Math.round(Number(amount)));
