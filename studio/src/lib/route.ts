/** A route while it is edited, and what it comes to in words; nothing here asks anybody. */
import type { ConstraintsInput, ConstraintsShape, RouteInput, RouteShape, TargetInput } from '../api/schema';

export const POLICIES = [
  'priority',
  'weighted',
  'cheapest',
  'fastest',
  'sticky',
  'cascade',
  'canary',
] as const;
export type Policy = (typeof POLICIES)[number];
export const CHECKS = ['confidence', 'agreement', 'schema', 'judge'] as const;
export type CheckKind = (typeof CHECKS)[number];
export const NEEDS = ['tools', 'structured_output', 'images', 'documents', 'audio', 'video_input'] as const;

/** Everything that may be edited, nothing left out. */
export interface Conditions extends Required<Omit<ConstraintsInput, 'open_weights'>> {
  open_weights: boolean;
}
export interface Draft extends Required<Omit<RouteInput, 'constraints'>> {
  constraints: Conditions;
}

export const FREE: Conditions = {
  capabilities: [],
  context: null,
  max_input_price: null,
  max_output_price: null,
  residency: [],
  jurisdictions: [],
  licences: [],
  open_weights: false,
  makers: [],
  hosts: [],
  not_makers: [],
  not_hosts: [],
  losses: null,
};

export const blank = (): Draft => ({
  name: '',
  policy: 'priority',
  targets: [{ model: '', weight: 1, check: null }],
  fallbacks: [],
  constraints: FREE,
  sticky_by: 'session',
  session_header: 'x-counterpoint-session',
  retrying: { attempts: 2, base: 0.25, most: 4, longest_wait: 10, budget: 0.2 },
  timeouts: { connect: null, first_event: null, idle: null, total: null },
  hedge_after: null,
  shadows: [],
  shadow_share: 1000,
});

export function draftOf(route: RouteShape): Draft {
  const { owner: _owner, created_at: _made, updated_at: _changed, revision: _revision, ...rest } = route;
  return { ...rest, constraints: conditionsOf(route.constraints) };
}

export const conditionsOf = (shape: ConstraintsShape): Conditions => ({ ...FREE, ...shape });

/** As another policy needs it: a canary's share is per mille, a cascade's steps have checks, the others have none. */
export function withPolicy(draft: Draft, policy: Policy): Draft {
  const last = draft.targets.length - 1;
  const targets = draft.targets.map((target, index): TargetInput => {
    const check = policy === 'cascade' && index < last ? (target.check ?? newCheck('confidence')) : null;
    const share = policy === 'canary' ? (index === 1 ? 50 : 1) : 1;
    const kept = policy === 'weighted' && draft.policy !== 'canary';
    return { ...target, check, weight: kept ? target.weight : share };
  });
  return { ...draft, policy, targets };
}

export const newCheck = (kind: CheckKind): NonNullable<TargetInput['check']> => ({
  kind,
  least: kind === 'agreement' ? 0.6 : kind === 'confidence' ? 0.8 : 0.5,
  samples: 3,
  judge: '',
  schema: '',
});

export function withTargets(draft: Draft, targets: TargetInput[]): Draft {
  return draft.policy === 'cascade'
    ? withPolicy({ ...draft, targets }, 'cascade')
    : { ...draft, targets: targets.length > 0 ? targets : blank().targets };
}

/** `null`: it can be sent; what is wrong beyond that is the API's to say. */
export type Flaw = 'name' | 'letters' | 'taken' | 'targets' | 'canary';
export function flawOf(draft: Draft, taken: readonly string[]): Flaw | null {
  const name = draft.name.trim();
  if (name === '') return 'name';
  if (!/^[A-Za-z0-9]([A-Za-z0-9._:-]{0,98}[A-Za-z0-9])?$/.test(name)) return 'letters';
  if (taken.includes(name)) return 'taken';
  if (draft.targets.some((target) => target.model.trim() === '')) return 'targets';
  if (draft.policy === 'canary' && draft.targets.length !== 2) return 'canary';
  return null;
}

/** As the API takes it: without spaces around names. */
export const wanted = (draft: Draft): RouteInput => ({
  ...draft,
  name: draft.name.trim(),
  targets: draft.targets.map((target) => ({ ...target, model: target.model.trim() })),
});

/** How many conditions are set. */
export const count = (of: Conditions): number =>
  (Object.keys(FREE) as (keyof Conditions)[]).filter((key) => {
    const value = of[key];
    return Array.isArray(value) ? value.length > 0 : value !== null && value !== false && value !== '';
  }).length;

export interface Share {
  offering: string;
  calls: number;
  share: number;
}

/** Of each route, who answered: the most asked first. */
export function shares(
  rows: readonly { group: Record<string, { id: string } | undefined>; exchanges: number }[],
): Map<string, Share[]> {
  const found = new Map<string, Share[]>();
  for (const row of rows) {
    const route = row.group.route?.id ?? '';
    const offering = row.group.offering?.id ?? '';
    if (route === '' || offering === '') continue;
    found.set(route, [...(found.get(route) ?? []), { offering, calls: row.exchanges, share: 0 }]);
  }
  for (const [route, list] of found) {
    const all = list.reduce((sum, each) => sum + each.calls, 0);
    found.set(
      route,
      list
        .map((each) => ({ ...each, share: all > 0 ? each.calls / all : 0 }))
        .sort((one, other) => other.calls - one.calls),
    );
  }
  return found;
}
