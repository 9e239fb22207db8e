/** Where one can go, and the right that each place asks for. */
import {
  IconActivity,
  IconBoxModel2,
  IconHome,
  IconKey,
  IconMessages,
  IconPlug,
  IconSettings,
  IconUsers,
} from '@tabler/icons-react';
import type { Right } from '../api/rights';
import type { Sentence } from '../i18n';

export const PLACES = [
  { to: '/', word: 'nav.home', icon: IconHome, right: 'home.read' },
  { to: '/playground', word: 'nav.playground', icon: IconMessages, right: 'playground.use' },
  { to: '/models', word: 'nav.models', icon: IconBoxModel2, right: 'models.read' },
  { to: '/providers', word: 'nav.providers', icon: IconPlug, right: 'providers.read' },
  { to: '/keys', word: 'nav.keys', icon: IconKey, right: 'keys.read' },
  { to: '/usage', word: 'nav.usage', icon: IconActivity, right: 'usage.read' },
  { to: '/members', word: 'nav.members', icon: IconUsers, right: 'accounts.read' },
  { to: '/settings', word: 'nav.settings', icon: IconSettings, right: 'me' },
] as const satisfies { to: string; word: Sentence; icon: typeof IconHome; right: Right }[];

export type Place = (typeof PLACES)[number];

/** The place that an address within the studio belongs to. */
export function placeOf(path: string): Place | undefined {
  const first = `/${path.split('/').find((step) => step !== '') ?? ''}`;
  return PLACES.find((place) => place.to === first);
}
