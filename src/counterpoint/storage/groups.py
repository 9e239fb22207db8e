"""Rows of groups and of who belongs to them."""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from counterpoint.canonical.ids import new_id
from counterpoint.storage.clock import now_micros
from counterpoint.storage.knowledge_tables import group_members, groups
from counterpoint.storage.tables import accounts


class GroupRow(msgspec.Struct, frozen=True):
    """People under a name. `revision` counts changes, of its members too."""

    id: str
    organisation_id: str
    name: str
    created_at: int
    revision: int = 1


class MemberRow(msgspec.Struct, frozen=True):
    """An account in a group."""

    group_id: str
    id: str
    login: str
    name: str


_COLUMNS = [groups.c[name] for name in GroupRow.__struct_fields__]


def _group(row: Any) -> GroupRow:
    return msgspec.convert(row, GroupRow, from_attributes=True)


def add(connection: Connection, organisation_id: str, name: str) -> GroupRow:
    """A new one."""
    made = GroupRow(new_id(), organisation_id, name, now_micros())
    connection.execute(insert(groups).values(**msgspec.structs.asdict(made)))
    return made


def listed(connection: Connection, organisation_id: str) -> list[GroupRow]:
    """All, by name."""
    query = select(*_COLUMNS).where(groups.c.organisation_id == organisation_id).order_by(groups.c.name)
    return [_group(row) for row in connection.execute(query)]


def by_id(
    connection: Connection, organisation_id: str, group_id: str, *, lock: bool = False
) -> GroupRow | None:
    """One. `lock`: keep others from changing it meanwhile."""
    query = select(*_COLUMNS).where(groups.c.organisation_id == organisation_id, groups.c.id == group_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return _group(row) if row else None


def by_name(connection: Connection, organisation_id: str, name: str) -> GroupRow | None:
    """One."""
    query = select(*_COLUMNS).where(groups.c.organisation_id == organisation_id, groups.c.name == name)
    row = connection.execute(query).first()
    return _group(row) if row else None


def change(connection: Connection, group_id: str, **values: Any) -> None:
    """Sets some of its columns, and counts the change."""
    connection.execute(
        update(groups).where(groups.c.id == group_id).values(revision=groups.c.revision + 1, **values)
    )


def remove(connection: Connection, group_id: str) -> None:
    """With its memberships."""
    connection.execute(delete(group_members).where(group_members.c.group_id == group_id))
    connection.execute(delete(groups).where(groups.c.id == group_id))


def members(connection: Connection, group_ids: Collection[str]) -> list[MemberRow]:
    """Who belongs to these, by login."""
    query = (
        select(group_members.c.group_id, accounts.c.id, accounts.c.login, accounts.c.name)
        .join(accounts, accounts.c.id == group_members.c.account_id)
        .where(group_members.c.group_id.in_(group_ids))
        .order_by(accounts.c.login)
    )
    return [MemberRow(*row) for row in connection.execute(query)]


def put_members(connection: Connection, group_id: str, account_ids: Collection[str]) -> None:
    """These and no others belong to it."""
    rows = connection.execute(
        select(group_members.c.account_id).where(group_members.c.group_id == group_id)
    ).scalars()
    before, wanted = set(rows), set(account_ids)
    for gone in sorted(before - wanted):
        connection.execute(
            delete(group_members).where(
                group_members.c.group_id == group_id, group_members.c.account_id == gone
            )
        )
    for new in sorted(wanted - before):
        connection.execute(insert(group_members).values(group_id=group_id, account_id=new))


def of_account(connection: Connection, account_id: str) -> list[str]:
    """The groups that it belongs to now."""
    query = select(group_members.c.group_id).where(group_members.c.account_id == account_id)
    return [str(group_id) for group_id in connection.execute(query).scalars()]
