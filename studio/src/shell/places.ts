/** Where one can go, the right that each place asks for, and its letter on the keyboard (after `g`). */
import {
  IconActivity,
  IconArrowsRightLeft,
  IconBooks,
  IconBoxModel2,
  IconFileSearch,
  IconHeartbeat,
  IconHome,
  IconKey,
  IconListSearch,
  IconMessages,
  IconPlug,
  IconRoute,
  IconSettings,
  IconUsers,
  IconWallet,
} from '@tabler/icons-react';
import type { Right } from '../api/rights';
import type { Sentence } from '../i18n';

export const PLACES = [
  { to: '/', word: 'nav.home', icon: IconHome, right: 'home.read', letter: 'h' },
  { to: '/search', word: 'nav.search', icon: IconFileSearch, right: 'search.use', letter: 'f' },
  { to: '/knowledge', word: 'nav.knowledge', icon: IconBooks, right: 'knowledge.read', letter: 'n' },
  { to: '/playground', word: 'nav.playground', icon: IconMessages, right: 'playground.use', letter: 'p' },
  { to: '/models', word: 'nav.models', icon: IconBoxModel2, right: 'models.read', letter: 'm' },
  { to: '/providers', word: 'nav.providers', icon: IconPlug, right: 'providers.read', letter: 'o' },
  { to: '/routes', word: 'nav.routes', icon: IconRoute, right: 'rules.read', letter: 'r' },
  { to: '/keys', word: 'nav.keys', icon: IconKey, right: 'keys.read', letter: 'k' },
  { to: '/budgets', word: 'nav.budgets', icon: IconWallet, right: 'raises.read', letter: 'b' },
  { to: '/traffic', word: 'nav.traffic', icon: IconArrowsRightLeft, right: 'usage.read', letter: 't' },
  { to: '/health', word: 'nav.health', icon: IconHeartbeat, right: 'usage.read', letter: 'l' },
  { to: '/usage', word: 'nav.usage', icon: IconActivity, right: 'usage.read', letter: 'u' },
  { to: '/audit', word: 'nav.audit', icon: IconListSearch, right: 'audit.read', letter: 'd' },
  { to: '/members', word: 'nav.members', icon: IconUsers, right: 'accounts.read', letter: 'e' },
  { to: '/settings', word: 'nav.settings', icon: IconSettings, right: 'me', letter: 's' },
] as const satisfies { to: string; word: Sentence; icon: typeof IconHome; right: Right; letter: string }[];

export type Place = (typeof PLACES)[number];

/** The place that an address within the studio belongs to. */
export function placeOf(path: string): Place | undefined {
  const first = `/${path.split('/').find((step) => step !== '') ?? ''}`;
  return PLACES.find((place) => place.to === first);
}
