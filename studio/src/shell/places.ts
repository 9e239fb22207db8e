/** Where one can go, the right that each place asks for, and its letter on the keyboard (after `g`). */
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
  { to: '/', word: 'nav.home', icon: IconHome, right: 'home.read', letter: 'h' },
  { to: '/playground', word: 'nav.playground', icon: IconMessages, right: 'playground.use', letter: 'p' },
  { to: '/models', word: 'nav.models', icon: IconBoxModel2, right: 'models.read', letter: 'm' },
  { to: '/providers', word: 'nav.providers', icon: IconPlug, right: 'providers.read', letter: 'o' },
  { to: '/keys', word: 'nav.keys', icon: IconKey, right: 'keys.read', letter: 'k' },
  { to: '/usage', word: 'nav.usage', icon: IconActivity, right: 'usage.read', letter: 'u' },
  { to: '/members', word: 'nav.members', icon: IconUsers, right: 'accounts.read', letter: 'e' },
  { to: '/settings', word: 'nav.settings', icon: IconSettings, right: 'me', letter: 's' },
] as const satisfies { to: string; word: Sentence; icon: typeof IconHome; right: Right; letter: string }[];

export type Place = (typeof PLACES)[number];

/** The place that an address within the studio belongs to. */
export function placeOf(path: string): Place | undefined {
  const first = `/${path.split('/').find((step) => step !== '') ?? ''}`;
  return PLACES.find((place) => place.to === first);
}
