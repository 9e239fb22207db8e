"""Where in a document a quotation stands, so that a person finds it: page, box, sheet, cell."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TypeVar

from counterpoint.knowledge.documents import Block, Box, Cell, Line, Parsed, Passage, Span

_Piece = TypeVar("_Piece", Line, Block, Cell)


def span_in(passage: Passage, start: int, end: int, parsed: Parsed | None = None) -> Span:
    """Of characters of a passage (offsets into the passage's text)."""
    first, last = passage.start + start, passage.start + end
    if parsed is not None:
        return span_of(parsed, passage.document, passage.version, first, last)
    one_page = passage.last_page in {None, passage.page}
    return Span(
        document=passage.document,
        version=passage.version,
        start=first,
        end=last,
        quote=passage.text[start:end],
        page=passage.page if one_page else None,
        sheet=passage.sheet,
    )


def span_of(parsed: Parsed, document: str, version: str, start: int, end: int) -> Span:
    """Of characters of a whole document."""
    boxes = boxes_of(parsed, start, end)
    blocks = _touched(parsed.blocks, start, end)
    pages = [box.page for box in boxes] or [block.page for block in blocks if block.page is not None]
    sheets = [block.sheet for block in blocks if block.sheet]
    names = [cell.name for block in blocks for cell in _touched(block.cells, start, end) if cell.name]
    return Span(
        document=document,
        version=version,
        start=start,
        end=end,
        quote=parsed.text[start:end],
        page=pages[0] if pages else None,
        sheet=sheets[0] if sheets else "",
        cell=_range(names),
        boxes=boxes,
    )


def boxes_of(parsed: Parsed, start: int, end: int) -> tuple[Box, ...]:
    """Of the lines that it touches; the share of a line is taken by its characters."""
    found = []
    for line in _touched(parsed.lines, start, end):
        first, last = max(start, line.start), min(end, line.end)
        if first < last:
            box, length = line.box, line.end - line.start
            width = box.right - box.left
            left = box.left + width * (first - line.start) / length
            right = box.left + width * (last - line.start) / length
            found.append(Box(box.page, round(left, 5), box.top, round(right, 5), box.bottom))
    return tuple(found)


def _touched(pieces: Sequence[_Piece], start: int, end: int) -> Sequence[_Piece]:
    """Those that have some of these characters: they stand in order and never overlap (`parsing.soundness`)."""
    first = bisect_right(pieces, start, key=lambda piece: piece.end)
    return pieces[first : bisect_left(pieces, end, lo=first, key=lambda piece: piece.start)]


def _range(names: list[str]) -> str:
    """`B4`, or from the first to the last: `B4:D4`."""
    if not names:
        return ""
    return names[0] if len(names) == 1 else f"{names[0]}:{names[-1]}"
