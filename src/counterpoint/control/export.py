"""Tables as files: CSV for spreadsheets, JSON for programs, Parquet for whoever has millions of rows.

Rows are written as they come; nothing is held but a batch.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, BinaryIO, Literal

import msgspec

Format = Literal["csv", "json", "jsonl", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "json", "jsonl", "parquet")
Kind = Literal["text", "integer", "number", "boolean", "amount", "moment", "json"]
Cell = Any
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Column(msgspec.Struct, frozen=True):
    """`amount`: money, exact; `moment`: a time in UTC; `json`: a nested value."""

    name: str
    kind: Kind


def write_table(
    columns: Sequence[Column], rows: Iterable[Sequence[Cell]], kind: Format, out: BinaryIO
) -> int:
    """Writes all rows, in the order of the columns; how many."""
    counted = _Counted(rows)
    if kind == "csv":
        _csv(columns, counted, out)
    elif kind == "json":
        _json(columns, counted, out)
    elif kind == "jsonl":
        _lines(columns, counted, out)
    else:
        # Eight megabytes of code, for who asks.
        from counterpoint.control.parquet import write_parquet_table  # noqa: PLC0415

        write_parquet_table(columns, counted, out)
    return counted.count


class _Counted:
    def __init__(self, rows: Iterable[Sequence[Cell]]) -> None:
        self._rows = iter(rows)
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        return self

    def __next__(self) -> Sequence[Cell]:
        row = next(self._rows)
        self.count += 1
        return row


def _csv(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], out: BinaryIO) -> None:
    """RFC 4180, UTF-8."""
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([column.name for column in columns])
    for row in rows:
        writer.writerow([_csv_cell(column, cell) for column, cell in zip(columns, row, strict=True)])
    text.detach()


def _csv_cell(column: Column, cell: Cell) -> str:
    if cell is None:
        return ""
    if column.kind == "moment":
        return _iso(cell)
    if column.kind == "boolean":
        return "true" if cell else "false"
    if column.kind == "amount":
        return f"{cell:f}"
    if column.kind == "json":
        return msgspec.json.encode(cell).decode()
    text = str(cell)
    # A caller chooses the name of the model that he asks for, and a spreadsheet would run it as a formula
    # (OWASP, "CSV Injection").
    return f"'{text}" if column.kind == "text" and text.startswith(_FORMULA) else text


def _json(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], out: BinaryIO) -> None:
    """An array of objects; amounts are strings, because programs read numbers as floats."""
    separator = b"[\n"
    for row in rows:
        out.write(separator + _json_object(columns, row))
        separator = b",\n"
    out.write(b"\n]\n" if separator == b",\n" else b"[]\n")


def _lines(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], out: BinaryIO) -> None:
    """One object a line, so that a program can read it while it comes (jsonlines.org)."""
    out.writelines(_json_object(columns, row) + b"\n" for row in rows)


def _json_object(columns: Sequence[Column], row: Sequence[Cell]) -> bytes:
    return msgspec.json.encode(
        {column.name: _json_cell(column, cell) for column, cell in zip(columns, row, strict=True)}
    )


def _json_cell(column: Column, cell: Cell) -> Any:
    if cell is None:
        return None
    if column.kind == "moment":
        return _iso(cell)
    return f"{cell:f}" if column.kind == "amount" else cell


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
