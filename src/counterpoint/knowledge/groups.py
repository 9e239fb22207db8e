"""Groups of people, and whom somebody is who asks: read from the database for each question, so that whoever left a
group sees nothing through it from the next question on."""

import builtins
from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection

from counterpoint.control.names import check_name
from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge import rights
from counterpoint.knowledge.asker import Asker
from counterpoint.storage import accounts
from counterpoint.storage import groups as store
from counterpoint.storage.database import Database
from counterpoint.storage.groups import GroupRow, MemberRow


class GroupView(msgspec.Struct, frozen=True):
    """A group, and who belongs to it."""

    id: str
    name: str
    members: tuple[MemberRow, ...]
    created_at: int
    revision: int


class Groups:
    """Those of one organisation."""

    def __init__(self, database: Database, organisation_id: str) -> None:
        self._database = database
        self._organisation_id = organisation_id

    def list(self) -> Sequence[GroupView]:
        """By name."""
        with self._database.read() as connection:
            return _views(connection, store.listed(connection, self._organisation_id))

    def find(self, group_id: str) -> GroupView:
        """One. Raises `Complaint`."""
        with self._database.read() as connection:
            return self._view(connection, group_id)

    def by_name(self, name: str) -> GroupView:
        """One. Raises `Complaint`."""
        with self._database.read() as connection:
            row = store.by_name(connection, self._organisation_id, name)
            if row is None:
                raise _unknown(name)
            return _views(connection, [row])[0]

    def add(self, name: str) -> GroupView:
        """A new one, of nobody. Raises `Complaint`."""
        check_name(name)
        with self._database.write() as connection:
            self._refuse_taken(connection, name)
            row = store.add(connection, self._organisation_id, name)
            return self._view(connection, row.id)

    def rename(self, group_id: str, name: str, *, revision: int | None = None) -> GroupView:
        """`revision`: the one that the change was made for. Raises `Complaint`."""
        check_name(name)
        with self._database.write() as connection:
            row = self._locked(connection, group_id, revision)
            if name != row.name:
                self._refuse_taken(connection, name)
                store.change(connection, row.id, name=name)
            return self._view(connection, row.id)

    def put_members(
        self, group_id: str, account_ids: Sequence[str], *, revision: int | None = None
    ) -> GroupView:
        """These and no others belong to it. Raises `Complaint`."""
        with self._database.write() as connection:
            row = self._locked(connection, group_id, revision)
            for account_id in account_ids:
                account = accounts.by_id(connection, account_id)
                if account is None or account.organisation_id != self._organisation_id:
                    raise Complaint("control.accounts.not_found", kind="not_found", id=account_id[:60])
            store.put_members(connection, row.id, account_ids)
            store.change(connection, row.id)
            return self._view(connection, row.id)

    def remove(self, group_id: str) -> None:
        """Nobody sees anything through it any more. Raises `Complaint`."""
        with self._database.write() as connection:
            store.remove(connection, self._locked(connection, group_id, None).id)

    def asker(
        self,
        account_id: str | None,
        *,
        login: str = "",
        program: str = "",
        administers: bool = False,
        audits: bool = False,
    ) -> Asker:
        """Whoever has this account, as of now; without one, a program: no more than anybody who is signed in."""
        if account_id is None:
            principals = frozenset({rights.everybody(self._organisation_id)})
        else:
            with self._database.read() as connection:
                groups = store.of_account(connection, account_id)
            principals = rights.asker(self._organisation_id, account_id, groups)
        return Asker(self._organisation_id, principals, account_id, login, administers, audits, program)

    def _locked(self, connection: Connection, group_id: str, revision: int | None) -> GroupRow:
        row = store.by_id(connection, self._organisation_id, group_id, lock=True)
        if row is None:
            raise _unknown(group_id)
        if revision is not None and revision != row.revision:
            raise Complaint("control.changed_meanwhile", kind="stale")
        return row

    def _refuse_taken(self, connection: Connection, name: str) -> None:
        if store.by_name(connection, self._organisation_id, name) is not None:
            raise Complaint("knowledge.groups.name_taken", kind="conflict", name=name)

    def _view(self, connection: Connection, group_id: str) -> GroupView:
        row = store.by_id(connection, self._organisation_id, group_id)
        if row is None:
            raise _unknown(group_id)
        return _views(connection, [row])[0]


def _unknown(group_id: str) -> Complaint:
    return Complaint("knowledge.groups.unknown", kind="not_found", id=group_id[:60])


def _views(connection: Connection, rows: Iterable[GroupRow]) -> builtins.list[GroupView]:
    rows = list(rows)
    belonging: dict[str, list[MemberRow]] = {}
    for member in store.members(connection, [row.id for row in rows]):
        belonging.setdefault(member.group_id, []).append(member)
    return [
        GroupView(row.id, row.name, tuple(belonging.get(row.id, ())), row.created_at, row.revision)
        for row in rows
    ]
