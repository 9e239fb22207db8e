/** A document's own words with some of them marked: text and offsets, never markup. */
import type { ReactNode } from 'react';
import { pieces, type Range } from '../../lib/marks';

export function Marked(props: { text: string; ranges: readonly Range[] }): ReactNode {
  return pieces(props.text, props.ranges).map((each) =>
    each.marked ? (
      <mark key={each.at} className="hit">
        {each.text}
      </mark>
    ) : (
      <span key={each.at}>{each.text}</span>
    ),
  );
}
