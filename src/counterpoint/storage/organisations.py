"""Rows of organisations and their projects."""

from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from counterpoint.canonical.ids import new_id
from counterpoint.storage.clock import now_micros
from counterpoint.storage.tables import organisations, projects


class Organisation(msgspec.Struct, frozen=True):
    """Who runs this installation, or one of several who share it."""

    id: str
    name: str


class Project(msgspec.Struct, frozen=True):
    """What keys belong to, and costs are counted for. `data_class`, `constraints`: what it sends, and where it may
    go, as `owner` says; `constraints` are a `directory.routes.Constraints` in plain values."""

    id: str
    organisation_id: str
    name: str
    created_at: int
    data_class: str = ""
    constraints: dict[str, Any] | None = None
    constraints_owner: str = "studio"
    revision: int = 1


_COLUMNS = [projects.c[name] for name in Project.__struct_fields__]


def find_organisation(connection: Connection, name: str) -> Organisation | None:
    """By name."""
    row = connection.execute(select(organisations).where(organisations.c.name == name)).first()
    return Organisation(row.id, row.name) if row else None


def add_organisation(connection: Connection, name: str) -> Organisation:
    """A new one."""
    made = Organisation(new_id(), name)
    connection.execute(insert(organisations).values(id=made.id, name=name, created_at=now_micros()))
    return made


def find_project(
    connection: Connection, organisation_id: str, name: str, *, lock: bool = False
) -> Project | None:
    """By name. `lock`: keep others from changing it meanwhile."""
    query = select(*_COLUMNS).where(projects.c.organisation_id == organisation_id, projects.c.name == name)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return _project(row) if row else None


def projects_of(connection: Connection, organisation_id: str) -> list[Project]:
    """All, by name."""
    query = select(*_COLUMNS).where(projects.c.organisation_id == organisation_id).order_by(projects.c.name)
    return [_project(row) for row in connection.execute(query)]


def _project(row: Any) -> Project:
    return msgspec.convert(row, Project, from_attributes=True)


def organisation_of(connection: Connection, project_id: str) -> str:
    """Whose project it is."""
    query = select(projects.c.organisation_id).where(projects.c.id == project_id)
    return str(connection.execute(query).scalar_one())


def change_project(connection: Connection, project_id: str, **values: Any) -> None:
    """Sets some of what is said of it, and counts the change."""
    connection.execute(
        update(projects).where(projects.c.id == project_id).values(revision=projects.c.revision + 1, **values)
    )


def add_project(connection: Connection, organisation_id: str, name: str) -> Project:
    """A new one."""
    made = Project(new_id(), organisation_id, name, now_micros())
    connection.execute(insert(projects).values(**msgspec.structs.asdict(made)))
    return made
