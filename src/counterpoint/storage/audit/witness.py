"""Sees every change of a watched table, whichever code makes it, and writes it down in the transaction that makes it.

So there is no way to administer anything past the log: not a new route, not a command, not the configuration file.
Before a statement changes rows they are read; before the transaction ends they are read again; what differs is the act.
What a transaction takes back itself was none.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

import msgspec
from sqlalchemy import (
    Connection,
    Delete,
    Engine,
    Insert,
    LargeBinary,
    Row,
    Table,
    Update,
    event,
    inspect,
    select,
)

from counterpoint.storage.audit import log
from counterpoint.storage.audit.acting import current
from counterpoint.storage.audit.chain import Anchor
from counterpoint.storage.audit.tables import audit_entries
from counterpoint.storage.audit.watched import COUNTERS, WATCHED, Watched
from counterpoint.storage.clock import now_micros
from counterpoint.storage.tables import metadata

HIDDEN = "•••"
_Key = tuple[Any, ...]
_Values = Mapping[str, Any]
_Seen = dict[Table, dict[_Key, _Values | None]]
"""By table and key: the row as it was at first, `None` for one that was not there."""
_seen: WeakKeyDictionary[Connection, _Seen] = WeakKeyDictionary()
_said: WeakKeyDictionary[Connection, list[log.Change]] = WeakKeyDictionary()
_logged: WeakSet[Engine] = WeakSet()


def watch(engine: Engine) -> None:
    """From now on, changes through this engine are seen."""
    event.listen(engine, "before_execute", _before)


def _before(
    connection: Connection,
    statement: Any,
    several: Sequence[Mapping[str, Any]],
    parameters: Mapping[str, Any],
    _options: Any,
) -> None:
    if not isinstance(statement, Insert | Update | Delete):
        return
    table = statement.table
    if not isinstance(table, Table) or table.name not in WATCHED or table.metadata is not metadata:
        return
    if not _has_log(connection):
        return
    rows = _seen.setdefault(connection, {}).setdefault(table, {})
    for given in several or [parameters]:
        if isinstance(statement, Insert):
            for key in _inserted(connection, statement, table, given):
                if key not in rows:
                    rows[key] = _read(connection, table, [key]).get(key)
        else:
            query = select(table)
            if statement.whereclause is not None:
                query = query.where(statement.whereclause)
            for row in connection.execute(query, dict(given)):
                rows.setdefault(_key_of(table, row), row._asdict())


def _has_log(connection: Connection) -> bool:
    """A database that is being brought up from before there was a log has none, nor the columns of today. Nothing
    administers one: a start migrates it first."""
    if connection.engine not in _logged and inspect(connection).has_table(audit_entries.name):
        _logged.add(connection.engine)
    return connection.engine in _logged


def _inserted(
    connection: Connection, statement: Insert, table: Table, given: Mapping[str, Any]
) -> Iterator[_Key]:
    """The keys of what is to be added: the platform gives every row its key itself."""
    names = [column.name for column in table.primary_key.columns]
    told = {**statement.compile(dialect=connection.dialect).params, **given}
    if all(name in told for name in names):
        yield tuple(told[name] for name in names)
    number = 0
    while all(f"{name}_m{number}" in told for name in names):  # so SQLAlchemy calls those of several rows
        yield tuple(told[f"{name}_m{number}"] for name in names)
        number += 1


def _key_of(table: Table, row: Row[Any]) -> _Key:
    return tuple(getattr(row, column.name) for column in table.primary_key.columns)


def _read(connection: Connection, table: Table, keys: Sequence[_Key]) -> dict[_Key, _Values]:
    columns = list(table.primary_key.columns)
    found: dict[_Key, _Values] = {}
    for key in keys:
        query = select(table).where(*(column == value for column, value in zip(columns, key, strict=True)))
        found.update((_key_of(table, row), row._asdict()) for row in connection.execute(query))
    return found


def tell(connection: Connection, change: log.Change) -> None:
    """What somebody did to a row of a table that is not watched, since others than people change it, too. It is written
    down with the transaction at hand, or not at all."""
    _said.setdefault(connection, []).append(change)


def seal(connection: Connection) -> Anchor | None:
    """At the end of a transaction: writes down what it has changed. The entry's place, if there was anything."""
    changes = _said.pop(connection, [])
    for table, rows in _seen.pop(connection, {}).items():
        changes += _changes(connection, table, rows)
    return log.append(connection, current(), changes) if changes else None


def forget(connection: Connection) -> None:
    """The transaction was taken back."""
    _seen.pop(connection, None)
    _said.pop(connection, None)


def _changes(
    connection: Connection, table: Table, rows: Mapping[_Key, _Values | None]
) -> Iterator[log.Change]:
    watched = WATCHED[table.name]
    after = _read(connection, table, list(rows))
    names = watched.identity or tuple(column.name for column in table.primary_key.columns)
    old = {_identity(row, names): row for row in rows.values() if row is not None}
    new = {_identity(row, names): row for row in after.values()}
    for identity in sorted({*old, *new}, key=repr):
        change = _change(table, watched, old.get(identity), new.get(identity))
        if change is not None:
            yield change


def _identity(row: _Values, names: Sequence[str]) -> _Key:
    return tuple(row[name] for name in names)


def _change(table: Table, watched: Watched, old: _Values | None, new: _Values | None) -> log.Change | None:
    row = new or old
    if row is None or (table.name == "settings" and row["name"] in COUNTERS):
        return None
    names = [column.name for column in table.columns if column.name not in watched.upkeep]
    if old is not None and new is not None:
        names = [name for name in names if old[name] != new[name]]
        if not names:
            return None
    elif new is None and watched.lasts and row[watched.lasts] <= now_micros():
        return None
    return log.Change(
        watched.what,
        str(row.get(watched.id) or ""),
        str(row.get(watched.name) or ""),
        _told(table, watched, old, names),
        _told(table, watched, new, names),
    )


def _told(table: Table, watched: Watched, row: _Values | None, names: Sequence[str]) -> dict[str, Any] | None:
    if row is None:
        return None
    told: dict[str, Any] = {}
    for name in names:
        secret = name in watched.secret or isinstance(table.columns[name].type, LargeBinary)
        value = row[name]
        told[name] = HIDDEN if secret and value is not None else msgspec.to_builtins(value)
    return told
