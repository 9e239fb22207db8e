"""Rows of accounts: people who sign in to the studio."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from counterpoint.canonical.ids import new_id
from counterpoint.storage.clock import now_micros
from counterpoint.storage.knowledge_tables import group_members
from counterpoint.storage.tables import accounts, sessions, signin_links


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    """A person. `password_hash`: `None` until he has chosen one. `revision` counts changes to the row."""

    id: str
    organisation_id: str
    login: str
    name: str
    role: str
    password_hash: str | None
    created_at: int
    signed_in_at: int | None
    disabled_at: int | None
    revision: int

    def __repr__(self) -> str:
        return f"AccountRow({self.login!r})"


def _row(row: Row[*tuple[Any, ...]]) -> AccountRow:
    return AccountRow(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name begins so


def add(
    connection: Connection,
    *,
    organisation_id: str,
    login: str,
    name: str,
    role: str,
    password_hash: str | None,
) -> AccountRow:
    """A new one."""
    made = AccountRow(
        id=new_id(),
        organisation_id=organisation_id,
        login=login,
        name=name,
        role=role,
        password_hash=password_hash,
        created_at=now_micros(),
        signed_in_at=None,
        disabled_at=None,
        revision=1,
    )
    connection.execute(insert(accounts).values(**msgspec.structs.asdict(made)))
    return made


def change(connection: Connection, account_id: str, **values: Any) -> None:
    """Sets some of its columns, and counts the change."""
    connection.execute(
        update(accounts).where(accounts.c.id == account_id).values(revision=accounts.c.revision + 1, **values)
    )


def note_sign_in(connection: Connection, account_id: str, now: int) -> None:
    """He was here; no change that another edit could conflict with."""
    connection.execute(update(accounts).where(accounts.c.id == account_id).values(signed_in_at=now))


def remove(connection: Connection, account_id: str) -> None:
    """With its sessions and links, out of its groups."""
    for table in (sessions, signin_links, group_members):
        connection.execute(delete(table).where(table.c.account_id == account_id))
    connection.execute(delete(accounts).where(accounts.c.id == account_id))


def by_id(connection: Connection, account_id: str, *, lock: bool = False) -> AccountRow | None:
    """One. `lock`: keep others from changing it meanwhile."""
    query = select(accounts).where(accounts.c.id == account_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return _row(row) if row else None


def by_login(connection: Connection, organisation_id: str, login: str) -> AccountRow | None:
    """One; `login` in lower case."""
    row = connection.execute(
        select(accounts).where(accounts.c.organisation_id == organisation_id, accounts.c.login == login)
    ).first()
    return _row(row) if row else None


def owners(connection: Connection, organisation_id: str, *, lock: bool = False) -> list[AccountRow]:
    """The owners who can sign in, the first one first. `lock`: keep others from changing them meanwhile."""
    query = (
        select(accounts)
        .where(
            accounts.c.organisation_id == organisation_id,
            accounts.c.role == "owner",
            accounts.c.disabled_at.is_(None),
        )
        .order_by(accounts.c.id)
    )
    return [_row(row) for row in connection.execute(query.with_for_update() if lock else query)]


def logins(connection: Connection, organisation_id: str) -> dict[str, str]:
    """Ids of all accounts, by login."""
    query = select(accounts.c.login, accounts.c.id).where(accounts.c.organisation_id == organisation_id)
    return {row.login: row.id for row in connection.execute(query)}


def count(connection: Connection, organisation_id: str) -> int:
    """How many there are."""
    query = select(func.count()).where(accounts.c.organisation_id == organisation_id)
    return int(connection.execute(query).scalar_one())


def page(
    connection: Connection,
    *,
    organisation_id: str,
    role: str | None,
    words: str,
    before: str | None,
    limit: int,
) -> list[AccountRow]:
    """Newest first, from below the id `before`. `words`: part of a login or a name."""
    query = select(accounts).where(accounts.c.organisation_id == organisation_id)
    if role is not None:
        query = query.where(accounts.c.role == role)
    if words:
        found = accounts.c.login.icontains(words, autoescape=True)
        query = query.where(found | accounts.c.name.icontains(words, autoescape=True))
    if before is not None:
        query = query.where(accounts.c.id < before)
    return [_row(row) for row in connection.execute(query.order_by(accounts.c.id.desc()).limit(limit))]
