import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from counterpoint.control.export import FORMATS, Column, Format, write_table

COLUMNS = (
    Column("name", "text"),
    Column("count", "integer"),
    Column("mean", "number"),
    Column("ok", "boolean"),
    Column("cost", "amount"),
    Column("at", "moment"),
    Column("more", "json"),
)
AT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
ROWS: list[list[Any]] = [
    ['gpt,"5"\n', 7, 0.5, True, Decimal("0.000000000001"), AT, [{"a": 1}]],
    [None, None, None, None, None, None, None],
    ["", -1, 1e300, False, Decimal(10**9), AT, {}],
]


def written(kind: Format, rows: Sequence[Sequence[Any]]) -> bytes:
    out = io.BytesIO()
    assert write_table(COLUMNS, iter(rows), kind, out) == len(rows)
    assert not out.closed
    return out.getvalue()


def test_csv_reads_back() -> None:
    read = list(csv.reader(io.StringIO(written("csv", ROWS).decode(), newline="")))
    assert read == [
        [column.name for column in COLUMNS],
        ['gpt,"5"\n', "7", "0.5", "true", "0.000000000001", "2026-01-02T03:04:05.678901Z", '[{"a":1}]'],
        [""] * 7,
        ["", "-1", "1e+300", "false", "1000000000", "2026-01-02T03:04:05.678901Z", "{}"],
    ]


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x", "@x", "\tx"])
def test_no_cell_is_a_formula(name: str) -> None:
    data = written("csv", [[name, -5, None, None, None, None, None]]).decode()
    (row,) = list(csv.reader(io.StringIO(data, newline="")))[1:]
    assert row[0] == f"'{name}"
    assert row[1] == "-5"


def test_json_reads_back_with_exact_amounts() -> None:
    first, empty, _ = json.loads(written("json", ROWS))
    assert first["cost"] == "0.000000000001"
    assert first["at"] == "2026-01-02T03:04:05.678901Z"
    assert first["more"] == [{"a": 1}]
    assert set(empty.values()) == {None}


def test_lines_of_json_are_the_array_of_json() -> None:
    lines = written("jsonl", ROWS).decode().removesuffix("\n").split("\n")
    assert [json.loads(line) for line in lines] == json.loads(written("json", ROWS))


@pytest.mark.parametrize("kind", FORMATS)
def test_no_rows_are_a_valid_file_too(kind: Format) -> None:
    data = written(kind, [])
    if kind == "csv":
        assert data == b"name,count,mean,ok,cost,at,more\r\n"
    elif kind == "json":
        assert json.loads(data) == []
    elif kind == "jsonl":
        assert data == b""
    else:
        assert data[:4] == data[-4:] == b"PAR1"
