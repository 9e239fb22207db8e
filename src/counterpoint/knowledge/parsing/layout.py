"""In what order a page is read: text with its boxes becomes lines, paragraphs, columns and tables.

Pages say where letters stand, not what belongs together. Columns are looked for first (a gutter that hardly anything
crosses, with running text on both sides), then tables (rows whose pieces stand below each other), then paragraphs.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final, NamedTuple

from counterpoint.knowledge.parsing.draft import clean

MOST_RUNS: Final = 6_000
"""Of a page whose order is worked out; a drawing with more keeps the order it was written in."""
_BULLET = re.compile(r"^(?:[•◦▪‣●○■□–—\-*·➢➤✓\uf0b7\uf0a7]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+\S")  # noqa: RUF001
_SENTENCE_END: Final = (".", "!", "?", ":", "…", "»", ";")


class Run(NamedTuple):
    """Text on one line without a wide gap in it: where it is, from the upper left corner, how large and how fat."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool = False

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left


class Piece(NamedTuple):
    """A paragraph (`lines`) or a table (`rows`: of cells, of runs), as the page has it."""

    lines: tuple[Run, ...] = ()
    rows: tuple[tuple[tuple[Run, ...], ...], ...] = ()
    item: bool = False

    @property
    def size(self) -> float:
        """Of most of its letters."""
        return median([line.size for line in self.lines]) if self.lines else 0.0

    @property
    def text(self) -> str:
        """Of its lines."""
        return " ".join(line.text for line in self.lines)


def pieces_of(runs: Sequence[Run]) -> list[Piece]:
    """What a page holds, in reading order."""
    runs = [run for run in runs if run.text.strip()]
    if len(runs) > MOST_RUNS:
        return [Piece(lines=(run,)) for run in runs]
    return _region(runs, 0)


def _region(runs: list[Run], depth: int) -> list[Piece]:
    gutter = _gutter(runs) if depth < 4 and len(runs) >= 8 else None
    if gutter is None:
        return _rows_to_pieces(_rows(runs))
    found: list[Piece] = []
    across = sorted(
        (run for run in runs if run.left < gutter - 1 and run.right > gutter + 1), key=lambda run: run.top
    )
    rest = [run for run in runs if not (run.left < gutter - 1 and run.right > gutter + 1)]
    for band in _rows(across):
        above = [run for run in rest if _middle(run) < min(each.top for each in band)]
        rest = [run for run in rest if run not in set(above)] if above else rest
        found += _columns(above, gutter, depth)
        found += [Piece(lines=(_line(band),))]
    found += _columns(rest, gutter, depth)
    return _joined(found)


def _columns(runs: list[Run], gutter: float, depth: int) -> list[Piece]:
    left = [run for run in runs if run.right <= gutter + 1]
    right = [run for run in runs if run.right > gutter + 1]
    found = []
    for side in (left, right):
        if side:
            found += _region(side, depth + 1)
    return found


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Lines across all columns that stand together are one paragraph."""
    found: list[Piece] = []
    for piece in pieces:
        before = found[-1] if found else None
        if before is not None and len(piece.lines) == 1 and before.lines and not piece.rows:
            line, last = piece.lines[0], before.lines[-1]
            if _goes_on(last, line, max(last.right, line.right)):
                found[-1] = before._replace(lines=(*before.lines, line))
                continue
        found.append(piece)
    return found


def _gutter(runs: list[Run]) -> float | None:
    """Where two columns of running text part, if there are two."""
    left_most, right_most = min(run.left for run in runs), max(run.right for run in runs)
    width = right_most - left_most
    begins = Counter(round(run.left / 2) * 2 for run in runs)
    best, best_score = None, 0.0
    for start, _ in begins.most_common(40):
        at = start - 2.0
        if not left_most + width * 0.15 < at < right_most - width * 0.15:
            continue
        left = [run for run in runs if run.right <= at + 1]
        right = [run for run in runs if run.left >= at - 1 and run.right > at + 1]
        if min(len(left), len(right)) < 4 or len(runs) - len(left) - len(right) > len(runs) * 0.4:
            continue
        if not (_is_running(left) and _is_running(right) and _beside(left, right)):
            continue
        crossing = (
            sum(run.width for run in runs) - sum(run.width for run in left) - sum(run.width for run in right)
        )
        score = min(sum(run.width for run in left), sum(run.width for run in right)) - crossing * 0.5
        if score > best_score:
            best, best_score = at, score
    return best


def _is_running(runs: list[Run]) -> bool:
    """Whether most lines reach from one side to the other: text does, a table's column does not."""
    rows = _rows(runs)
    extent = max(run.right for run in runs) - min(run.left for run in runs)
    widths = [sum(run.width for run in row) for row in rows]
    letters = [sum(len(run.text) for run in row) for row in rows]
    # Lists have lines of many lengths, but lines that say something all the same.
    long = median(letters) >= 30 and median(widths) >= extent * 0.3
    return len(rows) >= 4 and (long or (median(widths) >= extent * 0.5 and median(letters) >= 14))


def _beside(left: list[Run], right: list[Run]) -> bool:
    top = max(min(run.top for run in left), min(run.top for run in right))
    bottom = min(max(run.bottom for run in left), max(run.bottom for run in right))
    shorter = min(max(run.bottom for run in side) - min(run.top for run in side) for side in (left, right))
    return bottom - top >= shorter * 0.5


def _middle(run: Run) -> float:
    return (run.top + run.bottom) / 2


def _rows(runs: Sequence[Run]) -> list[list[Run]]:
    """Runs that share a line, from left to right; lines from above to below."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (_middle(run), run.left)):
        for row in rows[-3:]:
            core = row[0]
            shared = min(core.bottom, run.bottom) - max(core.top, run.top)
            if shared > 0.5 * min(core.bottom - core.top, run.bottom - run.top):
                row.append(run)
                break
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: run.left) for row in rows]


def _line(row: Sequence[Run]) -> Run:
    """Runs of a row as one."""
    if len(row) == 1:
        return row[0]
    text = row[0].text
    for before, run in pairwise(row):
        apart = run.left - before.right > 0.12 * max(before.size, run.size)
        text += (" " if apart or text.endswith(" ") else "") + run.text
    return Run(
        clean(text),
        min(run.left for run in row),
        min(run.top for run in row),
        max(run.right for run in row),
        max(run.bottom for run in row),
        max(row, key=lambda run: len(run.text)).size,
        all(run.bold for run in row),
    )


def _cells(row: list[Run]) -> list[list[Run]]:
    """Runs with a wide gap between them."""
    cells = [[row[0]]]
    for before, run in pairwise(row):
        if run.left - before.right > 1.0 * max(before.size, run.size):
            cells.append([run])
        else:
            cells[-1].append(run)
    return cells


def _rows_to_pieces(rows: list[list[Run]]) -> list[Piece]:
    found: list[Piece] = []
    lines: list[Run] = []
    split = [_cells(row) for row in rows]
    at = 0
    while at < len(rows):
        end = _table_end(split, at)
        if end is not None:
            found += _paragraphs(lines)
            lines = []
            found.append(Piece(rows=_aligned(split[at:end])))
            at = end
        else:
            lines.append(_line(rows[at]))
            at += 1
    return found + _paragraphs(lines)


def _table_end(rows: list[list[list[Run]]], at: int) -> int | None:
    """After the last row of a table that begins at `at`; `None` if none does."""
    if len(rows[at]) < 2:
        return None
    columns = [_span(cell) for cell in rows[at]]
    end, full, last = at + 1, 1, at + 1
    while end < len(rows):
        row = rows[end]
        above, here = rows[end - 1][0][0], row[0][0]
        if here.top - above.bottom > 2.5 * max(above.size, here.size):
            break
        merged = _merged(columns, [_span(cell) for cell in row])
        if len(merged) < max(2, len(columns) * 0.6) or (len(row) == 1 and _covers(row[0], columns) > 1):
            break
        columns = merged
        end += 1
        if len(row) > 1:
            full, last = full + 1, end
    if all(_is_mark(row) for row in rows[at:last] if len(row) > 1) or _is_prose(rows[at:last]):
        return None
    needed = 3 if len(columns) == 2 else 2
    return last if full >= needed and full * 3 >= last - at else None


def _is_mark(row: list[list[Run]]) -> bool:
    """Whether a row is an item of a list: a bullet or a number, a gap, text."""
    return len(row) == 2 and bool(_BULLET.match(f"{row[0][0].text} x")) and len(row[0]) == 1


def _is_prose(rows: list[list[list[Run]]]) -> bool:
    """Whether the cells are lines of running text: two columns that nobody recognised."""
    letters = [sum(len(run.text) for run in cell) for row in rows if len(row) > 1 for cell in row]
    return len(letters) > 8 and median(letters) > 45


def _span(cell: Sequence[Run]) -> tuple[float, float]:
    return min(run.left for run in cell), max(run.right for run in cell)


def _covers(cell: Sequence[Run], columns: list[tuple[float, float]]) -> int:
    left, right = _span(cell)
    return sum(min(right, end) - max(left, start) > 2 for start, end in columns)


def _merged(
    columns: list[tuple[float, float]], spans: list[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Columns, widened by what stands below them."""
    found: list[tuple[float, float]] = []
    for start, end in sorted([*columns, *spans]):
        if found and start < found[-1][1] - 1:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _aligned(rows: list[list[list[Run]]]) -> tuple[tuple[tuple[Run, ...], ...], ...]:
    columns: list[tuple[float, float]] = []
    for row in rows:
        columns = _merged(columns, [_span(cell) for cell in row])
    table = []
    for row in rows:
        cells: list[list[Run]] = [[] for _ in columns]
        for cell in row:
            left, right = _span(cell)
            shares = [min(right, end) - max(left, start) for start, end in columns]
            cells[shares.index(max(shares))].append(_line(cell))
        table.append(tuple(tuple(cell) for cell in cells))
    return tuple(table)


def _paragraphs(lines: list[Run]) -> list[Piece]:
    if not lines:
        return []
    right = max(line.right for line in lines)
    left = min(line.left for line in lines)
    groups: list[list[Run]] = [[lines[0]]]
    for before, line in pairwise(lines):
        indented = line.left > before.left + 0.8 * line.size and before.left - left < 0.8 * line.size
        ended = before.right < right - (right - left) * 0.12 and before.text.endswith(_SENTENCE_END)
        # What is indented below a bullet belongs to it.
        indented = indented and not _BULLET.match(groups[-1][0].text)
        if not _goes_on(before, line, right) or indented or ended:
            groups.append([line])
        else:
            groups[-1].append(line)
    return [Piece(lines=tuple(group), item=bool(_BULLET.match(group[0].text))) for group in groups]


def _goes_on(before: Run, line: Run, right: float) -> bool:
    """Whether `line` belongs to the paragraph of the line before."""
    if abs(before.size - line.size) > 0.12 * max(before.size, line.size) or before.bold != line.bold:
        return False
    if line.top - before.bottom > 0.75 * line.size or line.bottom < before.top:
        return False
    if before.right < right * 0.5 and before.bold:
        return False
    return not _BULLET.match(line.text)
