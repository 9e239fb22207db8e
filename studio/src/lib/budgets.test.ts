import { expect, test } from 'vitest';
import type { BudgetShape } from '../api/schema';
import { burnOf, fullness, treeOf, uncountedOf } from './budgets';

const budget = (scope: BudgetShape['scope'], id: string, parent = ''): BudgetShape =>
  ({
    id: `${scope}-${id}`,
    scope,
    subject: { id, name: id, parent },
    allowed: '100',
    spent: '30',
    begins: '2026-11-01T00:00:00Z',
  }) as BudgetShape;

test('keys stand below their projects, people last', () => {
  const found = treeOf([
    budget('user', 'ada'),
    budget('key', 'lost', 'elsewhere'),
    budget('key', 'ci', 'research'),
    budget('project', 'research'),
    budget('project', 'app'),
    budget('organisation', 'acme'),
    budget('project', 'research'),
  ]);
  expect(found.map((each) => [each.name, each.depth, each.budgets.length])).toEqual([
    ['acme', 0, 1],
    ['app', 1, 1],
    ['research', 1, 2],
    ['ci', 2, 1],
    ['lost', 1, 1],
    ['ada', 1, 1],
  ]);
});

test('a budget burns down to what is left now, and on to what is expected', () => {
  const now = new Date('2026-11-02T12:00:00Z');
  const steps = [
    { at: '2026-11-01T00:00:00Z', amount: '20', total: '20' },
    { at: '2026-11-02T00:00:00Z', amount: '10', total: '30' },
  ];
  const forecast = {
    method: 'linear' as const,
    expected: '90',
    runs_out: null,
    days: 3,
    points: [
      { day: '2026-11-02', total: '40' },
      { day: '2026-11-03', total: '90' },
    ],
  };
  const { past, future } = burnOf(budget('organisation', 'acme'), { steps, unpriced: 0, forecast }, now);
  expect(past.map((each) => each.left)).toEqual([100, 80, 70]);
  expect(future.map((each) => each.left)).toEqual([70, 60, 10]);
  expect(
    burnOf({ ...budget('user', 'a'), begins: null }, { steps: [], unpriced: 0, forecast: null }, now),
  ).toEqual({
    past: [],
    future: [],
  });
});

test('what was spent before a budget was made is not taken from it', () => {
  const now = new Date('2026-11-03T12:00:00Z');
  const steps = [
    { at: '2026-11-01T00:00:00Z', amount: '40', total: '40' },
    { at: '2026-11-02T00:00:00Z', amount: '15', total: '55' },
    { at: '2026-11-03T00:00:00Z', amount: '20', total: '75' },
  ];
  const spending = { steps, unpriced: 0, forecast: null };
  const month = { ...budget('organisation', 'acme'), per: 'month' as const };
  expect(uncountedOf(month, spending)).toBe(45);
  expect(burnOf(month, spending, now).past.map((each) => each.left)).toEqual([100, 100, 90, 70]);
  expect(uncountedOf({ ...month, per: 'minute' }, spending)).toBe(0);
  expect(uncountedOf({ ...month, spent: '75' }, spending)).toBe(0);
});

test('how full it is', () => {
  expect([0.79, 0.8, 1, 1.2].map(fullness)).toEqual(['good', 'busy', 'bad', 'bad']);
});
