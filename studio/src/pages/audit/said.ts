/** What became of a thing, in words. */
import type { ChangeShape } from '../../api/schema';
import type { Say } from '../../i18n';
import { isThing, verbOf } from '../../lib/audit';

export function said(t: Say, change: ChangeShape): string {
  const what = isThing(change.what) ? t(`audit.thing.${change.what}`) : change.what.replaceAll('_', ' ');
  return t(`audit.verb.${verbOf(change)}`, { what });
}
