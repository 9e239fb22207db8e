"""Sheets of which a few cells lie far out: the library that reads them makes room for all that lies between, and one
cell in the last corner is seventeen thousand million of them. Here such a sheet is drawn together before it is read:
rows and columns without anything in them are left out, and it is known where each of the others stood. And the library
reads nothing of a sheet with one cell that it does not understand: such a sheet is written anew without it.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice
from typing import Final

import msgspec

from counterpoint.knowledge.parsing.packages import part

MOST_AREA: Final = 40_000_000
"""Cells of a sheet from its first to its last, filled or not."""
MOST_CELLS: Final = 2_000_000
"""Filled ones, of a workbook."""

_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})(\d{1,7})["']""")
_TAG = re.compile(
    rb"<(?P<row>(?:\w+:)?row)\b(?P<of>[^>]*)>|<(?P<cell>(?:\w+:)?c)(?P<has>\s[^>]*?)?(?:/>|>(?P<inner>.*?)</(?P=cell)\s*>)",
    re.DOTALL,
)
_KIND = re.compile(rb"""\bt\s*=\s*["'](\w*)["']""")
_KINDS: Final = {b"n", b"str", b"inlineStr", b"b", b"d"}
_VALUE = re.compile(rb"<(?:\w+:)?v>\s*(\d{1,9})\s*<")
_STRING = re.compile(rb"<(?:\w+:)?si[\s/>]")
_STRINGS: Final = "xl/sharedStrings.xml"


class Axes(msgspec.Struct, frozen=True):
    """Where the rows and columns of a sheet stood that was drawn together. `cut`: it has more cells than are read."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    cut: bool = False


class _Cell(msgspec.Struct, frozen=True):
    """A filled one. `attributes`: without where it stands."""

    row: int
    column: int
    tag: bytes
    attributes: bytes
    inner: bytes


def drawn_together(data: bytes, sheets: Mapping[str, str]) -> tuple[bytes, dict[str, Axes]]:
    """The workbook as it can be read, and of each of the `sheets` (names, with their parts) that was drawn together,
    where its rows and columns stood."""
    axes: dict[str, Axes] = {}
    changed: dict[str, bytes] = {}
    for name, place in sheets.items():
        content = part(data, place) if place else b""
        if _reaches_far(content):
            axes[name], changed[place] = _drawn(content)
    return (_with(data, changed) if changed else data), axes


def mended(data: bytes, place: str) -> tuple[bytes, Axes] | None:
    """The workbook with the sheet in that part as far as its cells can be read, drawn together; `None`: it is not
    there, or too much of it cannot be read to say what the rest means."""
    content = part(data, place) if place else b""
    if not content:
        return None
    strings = len(_STRING.findall(part(data, _STRINGS)))
    cells = list(islice(_cells(content), MOST_CELLS))
    lost = sum(not _readable(cell, strings) and not _is_error(cell) for cell in cells)
    if lost * 2 > len(cells) - lost:
        return None
    axes, written = _drawn(content, strings)
    return _with(data, {place: written}), axes


def _reaches_far(content: bytes) -> bool:
    rows: set[int] = set()
    letters: set[bytes] = set()
    for match in _REFERENCE.finditer(content):
        letters.add(match[1])
        rows.add(int(match[2]))
    columns = [_number(each) for each in letters if each]
    if not columns:
        return False
    return (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1) > MOST_AREA


def _drawn(content: bytes, strings: int | None = None) -> tuple[Axes, bytes]:
    """`strings`: how many are shared; `None`: all cells can be read."""
    cells: list[_Cell] = []
    rows: set[int] = set()
    columns: set[int] = set()
    cut = False
    for cell in _cells(content):
        if strings is not None and not _readable(cell, strings):
            continue
        area = (len(rows) + (cell.row not in rows)) * (len(columns) + (cell.column not in columns))
        if len(cells) >= MOST_CELLS or area > MOST_AREA:
            cut = True
            break
        rows.add(cell.row)
        columns.add(cell.column)
        cells.append(cell)
    axes = Axes(tuple(sorted(rows)), tuple(sorted(columns)), cut)
    return axes, _written(cells, axes)


def _cells(content: bytes) -> Iterator[_Cell]:
    """Those that have something in them. One that does not say where it stands follows the one before."""
    row = column = -1
    for match in _TAG.finditer(content):
        said = _REFERENCE.search(match["of"] if match["row"] else match["has"] or b"")
        if match["row"]:
            row, column = (int(said[2]) - 1 if said else row + 1), -1
            continue
        column = _number(said[1]) - 1 if said and said[1] else column + 1
        row = int(said[2]) - 1 if said and said[1] else row
        if match["inner"] and row >= 0:
            yield _Cell(row, column, match["cell"], _REFERENCE.sub(b"", match["has"] or b""), match["inner"])


def _is_error(cell: _Cell) -> bool:
    kind = _KIND.search(cell.attributes)
    return kind is not None and kind[1] == b"e"


def _readable(cell: _Cell, strings: int) -> bool:
    """Errors say nothing, whatever programs call them (`#SPILL!`, `#ERROR!`)."""
    kind = _KIND.search(cell.attributes)
    if kind is None or kind[1] not in {b"s", b"e"}:
        return kind is None or kind[1] in _KINDS
    value = _VALUE.search(cell.inner)
    return kind[1] == b"s" and value is not None and int(value[1]) < strings


def _written(cells: Iterable[_Cell], axes: Axes) -> bytes:
    rows = {row: number for number, row in enumerate(axes.rows, 1)}
    columns = {column: _letters(number) for number, column in enumerate(axes.columns, 1)}
    written = [b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>']
    for row, some in groupby(cells, key=lambda cell: cell.row):
        written.append(b'<row r="%d">' % rows[row])
        written += (
            b'<%b r="%b%d"%b>%b</%b>'
            % (cell.tag, columns[cell.column], rows[row], cell.attributes, cell.inner, cell.tag)
            for cell in some
        )
        written.append(b"</row>")
    return b"".join([*written, b"</sheetData></worksheet>"])


def _with(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    """The archive with these parts instead of its own."""
    named = {name.lstrip("/").lower(): content for name, content in changed.items()}
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as before,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as after,
    ):
        for name in dict.fromkeys(before.namelist()):
            content = named.get(name.lstrip("/").lower())
            if content is not None or name.lower().endswith((".xml", ".rels")):
                after.writestr(name, before.read(name) if content is None else content)
    return buffer.getvalue()


def _number(letters: bytes) -> int:
    """Of a column, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _letters(number: int) -> bytes:
    letters = b""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = bytes([65 + letter]) + letters
    return letters
