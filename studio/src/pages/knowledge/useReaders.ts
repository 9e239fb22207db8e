/** Who may see what a source has, in words. */
import type { PrincipalShape, SourceShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { reportsRights } from '../../lib/known';

const SHOWN = 3;

export function useReaders(): (source: Pick<SourceShape, 'kind' | 'readers'>) => string {
  const { t } = useWords();
  const named = useNamed();
  return ({ kind, readers }) => {
    const names = readers.slice(0, SHOWN).map(named);
    if (readers.length > SHOWN) names.push(t('readers.more', { count: readers.length - SHOWN }));
    if (names.length === 0) return t(reportsRights(kind) ? 'readers.reported' : 'readers.nobody');
    return names.join(', ') + (reportsRights(kind) ? ` ${t('readers.besides')}` : '');
  };
}

export function useNamed(): (principal: Pick<PrincipalShape, 'id' | 'kind' | 'name'>) => string {
  const { t } = useWords();
  return ({ kind, name }) =>
    kind === 'everybody' ? t('readers.everybody') : name || t(`readers.gone.${kind}`);
}
