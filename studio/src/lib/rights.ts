/** What a set of rights comes to, by the parts of the platform that people know. */
import type { Right } from '../api/rights';

export type Level = 'none' | 'see' | 'change';

/** `see` and `change`: the rights that it takes. */
const AREAS = [
  { area: 'playground', change: ['playground.use'] },
  { area: 'search', change: ['search.use'] },
  { area: 'knowledge', see: ['knowledge.read'], change: ['knowledge.write'] },
  { area: 'receipts', see: ['receipts.read'] },
  { area: 'models', see: ['models.read', 'catalog.read'], change: ['models.write'] },
  { area: 'providers', see: ['providers.read'], change: ['providers.write'] },
  { area: 'keys', see: ['keys.read'], change: ['keys.write'] },
  { area: 'usage', see: ['usage.read'] },
  { area: 'audit', see: ['audit.read'] },
  { area: 'rules', see: ['rules.read'], change: ['rules.write'] },
  { area: 'platform', see: ['status.read'] },
  { area: 'members', see: ['accounts.read'], change: ['accounts.write'] },
  { area: 'groups', see: ['groups.read'], change: ['groups.write'] },
  { area: 'tokens', see: ['tokens.read'], change: ['tokens.write'] },
] as const satisfies { area: string; see?: Right[]; change?: Right[] }[];

export type Area = (typeof AREAS)[number]['area'];
export const AREA_NAMES: readonly Area[] = AREAS.map((each) => each.area);

export function levelOf(area: Area, rights: readonly string[]): Level {
  const found: { see?: readonly Right[]; change?: readonly Right[] } | undefined = AREAS.find(
    (each) => each.area === area,
  );
  const holds = (wanted: readonly Right[] | undefined): boolean =>
    wanted?.every((right) => rights.includes(right)) ?? false;
  return holds(found?.change) ? 'change' : holds(found?.see) ? 'see' : 'none';
}

/** The parts of the platform by what one may do there. */
export function grouped(rights: readonly string[]): Record<Level, Area[]> {
  const found: Record<Level, Area[]> = { change: [], see: [], none: [] };
  for (const area of AREA_NAMES) found[levelOf(area, rights)].push(area);
  return found;
}
