/** A place in a document that can be opened: of a result or of a citation. */
import type { BoxShape } from '../../api/schema';
import type { FoundSearch } from '../../lib/found';
import type { Range } from '../../lib/marks';

export interface Place {
  document: string;
  start: number;
  end: number;
  page: number | null;
  cell: string;
  boxes: readonly BoxShape[];
  /** What is marked between `start` and `end`, where that is not all of it. */
  ranges?: readonly Range[];
}

/** As an address says it. */
export const placed = (place: Place): Pick<FoundSearch, 'doc' | 'at'> => ({
  doc: place.document,
  at: `${place.start}-${place.end}`,
});
