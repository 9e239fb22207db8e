"""Who works on this database, and who does what alone; by the database's clock, because machines differ about the
time."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from counterpoint.storage.clock import now_micros
from counterpoint.storage.shared_tables import claims, processes

SECOND = 1_000_000
LOST_MICROS = 20 * SECOND
"""A process that gave no sign of life for so long is taken for dead."""
_FORGOTTEN_MICROS = 86_400 * SECOND


class ProcessRow(msgspec.Struct, frozen=True, kw_only=True):
    """A process of the platform. `addresses`: URLs by what answers there: `gateway`, `studio`."""

    id: str
    roles: Sequence[str]
    host: str
    pid: int
    version: str
    schema: str
    addresses: Mapping[str, str]
    started_at: int
    seen_at: int


def clock(connection: Connection) -> int:
    """Microseconds since the epoch, as this database sees them. SQLite is always this machine's."""
    if connection.dialect.name == "sqlite":
        return now_micros()
    return int(
        connection.execute(text("SELECT extract(epoch FROM clock_timestamp()) * 1000000")).scalar_one()
    )


def sign(connection: Connection, row: ProcessRow) -> None:
    """It lives: adds it, or says so again. What was lost a day ago is forgotten."""
    now = clock(connection)
    values = {**msgspec.structs.asdict(row), "seen_at": now}
    found = connection.execute(update(processes).where(processes.c.id == row.id).values(values))
    if not found.rowcount:
        connection.execute(insert(processes).values(values))
    connection.execute(delete(processes).where(processes.c.seen_at < now - _FORGOTTEN_MICROS))


def leave(connection: Connection, id_: str) -> None:
    """It has ended in order; what it did alone, others may do."""
    connection.execute(delete(processes).where(processes.c.id == id_))
    connection.execute(delete(claims).where(claims.c.holder == id_))


def listed(connection: Connection, *, living: bool = False) -> list[ProcessRow]:
    """All of them, the longest-lived first. `living`: only those that gave a sign lately."""
    query = select(processes).order_by(processes.c.started_at, processes.c.id)
    if living:
        query = query.where(processes.c.seen_at >= clock(connection) - LOST_MICROS)
    return [ProcessRow(**row._asdict()) for row in connection.execute(query)]


def claim(connection: Connection, name: str, holder: str, seconds: float) -> bool:
    """Whether `holder` may do alone what has that name, for so many seconds from now. Asked again, it goes on."""
    now = clock(connection)
    until = now + int(seconds * SECOND)
    query = select(claims).where(claims.c.name == name).with_for_update()
    found = connection.execute(query).one_or_none()
    if found is None:
        try:
            with connection.begin_nested():
                connection.execute(insert(claims).values(name=name, holder=holder, until=until))
        except IntegrityError:
            return False  # somebody was quicker
        return True
    if found.holder != holder and found.until > now:
        return False
    connection.execute(update(claims).where(claims.c.name == name).values(holder=holder, until=until))
    return True


def release(connection: Connection, name: str, holder: str) -> None:
    """Others may do it from now on."""
    connection.execute(delete(claims).where(claims.c.name == name, claims.c.holder == holder))


def held(connection: Connection) -> dict[str, str]:
    """Who does what, now: holders by name."""
    now = clock(connection)
    found = connection.execute(select(claims).where(claims.c.until > now).order_by(claims.c.name))
    return {row.name: row.holder for row in found}
