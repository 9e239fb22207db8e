"""Rows of the ledger, and how far each spool file has been shipped into it.

Whatever a caller or a host called things, an entry must never be refused here: the spool behind it would
wait for ever. So what a database cannot hold (NUL in text, an absurd number) is brought within bounds.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from counterpoint.canonical import Loss, Usage
from counterpoint.ledger.entry import Attempt, Entry
from counterpoint.limits import Charge
from counterpoint.storage import limits, rollups
from counterpoint.storage.clock import now_micros
from counterpoint.storage.copying import copied
from counterpoint.storage.tables import ledger_entries, spool_progress
from counterpoint.storage.types import DECIMALS, from_pico

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
"""The disjoint classes of `Usage` that are tokens."""

COUNTED = ("web_searches", "images", "audio_seconds", "characters", "search_units")
"""What is counted beside them, because it is charged by the piece."""

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
    "user",
    "route",
    "purpose",
    "parent",
    "trace",
)
_COUNTS = (*TOKEN_CLASSES, *COUNTED)
_NUMBERS = ("at", "status", "total_micros", "request_bytes", "response_bytes")
COLUMNS = (
    *_TEXTS,
    *_COUNTS,
    *_NUMBERS,
    *(
        "stream",
        "failure",
        "finish",
        "usage_reported",
        "first_event_micros",
        "attempts",
        "losses",
        "charges",
        "cost",
    ),
)
"""Of the table, in the order in which `entry_values` gives them."""
_COST = COLUMNS.index("cost")

_texts_of = attrgetter(*_TEXTS)
_counts_of = attrgetter(*_COUNTS)
_numbers_of = attrgetter(*_NUMBERS)
_encode = msgspec.json.Encoder().encode
_BUILT = {"usage", "attempts", "losses", "charges"}
_LARGEST = 10**12
"""No count of tokens, bytes or microseconds is larger; sums of nine million such still fit 64 bits."""
_MOST = (2**62, 2**31 - 1, _LARGEST, _LARGEST, _LARGEST)
"""The same for each of `_NUMBERS`."""
_ASKED_AT_ONCE = 500
_DEAREST = Decimal(10**6)
"""No single exchange costs as much; on SQLite 9.2 million units is what a column can hold."""


class SpoolMovedError(RuntimeError):
    """Somebody else has shipped from this spool file meanwhile; read its progress again."""


def entry_values(entry: Entry) -> tuple[Any, ...]:
    """What stands in `COLUMNS` for an entry, its cost in pico-units. Thousands of entries may come in a second,
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
        _nested(entry.charges),
        _amount(entry.cost),
    )


def row_entry(row: Any) -> Entry:
    """The entry of a row."""
    plain = {name: getattr(row, name) for name in Entry.__struct_fields__ if name not in _BUILT}
    return Entry(
        **plain,
        usage=Usage(**{name: getattr(row, name) for name in _COUNTS}, reported=row.usage_reported),
        attempts=msgspec.convert(row.attempts, tuple[Attempt, ...]),
        losses=msgspec.convert(row.losses, tuple[Loss, ...]),
        charges=msgspec.convert(row.charges, tuple[Charge, ...]),
    )


def _bounded(number: int, most: int = _LARGEST) -> int:
    return number if 0 <= number <= most else max(0, min(number, most))


def _amount(cost: Decimal | None) -> int | None:
    """In the ledger's grain, pico-units. An amount that cannot be one is unknown, which is a state, not zero."""
    if cost is None or not cost.is_finite() or not 0 <= cost <= _DEAREST:
        return None
    return int(cost.scaleb(DECIMALS).to_integral_value(ROUND_HALF_EVEN))


def _text(value: str) -> str:
    """PostgreSQL holds no NUL in text, nor in JSON."""
    return value.replace("\0", "\ufffd") if "\0" in value else value


def _nested(values: tuple[Attempt, ...] | tuple[Loss, ...] | tuple[Charge, ...]) -> str:
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
    """Adds them, and to the sums of their times; an entry that is already there stays as it is, and is counted once,
    however often it comes.

    They come by the thousand, and nearly always for the first time: so nobody asks beforehand, the statement is
    written once for each database, and rows go straight to the driver. SQLAlchemy would spend twice as long on a row
    as SQLite does.
    """
    rows = {row[0]: row for row in map(entry_values, entries)}
    while rows:
        grouped = _grouped(connection, list(rows.values()))
        try:
            with connection.begin_nested():
                _insert(connection, grouped)
        except IntegrityError:
            known = _known(connection, list(rows))
            if not known:
                raise
            rows = {identifier: row for identifier, row in rows.items() if identifier not in known}
        else:
            rollups.add(connection, _reader, grouped)
            stored = {entry.id: entry for entry in entries}
            limits.charge(connection, [each for id_ in rows if id_ in stored for each in stored[id_].charges])
            return


_reader = rollups.Reader(COLUMNS)


def _grouped(connection: Connection, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    groups = list(map(_reader.group, rows))
    numbers = rollups.group_ids(connection, set(groups))
    return [(*row, numbers[group]) for row, group in zip(rows, groups, strict=True)]


def _known(connection: Connection, ids: list[str]) -> set[str]:
    known: set[str] = set()
    for start in range(0, len(ids), _ASKED_AT_ONCE):
        some = ids[start : start + _ASKED_AT_ONCE]
        found = connection.execute(select(ledger_entries.c.id).where(ledger_entries.c.id.in_(some)))
        known.update(row.id for row in found)
    return known


_STORED = ", ".join(f'"{name}"' for name in (*COLUMNS, "usage_group"))


def _insert(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Raises `IntegrityError` when one of them is already there."""
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * (len(COLUMNS) + 1))
        connection.exec_driver_sql(f"INSERT INTO ledger_entries ({_STORED}) VALUES ({marks})", rows)  # noqa: S608 - of names that stand above
    else:
        copied(connection, f"COPY ledger_entries ({_STORED}) FROM STDIN", map(_exact, rows))


def _exact(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """PostgreSQL holds an amount in units."""
    cost = row[_COST]
    return row if cost is None else (*row[:_COST], from_pico(cost), *row[_COST + 1 :])


def progress(connection: Connection) -> dict[str, int]:
    """How far each spool file has been shipped, by its name."""
    found = connection.execute(select(spool_progress.c.file, spool_progress.c.offset))
    return {row.file: row.offset for row in found}


def advance(connection: Connection, file: str, since: int, to: int) -> None:
    """That file is shipped up to `to`. Raises `SpoolMovedError` unless it stood at `since`."""
    now = now_micros()
    if (
        since
        and connection.execute(_ADVANCE, {"of": file, "from": since, "to": to, "now": now}).rowcount == 1
    ):
        return
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


_ADVANCE = (
    update(spool_progress)
    .where(spool_progress.c.file == bindparam("of"), spool_progress.c.offset == bindparam("from"))
    .values(offset=bindparam("to"), updated_at=bindparam("now"))
)


def forget(connection: Connection, file: str) -> None:
    """The file is gone, and with it the need to know how far it was shipped."""
    connection.execute(delete(spool_progress).where(spool_progress.c.file == file))


def forget_before(connection: Connection, moment: int) -> int:
    """Forgets files of which nothing was shipped since; a kill between deleting a file and forgetting it
    leaves such rows. The number forgotten."""
    return connection.execute(delete(spool_progress).where(spool_progress.c.updated_at < moment)).rowcount
