"""Signing in to the studio: by a link that works once, or by login and password; and the sessions that follow.

The first start's link leads to making the owner's account and to nothing else. Later links sign in the account
that they were made for, or the first owner: whoever may run commands on the machine is never locked out.
What is stored of links and sessions are digests; their secrets have 256 bits of chance, so looking one up by
its digest tells an attacker nothing by the time that it takes.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import cast

import msgspec
from sqlalchemy import Connection

from counterpoint.control.accounts import Accounts, fold
from counterpoint.control.passwords import check_password, hash_password, is_outdated, is_password
from counterpoint.control.roles import RIGHTS_OF, SETTING_UP, Right, Role
from counterpoint.control.throttle import Throttle
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import accounts as account_store
from counterpoint.storage import signin as store
from counterpoint.storage.accounts import AccountRow
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database
from counterpoint.storage.signin import SessionRow

LINK_LIFE = timedelta(hours=24)
SESSION_LIFE = timedelta(days=7)
IDLE_LIFE = timedelta(hours=24)
_SEEN_EVERY = timedelta(minutes=1)


class Signed(msgspec.Struct, frozen=True):
    """Whose session it is. `account`: `None` while the owner's account is still to be made. `by_link`: he gave no
    password, and may set one without knowing the old one."""

    account: AccountRow | None
    by_link: bool

    @property
    def rights(self) -> frozenset[Right]:
        """What it allows."""
        return RIGHTS_OF[cast("Role", self.account.role)] if self.account is not None else SETTING_UP


class TooManyAttempts(Exception):  # noqa: N818 - it is told to a person, it is no defect
    """`seconds`: to wait before the next one."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class SignIn:
    """Links and sessions of one organisation."""

    def __init__(self, database: Database, organisation_id: str) -> None:
        self._database = database
        self._organisation_id = organisation_id
        self.throttle = Throttle(database)

    def new_link(self, account_id: str | None = None, *, life: timedelta = LINK_LIFE) -> str:
        """The token of a link that opens one session, once."""
        token = secrets.token_urlsafe(32)
        now = now_micros()
        with self._database.write() as connection:
            if account_id is not None:
                store.drop_links(connection, account_id)  # the newest is the only one
            store.add_link(connection, _digest(token), now, now + _micros(life), account_id)
        return token

    def redeem(self, token: str, *, life: timedelta = SESSION_LIFE) -> str | None:
        """The secret of a new session for a link's token; `None` if the link is unknown, used or too old, or its
        account cannot sign in."""
        with self._database.write() as connection:
            link = store.use_link(connection, _digest(token), now_micros())
            if link is None:
                return None
            account = self._account_of(connection, link.account_id)
            if account is None and account_store.count(connection, self._organisation_id):
                return None
            return self._open(connection, account, life, by_link=True)

    def sign_in(
        self, login: str, password: str, address: str, *, life: timedelta = SESSION_LIFE
    ) -> str | None:
        """The secret of a new session; `None` if there is no such account or this is not its password, which
        nobody can tell apart. Raises `TooManyAttempts`."""
        login = fold(login)
        wait = self.throttle.take(login, address)
        if wait:
            raise TooManyAttempts(wait)
        with self._database.read() as connection:
            account = account_store.by_login(connection, self._organisation_id, login)
        stored = account.password_hash if account is not None and account.disabled_at is None else None
        if not is_password(stored, password) or account is None or stored is None:
            return None
        self.throttle.forget(login, address)
        fresh = hash_password(password) if is_outdated(stored) else None
        with self._database.write() as connection:
            now = account_store.by_id(connection, account.id)
            if now is None or now.disabled_at is not None or now.password_hash != stored:
                return None  # it was changed while we looked
            if fresh is not None:
                account_store.change(connection, account.id, password_hash=fresh)
            return self._open(connection, now, life)

    def who(self, session: str) -> Signed | None:
        """Whose session has that secret; `None` if none that is open has."""
        now = now_micros()
        digest = _digest(session)
        with self._database.read() as connection:
            found = store.find_session(connection, digest, now, now - _micros(IDLE_LIFE))
            signed = None if found is None else self._signed(connection, found)
        if found is not None and signed is not None and now - found.used_at > _micros(_SEEN_EVERY):
            with self._database.write() as connection:
                store.touch_session(connection, digest, now)
        return signed

    def set_up(self, accounts: Accounts, *, login: str, name: str, password: str) -> str:
        """Makes the owner's account, once. The secret of his session; those that the link opened end."""
        made = accounts.create_first(login=login, name=name, password=password)
        with self._database.write() as connection:
            store.end_sessions(connection, None)
            return self._open(connection, made, SESSION_LIFE)

    def change_password(self, session: str, *, current: str | None, password: str, address: str) -> str:
        """Sets the password of whoever's session it is. All of his sessions and links end; the secret of a new
        session. Raises `Complaint`, `TooManyAttempts`."""
        signed = self.who(session)
        if signed is None or signed.account is None:
            raise Complaint("control.accounts.not_signed_in", kind="denied")
        account = signed.account
        if not signed.by_link:
            self._check_current(account, current or "", address)
        hashed = hash_password(check_password(password))
        with self._database.write() as connection:
            account_store.change(connection, account.id, password_hash=hashed)
            store.end_sessions(connection, account.id)
            store.drop_links(connection, account.id)
            return self._open(connection, account, SESSION_LIFE)

    def _check_current(self, account: AccountRow, current: str, address: str) -> None:
        wait = self.throttle.take(account.login, address)
        if wait:
            raise TooManyAttempts(wait)
        if not is_password(account.password_hash, current):
            raise Complaint("control.accounts.wrong_password", kind="denied")
        self.throttle.forget(account.login, address)

    def end(self, session: str) -> None:
        """Signs out."""
        with self._database.write() as connection:
            store.end_session(connection, _digest(session))

    def end_all(self, account_id: str) -> int:
        """Signs an account out everywhere; how many sessions there were."""
        with self._database.write() as connection:
            return store.end_sessions(connection, account_id)

    def is_set_up(self) -> bool:
        """Whether there is an account."""
        with self._database.read() as connection:
            return account_store.count(connection, self._organisation_id) > 0

    def _account_of(self, connection: Connection, account_id: str | None) -> AccountRow | None:
        if account_id is None:
            owners = account_store.owners(connection, self._organisation_id)
            return owners[0] if owners else None
        account = account_store.by_id(connection, account_id)
        return account if account is not None and account.disabled_at is None else None

    def _signed(self, connection: Connection, session: SessionRow) -> Signed | None:
        if session.account_id is None:
            made = account_store.count(connection, self._organisation_id)
            return None if made else Signed(None, session.by_link)
        account = account_store.by_id(connection, session.account_id)
        if account is None or account.disabled_at is not None:
            return None
        return Signed(account, session.by_link)

    def _open(
        self, connection: Connection, account: AccountRow | None, life: timedelta, *, by_link: bool = False
    ) -> str:
        session = secrets.token_urlsafe(32)
        now = now_micros()
        account_id = account.id if account is not None else None
        store.add_session(
            connection, _digest(session), now, now + _micros(life), account_id=account_id, by_link=by_link
        )
        if account is not None:
            account_store.note_sign_in(connection, account.id, now)
        return session


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _micros(duration: timedelta) -> int:
    return duration // timedelta(microseconds=1)
