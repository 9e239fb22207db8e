"""How long exchanges took, as counts between fixed bounds: such counts add up over hours, groups and hosts, and
percentiles are estimated from them.

The bounds are a sixth of an octave apart (a factor of 1.12), from 1 ms to 70 min, so an estimate within them is at
most `ERROR` away from the exact percentile (by nearest rank); below 1 ms it is less than 1 ms away.

A histogram is one value of a column, and databases add two of them: on PostgreSQL a NUMERIC with twelve digits for
each bucket (zeros at its end take no room there), on SQLite, which has no large numbers, a blob: of few exchanges
the bucket of each, of more the counts of all buckets from the first to the last. The functions below are called from
SQLite's SQL.
"""

import sqlite3
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import accumulate, chain, repeat
from struct import Struct
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
_BYTES: Final = 8
"""For a bucket in a sum."""
_FIELDS: Final = Struct(f"<{len(BOUNDS) + 1}Q")
_LISTED: Final = 64
"""Exchanges of which each has its bucket in a blob: those blobs are quick to add and to read."""
_COUNTED: Final = 255
"""What begins other blobs."""
_SUMMED: Final = b"\xfe"
"""What begins the sum of a query: all buckets, as numbers that `joined` has."""

Counts = Mapping[int, int]
"""Exchanges by bucket, for those that have any."""


def counted(micros: Iterable[int]) -> Counts:
    """The histogram of these."""
    return Counter(bisect_right(BOUNDS, each) for each in micros)


def added(histograms: Iterable[Counts]) -> Counts:
    """All of them in one."""
    some = [counts for counts in histograms if counts]
    if len(some) == 1:
        return some[0]
    total: dict[int, int] = {}
    for counts in some:
        for bucket, count in counts.items():
            total[bucket] = total.get(bucket, 0) + count
    return total


def percentiles(counts: Counts, shares: Iterable[float]) -> list[float | None]:
    """Estimates of the microseconds within which those shares of them ended; `None` of nothing."""
    buckets = sorted(counts)
    reached = list(accumulate(counts[bucket] for bucket in buckets))
    found: list[float | None] = []
    for share in shares:
        if not buckets:
            found.append(None)
            continue
        rank = share * reached[-1]
        place = min(bisect_left(reached, rank), len(buckets) - 1)
        count = counts[buckets[place]]
        found.append(_within(buckets[place], (rank - reached[place] + count) / count))
    return found


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
        fields = _FIELDS.unpack(number.to_bytes(_FIELDS.size, "little"))
        return {bucket: count for bucket, count in enumerate(fields) if count}
    digits = str(number)
    kept = digits.rstrip("0")
    first = (len(digits) - len(kept)) // _DIGITS
    ends = range(len(digits) - first * _DIGITS, 0, -_DIGITS)
    pieces = (int(digits[max(0, end - _DIGITS) : end]) for end in ends)
    return {bucket: count for bucket, count in enumerate(pieces, first) if count}


def stored(counts: Counts, dialect: str) -> Decimal | bytes:
    """As the column holds it."""
    return _packed(counts) if dialect == "sqlite" else Decimal(joined(counts, dialect))


def loaded(value: Any) -> int:
    """What a column or the functions below gave, as `joined`."""
    if not isinstance(value, bytes):
        return int(value or 0)
    if value[:1] == _SUMMED:
        return int.from_bytes(value[1:], "little")
    return int.from_bytes(_FIELDS.pack(*_together([value])), "little")


def _packed(counts: Counts) -> bytes:
    if sum(counts.values()) <= _LISTED:
        return bytes(chain.from_iterable(map(repeat, counts.keys(), counts.values())))
    first = min(counts)
    width = -(-max(counts.values()).bit_length() // 8)
    fields = [counts.get(bucket, 0).to_bytes(width, "little") for bucket in range(first, max(counts) + 1)]
    return bytes((_COUNTED, first, width)) + b"".join(fields)


def _together(blobs: Iterable[bytes]) -> list[int]:
    """The counts of all buckets in all of them."""
    total = [0] * (len(BOUNDS) + 1)
    listed = []
    for blob in blobs:
        if not blob:  # none at all, or none that counts
            continue
        if blob[0] != _COUNTED:
            listed.append(blob)
            continue
        first, width = blob[1], blob[2]
        for place in range(width):
            for bucket, count in enumerate(blob[3 + place :: width], first):
                total[bucket] += count << 8 * place
    for bucket, count in Counter(b"".join(listed)).items():
        total[bucket] += count
    return total


def _nonzero(total: list[int]) -> Counts:
    return {bucket: count for bucket, count in enumerate(total) if count}


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
        self._blobs: list[bytes] = []
        self.step = self._blobs.append

    def finalize(self) -> bytes:
        return _SUMMED + _FIELDS.pack(*_together(self._blobs))


class _Count:
    def __init__(self) -> None:
        self._micros: list[int | None] = []
        self.step = self._micros.append

    def finalize(self) -> bytes:
        return _packed(counted(each for each in self._micros if each is not None))


def _two(one: bytes, other: bytes) -> bytes:
    if len(one) + len(other) <= _LISTED and _COUNTED not in {*one[:1], *other[:1]}:
        return one + other
    return _packed(_nonzero(_together((one, other))))


def equip(connection: sqlite3.Connection) -> None:
    """Gives SQLite the functions."""
    connection.create_function("latency_plus", 2, _two, deterministic=True)
    connection.create_aggregate("latency_sum", 1, _Sum)  # type: ignore[arg-type]  # typeshed knows integers only
    connection.create_aggregate("latency_count", 1, _Count)  # type: ignore[arg-type]
