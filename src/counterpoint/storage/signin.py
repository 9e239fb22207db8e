"""Rows of sign-in links and of the sessions that they open, by the digests of their secrets."""

from sqlalchemy import Connection, delete, insert, select, update

from counterpoint.storage.tables import sessions, signin_links


def add_link(connection: Connection, digest: bytes, now: int, expires_at: int) -> None:
    """A link that opens one session. Links and sessions that have ended are forgotten on this occasion."""
    for table in (signin_links, sessions):
        connection.execute(delete(table).where(table.c.expires_at <= now))
    connection.execute(insert(signin_links).values(digest=digest, created_at=now, expires_at=expires_at))


def use_link(connection: Connection, digest: bytes, now: int) -> bool:
    """Marks a link as used. Whether it could be: of two who try at once, one succeeds."""
    done = connection.execute(
        update(signin_links)
        .where(
            signin_links.c.digest == digest,
            signin_links.c.used_at.is_(None),
            signin_links.c.expires_at > now,
        )
        .values(used_at=now)
    )
    return done.rowcount == 1


def add_session(connection: Connection, digest: bytes, now: int, expires_at: int) -> None:
    """A new session."""
    connection.execute(insert(sessions).values(digest=digest, created_at=now, expires_at=expires_at))


def session_is_open(connection: Connection, digest: bytes, now: int) -> bool:
    """Whether there is such a session, and it has not ended."""
    query = select(sessions.c.digest).where(sessions.c.digest == digest, sessions.c.expires_at > now)
    return connection.execute(query).first() is not None


def end_session(connection: Connection, digest: bytes) -> None:
    """Forgets it."""
    connection.execute(delete(sessions).where(sessions.c.digest == digest))
