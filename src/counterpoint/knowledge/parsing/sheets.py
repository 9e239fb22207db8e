"""Spreadsheets (xlsx, xlsm, xlsb, xls, ods): each sheet's filled areas as tables whose cells keep their names.

An empty row ends a table, as it does for a reader; empty columns within one are left out. Formulas are read as what
they last came to.
"""

import io
import math
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from itertools import count, pairwise
from typing import Final

import python_calamine as calamine

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.draft import Draft, on_one_line
from counterpoint.knowledge.parsing.formats import Formats, Places, formats_of
from counterpoint.knowledge.parsing.ole import MAGIC
from counterpoint.knowledge.parsing.ooxml import Package
from counterpoint.knowledge.parsing.outcome import (
    DAMAGED,
    ENCRYPTED,
    PARTS_DAMAGED,
    SHEETS_CUT,
    UnreadableError,
)
from counterpoint.knowledge.parsing.packages import check_package
from counterpoint.knowledge.parsing.sparse import MOST_AREA, MOST_CELLS, Axes, drawn_together, mended

Value = int | float | str | bool | time | date | datetime | timedelta

MOST_COLUMNS: Final = 1_000
MOST_SHEETS: Final = 1_000

Row = tuple[int, dict[int, str]]
"""Its number in the sheet, and its filled cells by column; both from 0."""


def read(data: bytes) -> Parsed:
    """The workbook."""
    draft = Draft()
    if not data.startswith(MAGIC):
        check_package(data)
        Package(data).describe(draft)
    formats = formats_of(data)
    drawn, axes = drawn_together(data, formats.parts)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(drawn))
    except calamine.PasswordError:
        raise UnreadableError(ENCRYPTED) from None
    except calamine.CalamineError:
        raise UnreadableError(DAMAGED) from None
    room, broken = MOST_CELLS, 0
    sheets = book.sheets_metadata
    for index, metadata in enumerate(sheets[:MOST_SHEETS]):
        if metadata.visible == calamine.SheetVisibleEnum.VeryHidden:
            continue
        try:
            sheet = book.get_sheet_by_index(index)
        except calamine.CalamineError:
            if metadata.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            broken += 1
            told = _mended(data, index, formats.parts.get(metadata.name, ""))
            if told is None:
                continue
            sheet, axes[metadata.name] = told
        room = _sheet(draft, sheet, formats, axes.get(sheet.name), room)
    if broken:
        draft.remark(PARTS_DAMAGED)
        if draft.empty:
            raise UnreadableError(DAMAGED)
    if len(sheets) > MOST_SHEETS:
        draft.remark(SHEETS_CUT)
    return draft.finish()


def _mended(data: bytes, index: int, place: str) -> tuple[calamine.CalamineSheet, Axes] | None:
    """A sheet without the cells that cannot be read; `None`: no other can, either."""
    found = mended(data, place)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(found[0])) if found else None
        return (book.get_sheet_by_index(index), found[1]) if book and found else None
    except calamine.CalamineError:
        return None


def _sheet(
    draft: Draft, sheet: calamine.CalamineSheet, formats: Formats, axes: Axes | None, room: int
) -> int:
    """Adds a sheet; what is left of the `room` for cells. `axes`: where its rows and columns stood."""
    name = on_one_line(sheet.name)
    if sheet.start is None or sheet.end is None:
        return room
    rows: list[Row] = []
    styles = formats.of_sheet(sheet.name)
    if sheet.height * sheet.width > MOST_AREA:
        draft.remark(SHEETS_CUT)
        return room
    if axes and axes.cut:
        draft.remark(SHEETS_CUT)
    for number, cells, whole in _filled(sheet, styles, axes):
        if not whole:
            draft.remark(SHEETS_CUT)
        room -= len(cells)
        if room < 0:
            draft.remark(SHEETS_CUT)
            break
        rows.append((number, cells))
    areas = list(_areas(rows))
    if areas:
        draft.add("heading", name, level=1, sheet=name)
    for area in areas:
        for part in _beside(area):
            _area(draft, part, name)
    return max(0, room)


def _filled(
    sheet: calamine.CalamineSheet, styles: Places, axes: Axes | None
) -> Iterator[tuple[int, dict[int, str], bool]]:
    """Its rows: their numbers, their cells by column, and whether those are all."""
    left = sheet.start[1] if sheet.start else 0
    # They come from the sheet's first row on, empty as it may be, and from its first filled column on.
    lines = axes.rows if axes else count()
    columns = axes.columns[left:] if axes else range(left, left + sheet.width)
    for number, values in zip(lines, sheet.iter_rows(), strict=False):
        cells = {}
        for column, value in zip(columns, values[:MOST_COLUMNS], strict=False):
            if value != "":
                text = on_one_line(shown(value, styles.get((number, column), "")))
                if text:
                    cells[column] = text
        yield number, cells, all(value == "" for value in values[MOST_COLUMNS:])


def _areas(rows: list[Row]) -> Iterator[list[Row]]:
    """Runs of rows that have something in them."""
    area: list[Row] = []
    for row in rows:
        if area and (not row[1] or row[0] != area[-1][0] + 1):
            yield area
            area = []
        if row[1]:
            area.append(row)
    if area:
        yield area


def _beside(area: list[Row]) -> list[list[Row]]:
    """Tables that stand beside each other: an empty column between them, and they begin or end in different rows. Where
    both reach from the same row to the same, the empty column is a matter of looks."""
    columns = sorted({column for _, cells in area for column in cells})
    groups: list[list[int]] = [[columns[0]]]
    for before, column in pairwise(columns):
        if column > before + 1:
            groups.append([])
        groups[-1].append(column)
    parts = []
    for group in groups:
        wanted = set(group)
        rows = [
            (row, {column: text for column, text in cells.items() if column in wanted}) for row, cells in area
        ]
        parts.append([row for row in rows if row[1]])
    extents = {(part[0][0], part[-1][0]) for part in parts}
    apart = len(extents) == len(parts) and all(len(part) > 1 for part in parts) and min(map(len, groups)) > 1
    return parts if len(parts) > 1 and apart else [area]


def _area(draft: Draft, area: list[Row], sheet: str) -> None:
    columns = sorted({column for _, cells in area for column in cells})
    first, last = area[0][0], area[-1][0]
    if len(area) == 1 and len(columns) == 1:
        draft.add_cell(area[0][1][columns[0]], name=cell_name(first, columns[0]), sheet=sheet)
        return
    draft.add_table(
        [[cells.get(column, "") for column in columns] for _, cells in area],
        sheet=sheet,
        range=f"{cell_name(first, columns[0])}:{cell_name(last, columns[-1])}",
        names=[[cell_name(row, column) for column in columns] for row, _ in area],
    )


def cell_name(row: int, column: int) -> str:
    """As the sheet names it: `B4`."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


def shown(value: Value, style: str = "") -> str:
    """A value as a reader of the sheet sees it. `style`: its number's format, as far as it was found."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _number(value, style)
        case datetime():
            plain = value.replace(microsecond=0)
            return (
                plain.date().isoformat()
                if plain.time() == time()
                else plain.isoformat(" ", "auto").removesuffix(":00")
            )
        case time():
            return value.replace(microsecond=0).isoformat("auto").removesuffix(":00")
        case date():
            return value.isoformat()
        case timedelta():
            return _duration(value)
        case _:
            return str(value)


def _duration(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}" + (
        f":{seconds % 60:02}" if seconds % 60 else ""
    )


def _number(value: float, style: str) -> str:
    """Fifteen digits are what a spreadsheet keeps; 0.1 + 0.2 is 0.3 there."""
    if not math.isfinite(value):
        return ""
    with suppress(ValueError):
        if style.endswith("%"):
            return f"{value * 100:.{int(style[:-1] or 0)}f}%"
        if style.isdigit():
            return f"{value:.{int(style)}f}"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}"
