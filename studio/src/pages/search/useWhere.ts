/** Where in a document something stands, in words: a page, a sheet and its cell. */
import { useWords } from '../../i18n';

export function useWhere(): (of: {
  page: number | null;
  sheet: string;
  cell?: string;
  range?: string;
}) => string {
  const { t } = useWords();
  return ({ page, sheet, cell, range }) => {
    const place = cell || range;
    if (sheet) return place ? t('search.cell', { sheet, cell: place }) : t('search.sheet', { sheet });
    return page === null ? '' : t('search.page', { page });
  };
}
