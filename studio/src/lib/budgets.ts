/** Budgets as a tree, and how one burns down. */
import type { BudgetShape, SpendingShape } from '../api/schema';

export interface Branch {
  id: string;
  name: string;
  scope: BudgetShape['scope'];
  depth: number;
  budgets: BudgetShape[];
}

const ORDER = ['organisation', 'project', 'user'] as const;

/** The organisation, each project with its keys below it, people; every subject that has a limit stands once. A key whose
 * project has none stands where the project would. */
export function treeOf(budgets: readonly BudgetShape[]): Branch[] {
  const subjects = new Map<string, Branch>();
  for (const budget of budgets) {
    const id = `${budget.scope} ${budget.subject.id}`;
    const known = subjects.get(id);
    if (known) known.budgets.push(budget);
    else
      subjects.set(id, { id, name: budget.subject.name, scope: budget.scope, depth: 0, budgets: [budget] });
  }
  const byName = (one: Branch, other: Branch): number => one.name.localeCompare(other.name);
  const all = [...subjects.values()];
  const keys = all.filter((each) => each.scope === 'key').sort(byName);
  const placed = new Set<string>();
  const branches: Branch[] = [];
  for (const scope of ORDER) {
    for (const each of all.filter((branch) => branch.scope === scope).sort(byName)) {
      branches.push({ ...each, depth: scope === 'organisation' ? 0 : 1 });
      if (scope !== 'project') continue;
      const project = each.budgets[0]?.subject.id;
      for (const key of keys.filter((branch) => branch.budgets[0]?.subject.parent === project)) {
        branches.push({ ...key, depth: 2 });
        placed.add(key.id);
      }
    }
    if (scope === 'project')
      for (const key of keys.filter((branch) => !placed.has(branch.id))) branches.push({ ...key, depth: 1 });
  }
  return branches;
}

export interface Point {
  at: number;
  left: number;
}

/** What was taken before the budget was made: the ledger has it, and the budget, which counts from then on, does not.
 * Of a limit over the last minute or hour the two are never of the same time. */
export function uncountedOf(budget: BudgetShape, spending: SpendingShape): number {
  if (budget.per === 'minute' || budget.per === 'hour') return 0;
  return Math.max(0, Number(spending.steps.at(-1)?.total ?? 0) - Number(budget.spent));
}

/** What was left after each step, and what is expected to be left at the end of each day to come. */
export function burnOf(
  budget: BudgetShape,
  spending: SpendingShape,
  now: Date,
): { past: Point[]; future: Point[] } {
  const allowed = Number(budget.allowed);
  const begin = budget.begins ?? spending.steps[0]?.at;
  if (!begin) return { past: [], future: [] };
  const uncounted = uncountedOf(budget, spending);
  const past: Point[] = [{ at: Date.parse(begin), left: allowed }];
  for (const [index, step] of spending.steps.entries()) {
    const end = spending.steps[index + 1]?.at;
    past.push({
      at: end ? Date.parse(end) : now.getTime(),
      left: allowed - Math.max(0, Number(step.total) - uncounted),
    });
  }
  const left = allowed - Number(budget.spent);
  const last = { at: now.getTime(), left };
  if (past.at(-1)?.at === last.at) past[past.length - 1] = last;
  else past.push(last);
  const future = (spending.forecast?.points ?? []).map((point) => ({
    at: Date.parse(`${point.day}T23:59:59Z`),
    left: allowed - Number(point.total),
  }));
  return { past, future: future.length > 0 ? [last, ...future.filter((each) => each.at > last.at)] : [] };
}

export type Fullness = 'good' | 'busy' | 'bad';

const NEAR = 0.8;
export const fullness = (share: number): Fullness => (share >= 1 ? 'bad' : share >= NEAR ? 'busy' : 'good');
