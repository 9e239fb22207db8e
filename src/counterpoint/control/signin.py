"""Signing in to the studio before there are users: whoever sees the console gets a link that works once.

What is stored of links and sessions are digests; their secrets have 256 bits of chance, so looking one up by
its digest tells an attacker nothing by the time that it takes.
"""

import hashlib
import secrets
from datetime import timedelta

from counterpoint.storage import signin as store
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database

LINK_LIFE = timedelta(hours=24)
SESSION_LIFE = timedelta(days=7)


class SignIn:
    """Links and sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def new_link(self, *, life: timedelta = LINK_LIFE) -> str:
        """The token of a link that opens one session, once."""
        token = secrets.token_urlsafe(32)
        now = now_micros()
        with self._database.write() as connection:
            store.add_link(connection, _digest(token), now, now + _micros(life))
        return token

    def redeem(self, token: str, *, life: timedelta = SESSION_LIFE) -> str | None:
        """The secret of a new session for a link's token; `None` if the link is unknown, used or too old."""
        session = secrets.token_urlsafe(32)
        now = now_micros()
        with self._database.write() as connection:
            if not store.use_link(connection, _digest(token), now):
                return None
            store.add_session(connection, _digest(session), now, now + _micros(life))
        return session

    def is_valid(self, session: str) -> bool:
        """Whether a session with that secret is open."""
        with self._database.read() as connection:
            return store.session_is_open(connection, _digest(session), now_micros())

    def end(self, session: str) -> None:
        """Signs out."""
        with self._database.write() as connection:
            store.end_session(connection, _digest(session))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _micros(duration: timedelta) -> int:
    return duration // timedelta(microseconds=1)
