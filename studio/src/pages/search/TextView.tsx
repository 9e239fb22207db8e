/** A document's text, piece by piece, as it was read: where there are no pages, and beside them. */
import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { PassageShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { type Range, within } from '../../lib/marks';
import { beginning, columnName, rowsOf } from '../../lib/sheet';
import { Marked } from './Marked';
import { useWhere } from './useWhere';

const BEFORE = 2;
const AFTER = 6;
const STEP = 10;

export function TextView(props: {
  passages: PassageShape[];
  target: number;
  ranges: readonly Range[];
  cell?: string;
  more?: () => void;
}): ReactNode {
  const { t } = useWords();
  const { passages, target, ranges } = props;
  const [from, setFrom] = useState(Math.max(0, target - BEFORE));
  const [to, setTo] = useState(target + AFTER);
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    frame.current?.querySelector('.hit')?.scrollIntoView({ block: 'center', inline: 'nearest' });
  }, []);
  if (passages.length === 0) return <p className="sub">{t('preview.notext')}</p>;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section would be a landmark
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <div className="textframe" ref={frame} role="group" tabIndex={0} aria-label={t('preview.view.text')}>
      {from > 0 && (
        <Button variant="subtle" size="compact-sm" onClick={() => setFrom(Math.max(0, from - STEP))}>
          {t('preview.earlier')}
        </Button>
      )}
      {passages.slice(from, to).map((passage) => (
        <PassageText key={passage.number} of={passage} ranges={ranges} cell={props.cell} />
      ))}
      {(to < passages.length || props.more) && (
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => {
            setTo(to + STEP);
            if (to + STEP >= passages.length) props.more?.();
          }}
        >
          {t('preview.later')}
        </Button>
      )}
    </div>
  );
}

/** One piece with its headings; a table stays one. */
export function PassageText(props: {
  of: PassageShape;
  ranges?: readonly Range[];
  cell?: string;
}): ReactNode {
  const { of: passage } = props;
  const where = useWhere();
  const ranges = within(props.ranges ?? [], passage.start);
  const label = [passage.titles.join(' › '), where(passage)].filter(Boolean).join(' · ');
  return (
    <section className="passage">
      {label && <p className="sub breakable">{label}</p>}
      {passage.table ? (
        <Table of={passage} ranges={ranges} cell={props.cell} />
      ) : (
        <p className="passagetext">
          <Marked text={passage.text} ranges={ranges} />
        </p>
      )}
    </section>
  );
}

function Table(props: { of: PassageShape; ranges: Range[]; cell?: string }): ReactNode {
  const { of: passage } = props;
  const rows = rowsOf(passage.text, passage.range, props.ranges, props.cell);
  const first = beginning(passage.range);
  const columns = Math.max(...rows.map(({ cells }) => cells.length));
  return (
    <div className="sheettable">
      <table>
        {first && (
          <thead>
            <tr>
              <td />
              {Array.from({ length: columns }, (_, column) => columnName(first.column + column)).map(
                (name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ),
              )}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map(({ number, cells }, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name, and never move
            <tr key={row}>
              {first && <th scope="row">{number}</th>}
              {cells.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <td key={column} className={cell.marked ? 'hit' : undefined}>
                  {cell.ranges.length > 0 ? <Marked text={cell.text} ranges={cell.ranges} /> : cell.text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
