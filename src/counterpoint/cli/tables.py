"""Tables that fit the terminal and never cut what one would copy.

A column marked `whole` (ids, names) keeps each cell in one piece on one line. Others may wrap; where even
that does not fit, each row becomes a block of labelled lines.
"""

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import msgspec

_GAP = 2
_NARROWEST = 8


class Column(msgspec.Struct, frozen=True):
    """`whole`: never broken. `right`: numbers, aligned by their end."""

    title: str
    whole: bool = False
    right: bool = False


class Head(str):
    """A line that stands above others: the titles, or the first line of a block."""

    __slots__ = ()


def layout(columns: Sequence[Column], rows: Iterable[Sequence[str]], width: int | None) -> list[str]:
    """The lines, the titles first. `width`: of the terminal; `None`: nobody looks, so one line per row."""
    cells = [[printable(cell) for cell in row] for row in rows]
    needed = [
        max(map(span, [column.title, *(row[index] for row in cells)])) for index, column in enumerate(columns)
    ]
    widths = needed if width is None else _fitted(columns, cells, needed, width)
    if widths is None:
        return list(_blocks(columns, cells, width or 80))
    titles = [Head(line) for line in _row(columns, [column.title for column in columns], widths)]
    return [*titles, *(line for row in cells for line in _row(columns, row, widths))]


def span(text: str) -> int:
    """Cells that the text takes on a terminal (Unicode Annex 11: wide letters take two)."""
    return sum(
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in text
    )


def printable(text: str) -> str:
    """Without what a terminal would obey: names come from files and from others."""
    return "".join(letter if _is_shown(letter) else "\ufffd" for letter in text)


def _is_shown(letter: str) -> bool:
    """Spaces of every width are no commands, though Python does not call them printable."""
    return letter.isprintable() or unicodedata.category(letter) == "Zs"


def _fitted(
    columns: Sequence[Column], cells: list[list[str]], needed: list[int], width: int
) -> list[int] | None:
    """Widths that fit, taken from the widest that may wrap; `None` if there are none."""
    widths = list(needed)
    least = [
        size
        if column.whole or column.right
        else min(size, max(_NARROWEST, _longest_word(index, cells, column)))
        for index, (column, size) in enumerate(zip(columns, needed, strict=True))
    ]
    excess = sum(widths) + _GAP * (len(widths) - 1) - width
    while excess > 0:
        index = max(range(len(widths)), key=lambda at: widths[at] - least[at])
        if widths[index] == least[index]:
            return None
        widths[index] -= 1
        excess -= 1
    return widths


def _longest_word(index: int, cells: list[list[str]], column: Column) -> int:
    texts = [column.title, *(row[index] for row in cells)]
    return max((span(word) for text in texts for word in text.split()), default=0)


def _row(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    wrapped = [
        [cell] if column.whole or span(cell) <= width else textwrap.wrap(cell, width, break_long_words=False)
        for column, cell, width in zip(columns, row, widths, strict=True)
    ]
    for line in range(max(map(len, wrapped), default=0)):
        pieces = (lines[line] if line < len(lines) else "" for lines in wrapped)
        padded = (
            _pad(piece, width, right=column.right)
            for piece, width, column in zip(pieces, widths, columns, strict=True)
        )
        yield (" " * _GAP).join(padded).rstrip()


def _pad(text: str, width: int, *, right: bool) -> str:
    space = " " * max(0, width - span(text))
    return space + text if right else text + space


def _blocks(columns: Sequence[Column], cells: list[list[str]], width: int) -> Iterator[str]:
    label = max(span(column.title) for column in columns[1:]) + _GAP if len(columns) > 1 else 0
    for index, row in enumerate(cells):
        if index:
            yield ""
        yield Head(row[0])
        for column, cell in zip(columns[1:], row[1:], strict=True):
            if cell:
                yield from _labelled(column, cell, label, width)


def _labelled(column: Column, cell: str, label: int, width: int) -> Iterator[str]:
    room = max(_NARROWEST, width - label - _GAP)
    lines = [cell] if column.whole else textwrap.wrap(cell, room, break_long_words=False)
    for number, line in enumerate(lines):
        yield " " * _GAP + _pad(column.title if number == 0 else "", label, right=False) + line
