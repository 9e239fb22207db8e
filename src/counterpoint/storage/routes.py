"""Rows of routes: what people say of them, whole, and who may change it."""

from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from counterpoint.canonical.ids import new_id
from counterpoint.directory.routes import Route
from counterpoint.storage.clock import now_micros
from counterpoint.storage.tables import routes


class RouteRow(msgspec.Struct, frozen=True):
    """A route, and who may change it."""

    id: str
    route: Route
    owner: str
    created_at: int
    updated_at: int
    revision: int


def listed(connection: Connection, organisation_id: str) -> list[RouteRow]:
    """All, by name."""
    query = select(routes).where(routes.c.organisation_id == organisation_id).order_by(routes.c.name)
    return [_row(row) for row in connection.execute(query)]


def by_name(
    connection: Connection, organisation_id: str, name: str, *, lock: bool = False
) -> RouteRow | None:
    """One. `lock`: keep others from changing it meanwhile."""
    query = select(routes).where(routes.c.organisation_id == organisation_id, routes.c.name == name)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return _row(row) if row else None


def add(connection: Connection, organisation_id: str, route: Route, owner: str) -> None:
    """A new one."""
    now = now_micros()
    connection.execute(
        insert(routes).values(
            id=new_id(),
            organisation_id=organisation_id,
            owner=owner,
            created_at=now,
            updated_at=now,
            revision=1,
            **_columns(route),
        )
    )


def change(connection: Connection, row_id: str, route: Route) -> None:
    """What it says now; counts the change."""
    connection.execute(
        update(routes)
        .where(routes.c.id == row_id)
        .values(updated_at=now_micros(), revision=routes.c.revision + 1, **_columns(route))
    )


def remove(connection: Connection, row_id: str) -> None:
    """Forgets it."""
    connection.execute(delete(routes).where(routes.c.id == row_id))


def _columns(route: Route) -> dict[str, Any]:
    return {"name": route.name, "definition": msgspec.to_builtins(route)}


def _row(row: Any) -> RouteRow:
    return RouteRow(
        id=row.id,
        route=msgspec.convert(row.definition, Route),
        owner=row.owner,
        created_at=row.created_at,
        updated_at=row.updated_at,
        revision=row.revision,
    )
