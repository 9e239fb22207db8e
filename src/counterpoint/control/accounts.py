"""Accounts: who may sign in, as what. Nobody makes or changes what could do more than he himself, and an
organisation never loses its last owner."""

import unicodedata
from typing import cast

import msgspec
from sqlalchemy import Connection

from counterpoint.control.names import check_name
from counterpoint.control.paging import MOST, Paged, paged, place_of
from counterpoint.control.passwords import check_password, hash_password
from counterpoint.control.roles import ROLES, Role, may_manage
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import accounts as store
from counterpoint.storage import signin as sessions
from counterpoint.storage.accounts import AccountRow
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database

AccountPage = Paged[AccountRow]
_LIST = "accounts"


class AccountChange(msgspec.Struct, frozen=True):
    """What is to become of an account; `None`: as it is."""

    name: str | None = None
    role: Role | None = None
    disabled: bool | None = None


class Accounts:
    """The accounts of one organisation. `actor`: the role of whoever asks for it."""

    def __init__(self, database: Database, organisation_id: str) -> None:
        self._database = database
        self._organisation_id = organisation_id

    def create_first(self, *, login: str, name: str, password: str) -> AccountRow:
        """The owner's, while there is none. Raises `Complaint`."""
        hashed = hash_password(check_password(password))
        login = check_login(login)
        check_name(name)
        with self._database.write() as connection:
            if store.count(connection, self._organisation_id):
                raise Complaint("control.accounts.set_up_already", kind="conflict")
            return self._add(connection, login, name, "owner", hashed)

    def create(
        self, *, login: str, name: str, role: Role, password: str | None = None, actor: Role
    ) -> AccountRow:
        """A new one; without a password it signs in by a link first. Raises `Complaint`."""
        _refuse_unless_may(actor, role)
        login = check_login(login)
        check_name(name)
        hashed = hash_password(check_password(password)) if password is not None else None
        with self._database.write() as connection:
            if store.by_login(connection, self._organisation_id, login) is not None:
                raise Complaint("control.accounts.login_taken", kind="conflict", login=login)
            return self._add(connection, login, name, role, hashed)

    def list(
        self, *, role: Role | None = None, words: str = "", cursor: str | None = None, limit: int = 50
    ) -> AccountPage:
        """Newest first."""
        limit = max(1, min(limit, MOST))
        before = place_of(_LIST, cursor)
        with self._database.read() as connection:
            rows = store.page(
                connection,
                organisation_id=self._organisation_id,
                role=role,
                words=words,
                before=before,
                limit=limit + 1,
            )
        return paged(_LIST, rows, limit, lambda row: row.id)

    def find(self, account_id: str) -> AccountRow:
        """By id. Raises `Complaint`."""
        with self._database.read() as connection:
            return self._find(connection, account_id)

    def by_login(self, login: str) -> AccountRow:
        """As he signs in. Raises `Complaint`."""
        with self._database.read() as connection:
            row = store.by_login(connection, self._organisation_id, fold(login))
        if row is None:
            raise Complaint("control.accounts.not_found", kind="not_found", id=login[:60])
        return row

    def change(
        self, account_id: str, wanted: AccountChange, *, actor: Role, revision: int | None = None
    ) -> AccountRow:
        """`revision`: the one that the change was made for. Another role or being disabled ends its sessions.

        Raises `Complaint`.
        """
        with self._database.write() as connection:
            row = self._managed(connection, account_id, actor, lock=True)
            if revision is not None and revision != row.revision:
                raise Complaint("control.changed_meanwhile", kind="stale")
            values: dict[str, str | int | None] = {}
            if wanted.name is not None:
                values["name"] = check_name(wanted.name)
            if wanted.role is not None and wanted.role != row.role:
                _refuse_unless_may(actor, wanted.role)
                self._keep_an_owner(connection, row)
                values["role"] = wanted.role
            if wanted.disabled is not None and wanted.disabled != (row.disabled_at is not None):
                if wanted.disabled:
                    self._keep_an_owner(connection, row)
                values["disabled_at"] = now_micros() if wanted.disabled else None
            if values:
                store.change(connection, row.id, **values)
            if values.keys() - {"name"}:
                sessions.end_sessions(connection, row.id)
                sessions.drop_links(connection, row.id)
            return self._find(connection, row.id)

    def rename(self, account_id: str, name: str) -> AccountRow:
        """What its own person may do. Raises `Complaint`."""
        with self._database.write() as connection:
            row = self._find(connection, account_id)
            store.change(connection, row.id, name=check_name(name))
            return self._find(connection, row.id)

    def remove(self, account_id: str, *, actor: Role) -> None:
        """With its sessions. Raises `Complaint`."""
        with self._database.write() as connection:
            row = self._managed(connection, account_id, actor)
            self._keep_an_owner(connection, row)
            store.remove(connection, row.id)

    def managed(self, account_id: str, *, actor: Role) -> AccountRow:
        """The account, if `actor` may act for it. Raises `Complaint`."""
        with self._database.read() as connection:
            return self._managed(connection, account_id, actor)

    def _add(
        self, connection: Connection, login: str, name: str, role: Role, hashed: str | None
    ) -> AccountRow:
        return store.add(
            connection,
            organisation_id=self._organisation_id,
            login=login,
            name=name,
            role=role,
            password_hash=hashed,
        )

    def _find(self, connection: Connection, account_id: str, *, lock: bool = False) -> AccountRow:
        row = store.by_id(connection, account_id, lock=lock)
        if row is None or row.organisation_id != self._organisation_id:
            raise Complaint("control.accounts.not_found", kind="not_found", id=account_id[:60])
        return row

    def _managed(
        self, connection: Connection, account_id: str, actor: Role, *, lock: bool = False
    ) -> AccountRow:
        row = self._find(connection, account_id, lock=lock)
        _refuse_unless_may(actor, cast("Role", row.role))
        return row

    def _keep_an_owner(self, connection: Connection, row: AccountRow) -> None:
        owners = store.owners(connection, self._organisation_id, lock=True)
        if [owner.id for owner in owners] == [row.id]:
            raise Complaint("control.accounts.last_owner", kind="conflict", login=row.login)


def _refuse_unless_may(actor: Role, subject: Role) -> None:
    if subject not in ROLES:
        raise Complaint("control.accounts.unknown_role", role=str(subject)[:40])
    if not may_manage(actor, subject):
        raise Complaint("control.accounts.above_you", kind="denied", role=subject)


def fold(login: str) -> str:
    """As logins are compared: nobody minds capitals in an address."""
    return unicodedata.normalize("NFKC", login).strip().lower()[:200]


def check_login(login: str) -> str:
    """An e-mail address or a short name. Raises `Complaint`."""
    folded = fold(login)
    if not 2 <= len(folded) <= 100 or not folded.isprintable() or any(map(str.isspace, folded)):
        raise Complaint("control.accounts.unusable_login", login=login[:60])
    return folded
