"""Whether a `Parsed` keeps its promises about offsets: asked in tests, and of every answer of a child process."""

import math
from collections.abc import Iterator

from counterpoint.knowledge.documents import Block, Box, Parsed


def sound(parsed: Parsed) -> bool:
    """Whether every place in it is a place in its text, in order and without overlap."""
    return next(faults(parsed), None) is None


def faults(parsed: Parsed) -> Iterator[str]:
    """Each promise that it breaks."""
    length, at = len(parsed.text), 0
    for number, block in enumerate(parsed.blocks):
        if not at <= block.start < block.end <= length:
            yield f"block {number} has {block.start} to {block.end}, after {at} of {length}"
        if parsed.text[at : block.start] != ("\n\n" if number else ""):
            yield f"block {number} is not two line ends after the one before"
        if block.page is not None and not 1 <= block.page <= parsed.pages:
            yield f"block {number} stands on page {block.page} of {parsed.pages}"
        yield from _cell_faults(parsed.text, block)
        at = block.end
    if at != length:
        yield f"{length - at} characters stand after the last block"
    yield from _line_faults(parsed)


def _cell_faults(text: str, block: Block) -> Iterator[str]:
    if not block.cells:
        return
    rows = text[block.start : block.end].split("\n")
    begins = [block.start]
    for row in rows:
        begins.append(begins[-1] + len(row) + 1)
    at = block.start
    for cell in block.cells:
        if not at <= cell.start < cell.end <= block.end:
            yield f"cell {cell} overlaps or leaves its block"
        elif not 0 <= cell.row < len(rows) or cell.column < 0:
            yield f"cell {cell} stands outside of its table"
        elif not begins[cell.row] <= cell.start or not cell.end < begins[cell.row + 1]:
            yield f"cell {cell} stands in another row"
        at = cell.end


def _line_faults(parsed: Parsed) -> Iterator[str]:
    at = 0
    for line in parsed.lines:
        if not at <= line.start < line.end <= len(parsed.text):
            yield f"line {line.start} to {line.end} overlaps or leaves the text"
        if not 1 <= line.box.page <= parsed.pages or not _is_box(line.box):
            yield f"line {line.start} has the box {line.box}"
        at = line.end


def _is_box(box: Box) -> bool:
    sides = (box.left, box.top, box.right, box.bottom)
    inside = all(math.isfinite(side) and 0 <= side <= 1 for side in sides)
    return inside and box.left <= box.right and box.top <= box.bottom
