"""Tables as Parquet files, exact: decimals stay decimals, times are UTC."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import BinaryIO

import msgspec
from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import write_parquet

from counterpoint.control.export import Cell, Column, Kind
from counterpoint.storage.clock import to_micros
from counterpoint.storage.types import DECIMALS

_BATCH = 10_000


def write_parquet_table(columns: Sequence[Column], rows: Iterator[Sequence[Cell]], out: BinaryIO) -> None:
    """All rows, in the order of the columns."""
    schema = Schema([Field(column.name, _type(column.kind), nullable=True) for column in columns])

    def batches() -> Iterator[RecordBatch]:
        while batch := list(islice(rows, _BATCH)):
            cells = zip(*batch, strict=True)
            arrays = [_array(column, values) for column, values in zip(columns, cells, strict=True)]
            yield RecordBatch.from_arrays(arrays, schema=schema)

    reader = RecordBatchReader.from_batches(schema, batches())
    write_parquet(reader, out, compression="zstd(3)")


def _type(kind: Kind) -> DataType:
    types = {
        "text": DataType.utf8,
        "json": DataType.utf8,
        "integer": DataType.int64,
        "number": DataType.float64,
        "boolean": DataType.bool,
    }
    if kind == "amount":
        return DataType.decimal128(38, DECIMALS)
    if kind == "moment":
        return DataType.timestamp("us", tz="UTC")
    return types[kind]()


def _array(column: Column, values: tuple[Cell, ...]) -> Array:
    """Decimals and times take a way round: the library makes arrays of plain numbers and text only."""
    if column.kind == "amount":
        return Array([None if value is None else _amount(value) for value in values], DataType.utf8()).cast(
            _type("amount")
        )
    if column.kind == "moment":
        return Array(
            [None if value is None else to_micros(value) for value in values], DataType.int64()
        ).cast(_type("moment"))
    if column.kind == "json":
        return Array(
            [None if value is None else msgspec.json.encode(value).decode() for value in values],
            DataType.utf8(),
        )
    return Array(list(values), _type(column.kind))


def _amount(value: Decimal) -> str:
    return f"{value:f}"
