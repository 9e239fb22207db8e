"""Rows of sign-in links and of the sessions that they and passwords open, by the digests of their secrets."""

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from counterpoint.storage.tables import sessions, signin_links


class SessionRow(msgspec.Struct, frozen=True):
    """`account_id`: `None` before there are accounts. `by_link`: opened without a password."""

    digest: bytes
    account_id: str | None
    by_link: bool
    used_at: int


class LinkRow(msgspec.Struct, frozen=True):
    """`account_id`: whom it signs in; `None`: an owner, or whoever is to make the first account."""

    account_id: str | None


def add_link(
    connection: Connection, digest: bytes, now: int, expires_at: int, account_id: str | None = None
) -> None:
    """A link that opens one session. Links and sessions that have ended are forgotten on this occasion."""
    for table in (signin_links, sessions):
        connection.execute(delete(table).where(table.c.expires_at <= now))
    connection.execute(
        insert(signin_links).values(
            digest=digest, account_id=account_id, created_at=now, expires_at=expires_at
        )
    )


def use_link(connection: Connection, digest: bytes, now: int) -> LinkRow | None:
    """Marks a link as used; `None` if it could not be: of two who try at once, one succeeds."""
    done = connection.execute(
        update(signin_links)
        .where(
            signin_links.c.digest == digest,
            signin_links.c.used_at.is_(None),
            signin_links.c.expires_at > now,
        )
        .values(used_at=now)
    )
    if done.rowcount != 1:
        return None
    found = select(signin_links.c.account_id).where(signin_links.c.digest == digest)
    return LinkRow(connection.execute(found).scalar())


def drop_links(connection: Connection, account_id: str) -> None:
    """Links of that account open nothing any more."""
    connection.execute(delete(signin_links).where(signin_links.c.account_id == account_id))


def add_session(
    connection: Connection,
    digest: bytes,
    now: int,
    expires_at: int,
    *,
    account_id: str | None = None,
    by_link: bool = False,
) -> None:
    """A new session."""
    connection.execute(
        insert(sessions).values(
            digest=digest,
            account_id=account_id,
            by_link=by_link,
            created_at=now,
            used_at=now,
            expires_at=expires_at,
        )
    )


def find_session(connection: Connection, digest: bytes, now: int, idle_since: int) -> SessionRow | None:
    """An open session that was used since then."""
    row = connection.execute(
        select(sessions.c.digest, sessions.c.account_id, sessions.c.by_link, sessions.c.used_at).where(
            sessions.c.digest == digest, sessions.c.expires_at > now, sessions.c.used_at > idle_since
        )
    ).first()
    return SessionRow(bytes(row.digest), row.account_id, row.by_link, row.used_at) if row else None


def touch_session(connection: Connection, digest: bytes, now: int) -> None:
    """It was used."""
    connection.execute(update(sessions).where(sessions.c.digest == digest).values(used_at=now))


def end_session(connection: Connection, digest: bytes) -> None:
    """Forgets it."""
    connection.execute(delete(sessions).where(sessions.c.digest == digest))


def end_sessions(connection: Connection, account_id: str | None, *, keep: bytes = b"") -> int:
    """Forgets all sessions of an account, or those of nobody, but `keep`; how many."""
    of = sessions.c.account_id.is_(None) if account_id is None else sessions.c.account_id == account_id
    return connection.execute(delete(sessions).where(of, sessions.c.digest != keep)).rowcount
