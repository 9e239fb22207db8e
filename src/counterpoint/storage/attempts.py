"""Rows of attempts to sign in: how many there were of late, by whatever they are counted for."""

import msgspec
from sqlalchemy import Connection, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from counterpoint.storage.tables import signin_attempts


class AttemptRow(msgspec.Struct, frozen=True):
    """`count` attempts since `since`."""

    count: int
    since: int


def take(connection: Connection, subject: bytes, now: int, window: int) -> AttemptRow:
    """Counts one more within the window that began with the first; those of earlier windows are forgotten."""
    connection.execute(delete(signin_attempts).where(signin_attempts.c.since <= now - window))
    build = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    counted = (
        build(signin_attempts)
        .values(subject=subject, attempts=1, since=now)
        .on_conflict_do_update(
            index_elements=[signin_attempts.c.subject],
            set_={"attempts": signin_attempts.c.attempts + 1},
        )
        .returning(signin_attempts.c.attempts, signin_attempts.c.since)
    )
    row = connection.execute(counted).one()
    return AttemptRow(row.attempts, row.since)


def forget(connection: Connection, subject: bytes) -> None:
    """It came to a good end."""
    connection.execute(delete(signin_attempts).where(signin_attempts.c.subject == subject))


def give_back(connection: Connection, subject: bytes) -> None:
    """One of them came to a good end."""
    connection.execute(
        update(signin_attempts)
        .where(signin_attempts.c.subject == subject, signin_attempts.c.attempts > 0)
        .values(attempts=signin_attempts.c.attempts - 1)
    )
