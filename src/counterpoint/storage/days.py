"""The ledger's days: in PostgreSQL a partition each, made ahead, so that an old one goes in a moment and without
leaving holes; in SQLite, entries go a few at a time. The sums of usage stay.

What was there before days were kept apart is one partition; what lies further ahead than there are days (a clock that
is wrong) is in one, too, from which it moves when its day comes.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select, text

from counterpoint.storage.rollups import DAY
from counterpoint.storage.tables import ledger_entries

AHEAD = 7
"""Days for which there is a partition already."""
_BEFORE, _BEYOND = "ledger_entries_before", "ledger_entries_beyond"
_AT_ONCE = 2000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def prepare(connection: Connection, now: int) -> int:
    """Makes the days that are missing, up to some ahead of `now`; how many."""
    if connection.dialect.name == "sqlite":
        return 0
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('ledger_entries'))"))
    parts = _parts(connection)
    day = max(parts.values(), default=now // DAY * DAY)
    made = 0
    while day <= now + AHEAD * DAY:
        _make(connection, day)
        day += DAY
        made += 1
    return made


def _parts(connection: Connection) -> dict[str, int]:
    """Each partition and where it ends; all but the one for what lies further ahead."""
    bounds = "SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits AS i"
    joined = " JOIN pg_class AS c ON c.oid = i.inhrelid WHERE i.inhparent = 'ledger_entries'::regclass"
    found = {}
    for name, bound in connection.execute(text(bounds + joined)):
        if " TO ('" in bound:  # FOR VALUES FROM (...) TO ('1700000000000000')
            found[str(name)] = int(bound.rpartition(" TO ('")[2].partition("'")[0])
    return found


def _make(connection: Connection, day: int) -> None:
    name = f"ledger_entries_{_EPOCH + timedelta(microseconds=day):%Y%m%d}"
    within = f"at >= {day} AND at < {day + DAY}"
    for statement in (
        f"CREATE TABLE {name} (LIKE ledger_entries INCLUDING DEFAULTS)",
        f"INSERT INTO {name} SELECT * FROM {_BEYOND} WHERE {within}",  # noqa: S608 - of numbers
        f"DELETE FROM {_BEYOND} WHERE {within}",  # noqa: S608
        f"ALTER TABLE ledger_entries ATTACH PARTITION {name} FOR VALUES FROM ({day}) TO ({day + DAY})",
    ):
        connection.execute(text(statement))


def drop_before(connection: Connection, moment: int) -> int:
    """Days that ended by then go, or, in SQLite, some entries from before; how many of these. More may be left."""
    if connection.dialect.name != "sqlite":
        ended = [name for name, end in _parts(connection).items() if end <= moment]
        for name in ended:
            if name == _BEFORE:  # it stays, empty: it is where entries belong that come from so long ago
                connection.execute(text(f"TRUNCATE {name}"))
            else:
                connection.execute(text(f"DROP TABLE {name}"))
        return len([name for name in ended if name != _BEFORE])
    old = select(ledger_entries.c.id).where(ledger_entries.c.at < moment).limit(_AT_ONCE)
    return connection.execute(delete(ledger_entries).where(ledger_entries.c.id.in_(old))).rowcount
