"""How long exchanges took, as counts between fixed bounds: such counts add up over hours, groups and hosts, and
percentiles are estimated from them.

The bounds are a sixth of an octave apart (a factor of 1.12), from 1 ms to 70 min, so an estimate within them is at
most `ERROR` away from the exact percentile (by nearest rank); below 1 ms it is less than 1 ms away.

A histogram is one value of a column, and databases add two of them: on PostgreSQL a NUMERIC with twelve digits for
each bucket (zeros at its end take no room there), on SQLite a blob with as many bytes for each as the largest needs
(SQLite has no large numbers; the functions below are called from its SQL).
"""

import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Dialect, LargeBinary, Numeric
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

ERROR: Final = 0.1
_MARGIN: Final = 0.999 * ERROR
"""So that an estimate may be rounded to four digits."""
_STEPS: Final = 6
_OCTAVES: Final = 22
BOUNDS: Final = tuple(round(1000 * 2 ** (step / _STEPS)) for step in range(_STEPS * _OCTAVES + 1))
"""Microseconds. Bucket 0 is below the first one, the last bucket from the last one on."""
_DIGITS: Final = 12
_BYTES: Final = 5
"""For a bucket in a sum: a million million exchanges."""

Counts = Mapping[int, int]
"""Exchanges by bucket, for those that have any."""


def counted(micros: Iterable[int]) -> Counts:
    """The histogram of these."""
    return Counter(bisect_right(BOUNDS, each) for each in micros)


def added(histograms: Iterable[Counts]) -> Counts:
    """All of them in one."""
    total: dict[int, int] = {}
    for counts in histograms:
        for bucket, count in counts.items():
            total[bucket] = total.get(bucket, 0) + count
    return total


def percentile(counts: Counts, share: float) -> float | None:
    """An estimate of the microseconds within which that share of them ended; `None` of nothing."""
    rank = share * sum(counts.values())
    before = 0
    for bucket in sorted(counts):
        if before + counts[bucket] >= rank:
            return _within(bucket, (rank - before) / counts[bucket])
        before += counts[bucket]
    return None


def _within(bucket: int, share: float) -> float:
    """Between the bounds of a bucket, and never further from the value that it stands for than promised."""
    if bucket == 0:
        return BOUNDS[0] * share
    low, high = BOUNDS[bucket - 1], BOUNDS[min(bucket, len(BOUNDS) - 1)]
    return min(max(low + (high - low) * share, (1 - _MARGIN) * high), (1 + _MARGIN) * low)


def joined(counts: Counts, dialect: str) -> int:
    """As one number, in which sums of histograms are sums of numbers."""
    if dialect == "sqlite":
        return sum(count << 8 * _BYTES * bucket for bucket, count in counts.items())
    return sum(count * 10 ** (_DIGITS * bucket) for bucket, count in counts.items())


def split(number: int, dialect: str) -> Counts:
    """Of `joined`."""
    if not number:
        return {}
    if dialect == "sqlite":
        first, raw = _fields(number)
        fields = (
            int.from_bytes(raw[place : place + _BYTES], "little") for place in range(0, len(raw), _BYTES)
        )
        return {bucket: count for bucket, count in enumerate(fields, first) if count}
    digits = str(number)
    kept = digits.rstrip("0")
    first = (len(digits) - len(kept)) // _DIGITS
    ends = range(len(digits) - first * _DIGITS, 0, -_DIGITS)
    pieces = (int(digits[max(0, end - _DIGITS) : end]) for end in ends)
    return {bucket: count for bucket, count in enumerate(pieces, first) if count}


def stored(counts: Counts, dialect: str) -> Decimal | bytes:
    """As the column holds it."""
    if dialect != "sqlite":
        return Decimal(joined(counts, dialect))
    if not counts or max(counts.values()) > 255:
        return _packed(joined(counts, dialect))
    first = min(counts)  # the usual case, in which `_packed` comes to the same: few exchanges
    blob = bytearray(3 + max(counts) - first)
    blob[0], blob[1] = first, 1
    for bucket, count in counts.items():
        blob[2 + bucket - first] = count
    return bytes(blob)


def loaded(value: Any) -> int:
    """What a column or the functions below gave, as `joined`."""
    return _unpacked(value) if isinstance(value, bytes) else int(value or 0)


def _fields(number: int) -> tuple[int, bytes]:
    """The first bucket that is not empty, and from there on as many bytes for each as a sum has."""
    first = ((number & -number).bit_length() - 1) // (8 * _BYTES)
    number >>= 8 * _BYTES * first
    length = -(-number.bit_length() // (8 * _BYTES))
    return first, number.to_bytes(length * _BYTES, "little")


def _packed(number: int) -> bytes:
    """The first bucket, the width of a count, and the counts of all buckets from the first to the last."""
    if not number:
        return b""
    first, raw = _fields(number)
    length = len(raw) // _BYTES
    width = _BYTES
    while raw[width - 1 :: _BYTES].count(0) == length:
        width -= 1
    counts = bytearray(width * length)
    for place in range(width):
        counts[place::width] = raw[place::_BYTES]
    return bytes((first, width)) + counts


def _unpacked(blob: bytes) -> int:
    if not blob:
        return 0
    first, width = blob[0], blob[1]
    raw = bytearray((len(blob) - 2) // width * _BYTES)
    for place in range(width):
        raw[place::_BYTES] = blob[2 + place :: width]
    return int.from_bytes(raw, "little") << 8 * _BYTES * first


class Latencies(TypeDecorator[int]):
    """A column of histograms."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type that this database stores."""
        return dialect.type_descriptor(LargeBinary() if dialect.name == "sqlite" else Numeric())


class latency_sum(FunctionElement[Any]):  # noqa: N801 - it stands in a query where SQL functions stand
    """The histograms of all rows in one."""

    inherit_cache = True


class latency_count(FunctionElement[Any]):  # noqa: N801
    """The histogram of the microseconds of all rows."""

    inherit_cache = True


@compiles(latency_sum)
def _sum(element: latency_sum, compiler: SQLCompiler, **options: Any) -> str:
    return f"SUM({compiler.process(element.clauses, **options)})"


@compiles(latency_sum, "sqlite")
def _sum_sqlite(element: latency_sum, compiler: SQLCompiler, **options: Any) -> str:
    return f"latency_sum({compiler.process(element.clauses, **options)})"


_LADDER = ",".join(map(str, BOUNDS))


@compiles(latency_count)
def _count(element: latency_count, compiler: SQLCompiler, **options: Any) -> str:
    micros = compiler.process(element.clauses, **options)
    bucket = f"width_bucket({micros}, CAST('{{{_LADDER}}}' AS BIGINT[]))"
    return f"SUM(CAST('1e' || {_DIGITS} * {bucket} AS NUMERIC))"


@compiles(latency_count, "sqlite")
def _count_sqlite(element: latency_count, compiler: SQLCompiler, **options: Any) -> str:
    return f"latency_count({compiler.process(element.clauses, **options)})"


class _Sum:
    def __init__(self) -> None:
        self._total = 0

    def step(self, blob: bytes, /) -> None:
        self._total += _unpacked(blob)

    def finalize(self) -> bytes:
        return _packed(self._total)


class _Count:
    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    def step(self, micros: int | None, /) -> None:
        if micros is not None:
            bucket = bisect_right(BOUNDS, micros)
            self._counts[bucket] = self._counts.get(bucket, 0) + 1

    def finalize(self) -> bytes:
        return _packed(joined(self._counts, "sqlite"))


def _two(one: bytes, other: bytes) -> bytes:
    return _packed(_unpacked(one) + _unpacked(other))


def equip(connection: sqlite3.Connection) -> None:
    """Gives SQLite the functions."""
    connection.create_function("latency_plus", 2, _two, deterministic=True)
    connection.create_aggregate("latency_sum", 1, _Sum)  # type: ignore[arg-type]  # typeshed knows integers only
    connection.create_aggregate("latency_count", 1, _Count)  # type: ignore[arg-type]
