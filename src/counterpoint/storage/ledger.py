"""Rows of the ledger, and how far each spool file has been shipped into it.

Whatever a caller or a host called things, an entry must never be refused here: the spool behind it would
wait for ever. So what a database cannot hold (NUL in text, an absurd number) is brought within bounds.
"""

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any

import msgspec
from sqlalchemy import Connection, Dialect, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from counterpoint.canonical import Loss, Usage
from counterpoint.ledger.entry import Attempt, Entry
from counterpoint.storage import rollups
from counterpoint.storage.clock import now_micros
from counterpoint.storage.tables import ledger_entries, spool_progress
from counterpoint.storage.types import DECIMALS

TOKEN_CLASSES = (
    "input",
    "cache_read",
    "cache_write",
    "cache_write_1h",
    "output",
    "reasoning",
    "audio_in",
    "audio_out",
    "audio_cache_read",
    "image_in",
    "image_out",
)
"""The disjoint classes of `Usage` that are tokens; `web_searches` are counted beside them."""

_TEXTS = (
    "id",
    "operation",
    "client_dialect",
    "organisation",
    "project",
    "key",
    "requested",
    "offering",
    "host",
    "model",
    "maker",
    "upstream_dialect",
    "currency",
)
_COUNTS = (*TOKEN_CLASSES, "web_searches")
_NUMBERS = ("at", "status", "total_micros", "request_bytes", "response_bytes")
COLUMNS = (
    *_TEXTS,
    *_COUNTS,
    *_NUMBERS,
    *("stream", "failure", "finish", "usage_reported", "first_event_micros", "attempts", "losses", "cost"),
)
"""Of the table, in the order in which `entry_values` gives them."""

_texts_of = attrgetter(*_TEXTS)
_counts_of = attrgetter(*_COUNTS)
_numbers_of = attrgetter(*_NUMBERS)
_encode = msgspec.json.Encoder().encode
_BUILT = {"usage", "attempts", "losses"}
_LARGEST = 10**12
"""No count of tokens, bytes or microseconds is larger; sums of nine million such still fit 64 bits."""
_MOST = (2**62, 2**31 - 1, _LARGEST, _LARGEST, _LARGEST)
"""The same for each of `_NUMBERS`."""
_ASKED_AT_ONCE = 500
_DEAREST = Decimal(10**6)
"""No single exchange costs as much; on SQLite 9.2 million units is what a column can hold."""
_GRAIN = Decimal(1).scaleb(-DECIMALS)


class SpoolMovedError(RuntimeError):
    """Somebody else has shipped from this spool file meanwhile; read its progress again."""


def entry_values(entry: Entry) -> tuple[Any, ...]:
    """What stands in `COLUMNS` for an entry, its cost still in units. Thousands of entries may come in a second,
    so what is nearly always fine is looked at all at once."""
    usage, first = entry.usage, entry.first_event_micros
    texts, counts = _texts_of(entry), _counts_of(usage)
    if "\0" in "".join(texts):
        texts = tuple(map(_text, texts))
    if min(counts) < 0 or max(counts) > _LARGEST:
        counts = tuple(map(_bounded, counts))
    return (
        *texts,
        *counts,
        *map(_bounded, _numbers_of(entry), _MOST),
        entry.stream,
        None if entry.failure is None else _text(entry.failure),
        None if entry.finish is None else _text(entry.finish),
        usage.reported,
        None if first is None else _bounded(first),
        _nested(entry.attempts),
        _nested(entry.losses),
        _amount(entry.cost),
    )


def row_entry(row: Any) -> Entry:
    """The entry of a row."""
    plain = {name: getattr(row, name) for name in Entry.__struct_fields__ if name not in _BUILT}
    return Entry(
        **plain,
        usage=Usage(
            **{name: getattr(row, name) for name in TOKEN_CLASSES},
            web_searches=row.web_searches,
            reported=row.usage_reported,
        ),
        attempts=msgspec.convert(row.attempts, tuple[Attempt, ...]),
        losses=msgspec.convert(row.losses, tuple[Loss, ...]),
    )


def _bounded(number: int, most: int = _LARGEST) -> int:
    return number if 0 <= number <= most else max(0, min(number, most))


def _amount(cost: Decimal | None) -> Decimal | None:
    """In the ledger's grain. An amount that cannot be one is unknown, which is a state, not zero."""
    if cost is None or not cost.is_finite() or not 0 <= cost <= _DEAREST:
        return None
    return cost.quantize(_GRAIN, rounding=ROUND_HALF_EVEN)


def _text(value: str) -> str:
    """PostgreSQL holds no NUL in text, nor in JSON."""
    return value.replace("\0", "\ufffd") if "\0" in value else value


def _nested(values: tuple[Attempt, ...] | tuple[Loss, ...]) -> str:
    """As JSON."""
    if not values:
        return "[]"
    encoded = _encode(values)
    if b"\\u0000" in encoded:
        encoded = _encode([_clean(value) for value in msgspec.to_builtins(values)])
    return encoded.decode()


def _clean(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: _text(value) if isinstance(value, str) else value for name, value in fields.items()}


def add_entries(connection: Connection, entries: Sequence[Entry]) -> None:
    """Adds them, and to the sums of their hours; an entry that is already there stays as it is.

    They come by the thousand, so the statement is built once for each database, and the rows go by the columns'
    own conversions straight to the driver: SQLAlchemy would spend twice as long on a row as SQLite does.
    """
    rows = _new_rows(connection, entries)
    if rows:
        rollups.add(connection, COLUMNS, rows)
        insertion = _insertion(connection.dialect)
        connection.exec_driver_sql(insertion.statement, [insertion.arrange(row) for row in rows])


def _new_rows(connection: Connection, entries: Sequence[Entry]) -> list[tuple[Any, ...]]:
    """The values of those that are not there yet: an entry is counted once, however often it comes."""
    rows = {row[0]: row for row in map(entry_values, entries)}
    ids = list(rows)
    for start in range(0, len(ids), _ASKED_AT_ONCE):
        some = ids[start : start + _ASKED_AT_ONCE]
        for known in connection.execute(select(ledger_entries.c.id).where(ledger_entries.c.id.in_(some))):
            del rows[known.id]
    return list(rows.values())


class _Insertion(msgspec.Struct, frozen=True):
    """`arrange`: what `entry_values` gives, as the statement's parameters."""

    statement: str
    arrange: Callable[[tuple[Any, ...]], Any]


@lru_cache(maxsize=8)
def _insertion(dialect: Dialect) -> _Insertion:
    build = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
    compiled: Any = build(ledger_entries).on_conflict_do_nothing().compile(dialect=dialect)
    money: Any = ledger_entries.c.cost.type.dialect_impl(dialect).bind_processor(dialect)

    def stored(values: tuple[Any, ...]) -> tuple[Any, ...]:
        return (*values[:-1], money(values[-1]))

    if not compiled.positional:
        return _Insertion(str(compiled), lambda values: dict(zip(COLUMNS, stored(values), strict=True)))
    in_order = itemgetter(*(COLUMNS.index(name) for name in compiled.positiontup))
    return _Insertion(str(compiled), lambda values: in_order(stored(values)))


def progress(connection: Connection) -> dict[str, int]:
    """How far each spool file has been shipped, by its name."""
    found = connection.execute(select(spool_progress.c.file, spool_progress.c.offset))
    return {row.file: row.offset for row in found}


def advance(connection: Connection, file: str, since: int, to: int) -> None:
    """That file is shipped up to `to`. Raises `SpoolMovedError` unless it stood at `since`."""
    now = now_micros()
    known = select(spool_progress.c.offset).where(spool_progress.c.file == file).with_for_update()
    stood = connection.execute(known).scalar()
    if (stood or 0) != since:
        raise SpoolMovedError(f"{file}: at {stood or 0}, not at {since}")
    if stood is None:
        connection.execute(insert(spool_progress).values(file=file, offset=to, updated_at=now))
    else:
        connection.execute(
            update(spool_progress).where(spool_progress.c.file == file).values(offset=to, updated_at=now)
        )


def forget(connection: Connection, file: str) -> None:
    """The file is gone, and with it the need to know how far it was shipped."""
    connection.execute(delete(spool_progress).where(spool_progress.c.file == file))


def forget_before(connection: Connection, moment: int) -> int:
    """Forgets files of which nothing was shipped since; a kill between deleting a file and forgetting it
    leaves such rows. The number forgotten."""
    return connection.execute(delete(spool_progress).where(spool_progress.c.updated_at < moment)).rowcount
