"""Values that belong to the installation as a whole, by name; among them the revision of the directory."""

from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from counterpoint.storage.listening import tell
from counterpoint.storage.tables import settings

REVISION = "revision"


def get(connection: Connection, name: str) -> Any:
    """The value, `None` when there is none."""
    return connection.execute(select(settings.c.value).where(settings.c.name == name)).scalar()


def put(connection: Connection, name: str, value: Any) -> None:
    """Sets the value; `None` removes it."""
    if value is None:
        connection.execute(delete(settings).where(settings.c.name == name))
        return
    changed = connection.execute(update(settings).where(settings.c.name == name).values(value=value))
    if not changed.rowcount:
        connection.execute(insert(settings).values(name=name, value=value))


def put_first(connection: Connection, name: str, value: Any) -> None:
    """Sets the value where there is none: of several who do so at a time, the first one's holds."""
    build = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    connection.execute(build(settings).values(name=name, value=value).on_conflict_do_nothing())


def revision(connection: Connection, name: str = REVISION) -> int:
    """The number of changes so far to what workers must know, or to what has that name."""
    found = get(connection, name)
    return int(found) if found is not None else 0


def bump(connection: Connection, name: str = REVISION) -> int:
    """Counts one more such change, in the transaction that makes it, and returns the new revision. Whoever else
    counts it waits until that transaction ends."""
    query = select(settings.c.value).where(settings.c.name == name).with_for_update()
    following = int(connection.execute(query).scalar() or 0) + 1
    put(connection, name, following)
    tell(connection, name)
    return following
