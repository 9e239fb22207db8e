"""What is written as Parquet reads back as it was."""

import io
from decimal import Decimal
from typing import Any

from arro3.io import read_parquet
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.control.test_export import AT, COLUMNS, ROWS, written


def from_parquet(data: bytes) -> list[list[Any]]:
    table = read_parquet(io.BytesIO(data)).read_all()
    return [
        list(row) for row in zip(*(table.column(column.name).to_pylist() for column in COLUMNS), strict=True)
    ]


def test_parquet_reads_back_with_its_types() -> None:
    data = written("parquet", ROWS)
    assert data[:4] == data[-4:] == b"PAR1"
    first, empty, last = from_parquet(data)
    assert first == ['gpt,"5"\n', 7, 0.5, True, Decimal("0.000000000001"), AT, '[{"a":1}]']
    assert empty == [None] * 7
    assert last[4] == Decimal(10**9)


def test_no_rows_are_a_valid_file_too() -> None:
    assert from_parquet(written("parquet", [])) == []


def test_many_rows_need_several_batches() -> None:
    rows = [[f"n{number}", number, None, None, None, None, None] for number in range(25_000)]
    read = from_parquet(written("parquet", rows))
    assert [row[1] for row in read] == list(range(25_000))


@given(
    st.lists(
        st.tuples(
            st.none() | st.text(max_size=5),
            st.none() | st.integers(-(2**63), 2**63 - 1),
            st.none() | st.decimals(0, 10**12, places=12, allow_nan=False, allow_infinity=False),
        ),
        max_size=5,
    )
)
@settings(max_examples=80)
def test_any_cells_survive_parquet(cells: list[tuple[str | None, int | None, Decimal | None]]) -> None:
    rows = [[text, number, None, None, cost, None, None] for text, number, cost in cells]
    assert [(row[0], row[1], row[4]) for row in from_parquet(written("parquet", rows))] == cells
