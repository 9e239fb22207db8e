"""Documents cut into passages: what is found, ranked and quoted from.

Cut along the structure its author gave: below one heading, whole paragraphs, an enumeration with what introduces it;
sentences only where a paragraph is too long. Tables stand alone and are cut between rows, their header among the
titles of what follows. A passage crosses no heading, no sheet and no slide, and two of them never share a sign.
`docs/knowledge-figures.md` has the measurements that chose the size.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final

import msgspec

from counterpoint.knowledge.documents import Block, Parsed, Passage
from counterpoint.knowledge.text import language_of, sentences

SIZE: Final = 1200
"""Characters that a passage has at most."""
_LONGEST_TITLE: Final = 300
"""What is longer is a paragraph that looks like a heading."""
_DEEPEST: Final = 6
_TELLING: Final = 240
"""Characters from which on a passage's own words say its language; shorter ones are in the document's."""

_Span = tuple[int, int]


class _Piece(msgspec.Struct, frozen=True):
    """A passage to be: where it is, and below what."""

    start: int
    end: int
    titles: tuple[str, ...]
    blocks: tuple[Block, ...]
    table: bool = False
    range: str = ""


def passages_of(parsed: Parsed, document: str, version: str, *, size: int = SIZE) -> tuple[Passage, ...]:
    """In the order of the text. Every sign of a block is in one of them, or in the titles of some if it is a
    heading's."""
    whole = language_of(parsed.text) or parsed.language
    pages = _Pages(parsed)
    pieces = (piece for section in _sections(parsed) for piece in _pieces(parsed.text, section, whole, size))
    return tuple(
        Passage(
            document=document,
            version=version,
            number=number,
            start=piece.start,
            end=piece.end,
            text=parsed.text[piece.start : piece.end],
            titles=piece.titles,
            language=_language(parsed.text[piece.start : piece.end], whole),
            page=pages.at(piece.start, piece.blocks[0]),
            last_page=pages.at(piece.end - 1, piece.blocks[-1]),
            sheet=piece.blocks[0].sheet,
            range=piece.range,
            table=piece.table,
        )
        for number, piece in enumerate(pieces)
    )


def context(passage: Passage) -> str:
    """What a passage is indexed and embedded as: the titles it stands below say what it is about."""
    return "\n".join([*passage.titles, passage.text])


def _language(text: str, whole: str) -> str:
    return (language_of(text) or whole) if len(text) >= _TELLING or not whole else whole


class _Pages:
    """On which page a sign stands: as the lines say where there are some, else as the block does."""

    def __init__(self, parsed: Parsed) -> None:
        self._lines = sorted(parsed.lines, key=lambda line: line.start)
        self._starts = [line.start for line in self._lines]

    def at(self, offset: int, block: Block) -> int | None:
        place = bisect_right(self._starts, offset) - 1
        if place >= 0 and block.start <= self._lines[place].start < block.end:
            return self._lines[place].box.page
        return block.page


class _Section(msgspec.Struct, frozen=True):
    """Blocks in a row that one passage may hold, and the titles above them."""

    titles: tuple[str, ...]
    blocks: tuple[Block, ...]


def _sections(parsed: Parsed) -> Iterator[_Section]:
    """A heading without anything below it is a section by itself: it must be found too."""
    above: list[Block] = []
    flowing: list[Block] = []
    bare: Block | None = None
    for block in (*parsed.blocks, None):
        heading = block is not None and _is_heading(parsed.text, block)
        if block is None or heading or (flowing and not _flows(flowing, block, parsed)):
            if flowing:
                yield _Section(_titles(parsed, above), tuple(flowing))
            flowing = []
        if (block is None or heading) and bare and (block is None or block.level <= bare.level):
            yield _Section(_titles(parsed, above[:-1]), (bare,))
        if block is None:
            return
        if heading:
            above = [*(one for one in above if one.level < block.level), block]
            bare = block
        elif parsed.text[block.start : block.end].strip():
            flowing.append(block)
            bare = None


def _is_heading(text: str, block: Block) -> bool:
    return block.kind == "heading" and 0 < len(text[block.start : block.end].strip()) <= _LONGEST_TITLE


def _flows(held: Sequence[Block], block: Block, parsed: Parsed) -> bool:
    """May one passage hold this too? Pages without lines are slides: each is its own. A table takes its captions
    with it and nothing else."""
    before = held[-1]
    if before.sheet != block.sheet or (before.page != block.page and not parsed.lines):
        return False
    if any(one.kind == "table" for one in held[-2:]):
        return block.kind == "caption" and before.kind == "table"
    if block.kind == "table":
        return len(held) == 1 and before.kind == "caption"
    return block.kind != "caption"


def _titles(parsed: Parsed, above: Sequence[Block]) -> tuple[str, ...]:
    """From the document's own down to the nearest; what is said twice in a row is said once."""
    texts = [parsed.title, *(parsed.text[block.start : block.end] for block in above)]
    plain = [" ".join(text.split())[:_LONGEST_TITLE] for text in texts]
    told = [text for text, _ in groupby(filter(None, plain))]
    return tuple(told if len(told) <= _DEEPEST else [told[0], *told[1 - _DEEPEST :]])


def _pieces(text: str, section: _Section, language: str, size: int) -> Iterator[_Piece]:
    table = next((block for block in section.blocks if block.kind == "table"), None)
    if table is not None:
        yield from _of_table(text, section, table, language, size)
        return
    units = list(_glued(text, section.blocks, _units(text, section.blocks, language, size), size))
    starts, ends = [block.start for block in section.blocks], [block.end for block in section.blocks]
    for start, end in _packed(units, size):
        inside = section.blocks[bisect_right(ends, start) : bisect_left(starts, end)]
        yield _Piece(start, end, section.titles, inside)


def _units(text: str, blocks: Iterable[Block], language: str, size: int) -> Iterator[_Span]:
    """What is never cut: a paragraph, or a sentence or line of one that is too long."""
    for block in blocks:
        start, end = _trimmed(text, block.start, block.end)
        if end - start <= size:
            yield start, end
            continue
        cut = _lines(text, start, end) if block.kind == "code" else _sentences(text, start, end, language)
        for unit in cut:
            yield from _cut(text, *unit, size)


def _sentences(text: str, start: int, end: int, language: str) -> list[_Span]:
    return [(start + first, start + last) for first, last in sentences(text[start:end], language)]


def _lines(text: str, start: int, end: int) -> list[_Span]:
    found: list[_Span] = []
    for line in text[start:end].splitlines(keepends=True):
        span = _trimmed(text, start, start + len(line))
        start += len(line)
        if span[0] < span[1]:
            found.append(span)
    return found


def _cut(text: str, start: int, end: int, size: int) -> Iterator[_Span]:
    """At white space where there is some, through a word where there is none."""
    while end - start > size:
        space = max((text.rfind(sign, start + 1, start + size + 1) for sign in " \n\t\u00a0"), default=-1)
        middle = space if space > start + size // 2 else start + size
        yield _trimmed(text, start, middle)
        start = _trimmed(text, middle, end)[0]
    if start < end:
        yield start, end


def _glued(text: str, blocks: Sequence[Block], units: Iterable[_Span], size: int) -> Iterator[_Span]:
    """What ends with a colon stays with what it announces."""
    held: _Span | None = None
    for unit in units:
        joined = (held[0], unit[1]) if held and unit[1] - held[0] <= size else None
        if held and joined is None:
            yield held
        held = joined or unit
        if text[held[1] - 1] != ":":
            yield held
            held = None
    if held:
        yield held


def _packed(units: Sequence[_Span], size: int) -> Iterator[_Span]:
    """As few passages as fit, of about one length."""
    if not units:
        return
    fewest = math.ceil((units[-1][1] - units[0][0]) / size)
    wanted = (units[-1][1] - units[0][0]) / fewest
    start, end = units[0]
    for unit in units[1:]:
        nearer = abs(unit[1] - start - wanted) > abs(end - start - wanted)
        if unit[1] - start > size or nearer:
            yield start, end
            start = unit[0]
        end = unit[1]
    yield start, end


def _of_table(text: str, section: _Section, table: Block, language: str, size: int) -> Iterator[_Piece]:
    """Whole if it fits, with its caption; else rows, the header's words above all but the first."""
    start, end = _trimmed(text, section.blocks[0].start, section.blocks[-1].end)
    if end - start <= size:
        yield _Piece(start, end, section.titles, section.blocks, table=True, range=table.range)
        return
    before = [block for block in section.blocks if block.end <= table.start]
    after = [block for block in section.blocks if block.start >= table.end]
    yield from _pieces(text, _Section(section.titles, tuple(before)), language, size)
    rows = rows_of(text, table)
    header = " ".join(text[slice(*rows[0])].split())[:_LONGEST_TITLE] if rows else ""
    units = [unit for row in rows for unit in _cut(text, *row, size)]
    named = _Named(table)
    for number, (first, last) in enumerate(_packed(units, size)):
        titles = (*section.titles, header) if number and header else section.titles
        yield _Piece(first, last, titles, (table,), table=True, range=named.range(first, last))
    yield from _pieces(text, _Section(section.titles, tuple(after)), language, size)


def rows_of(text: str, table: Block) -> list[_Span]:
    """From where to where in the document each row stands, the header first."""
    if not table.cells:
        return _lines(text, *_trimmed(text, table.start, table.end))
    edges = [
        min(cell.start for cell in row)
        for _, row in groupby(
            sorted(table.cells, key=lambda cell: (cell.row, cell.start)), key=lambda cell: cell.row
        )
    ]
    edges = [table.start, *sorted(edges)[1:], table.end]
    spans = (_trimmed(text, *edge) for edge in pairwise(edges))
    return [span for span in spans if span[0] < span[1]]


class _Named:
    """A table's cells that have names."""

    def __init__(self, table: Block) -> None:
        self._cells = sorted((cell for cell in table.cells if cell.name), key=lambda cell: cell.start)
        self._starts = [cell.start for cell in self._cells]
        self._by_place = {(cell.row, cell.column): cell.name for cell in self._cells}
        self._whole = table.range

    def range(self, start: int, end: int) -> str:
        """`A5:D9`: from the first to the last that stand between."""
        inside = self._cells[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        if not inside:
            return self._whole
        rows, columns = [cell.row for cell in inside], [cell.column for cell in inside]
        first = self._by_place.get((min(rows), min(columns)), inside[0].name)
        last = self._by_place.get((max(rows), max(columns)), inside[-1].name)
        return f"{first}:{last}" if first != last else first


def _trimmed(text: str, start: int, end: int) -> _Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
