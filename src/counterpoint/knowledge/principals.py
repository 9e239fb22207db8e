"""Principals as people know them: from what somebody writes (`group:Finance`) to a principal, and back to a name."""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec
from sqlalchemy import Connection

from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge import rights
from counterpoint.storage import accounts, groups

EVERYBODY = "all"


class PrincipalView(msgspec.Struct, frozen=True):
    """`name`: a login or a group's name; empty for everybody, and for who is gone."""

    id: str
    kind: Literal["user", "group", "everybody"]
    name: str


def resolved(connection: Connection, organisation_id: str, written: Iterable[str]) -> list[str]:
    """What was written, as principals, once each: `all`, `user:` with an id or a login, `group:` with an id or a name.
    Raises `Complaint`."""
    return list(dict.fromkeys(_resolved(connection, organisation_id, text) for text in written))


def _resolved(connection: Connection, organisation_id: str, text: str) -> str:
    if text in {EVERYBODY, rights.everybody(organisation_id)}:
        return rights.everybody(organisation_id)
    kind, _, name = text.partition(":")
    if kind == "user" and name:
        account = accounts.by_id(connection, name) or accounts.by_login(
            connection, organisation_id, name.lower()
        )
        if account is not None and account.organisation_id == organisation_id:
            return rights.user(account.id)
    if kind == "group" and name:
        group = groups.by_id(connection, organisation_id, name) or groups.by_name(
            connection, organisation_id, name
        )
        if group is not None:
            return rights.group(group.id)
    raise Complaint("knowledge.principals.unknown", name=text[:100])


def named(connection: Connection, organisation_id: str, principals: Iterable[str]) -> Sequence[PrincipalView]:
    """With their names, everybody first, then groups, then people."""
    views = [_named(connection, organisation_id, principal) for principal in principals]
    order = ("everybody", "group", "user")
    return sorted(views, key=lambda view: (order.index(view.kind), view.name, view.id))


def _named(connection: Connection, organisation_id: str, principal: str) -> PrincipalView:
    kind, _, id_ = principal.partition(":")
    if kind == "user":
        account = accounts.by_id(connection, id_)
        return PrincipalView(principal, "user", account.login if account is not None else "")
    if kind == "group":
        group = groups.by_id(connection, organisation_id, id_)
        return PrincipalView(principal, "group", group.name if group is not None else "")
    return PrincipalView(principal, "everybody", "")
