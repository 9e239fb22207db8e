"""Rows of organisations and their projects."""

import msgspec
from sqlalchemy import Connection, insert, select

from counterpoint.canonical.ids import new_id
from counterpoint.storage.clock import now_micros
from counterpoint.storage.tables import organisations, projects


class Organisation(msgspec.Struct, frozen=True):
    """Who runs this installation, or one of several who share it."""

    id: str
    name: str


class Project(msgspec.Struct, frozen=True):
    """What keys belong to, and costs are counted for."""

    id: str
    organisation_id: str
    name: str
    created_at: int


def find_organisation(connection: Connection, name: str) -> Organisation | None:
    """By name."""
    row = connection.execute(select(organisations).where(organisations.c.name == name)).first()
    return Organisation(row.id, row.name) if row else None


def add_organisation(connection: Connection, name: str) -> Organisation:
    """A new one."""
    made = Organisation(new_id(), name)
    connection.execute(insert(organisations).values(id=made.id, name=name, created_at=now_micros()))
    return made


def find_project(connection: Connection, organisation_id: str, name: str) -> Project | None:
    """By name."""
    query = select(projects).where(projects.c.organisation_id == organisation_id, projects.c.name == name)
    row = connection.execute(query).first()
    return Project(row.id, row.organisation_id, row.name, row.created_at) if row else None


def add_project(connection: Connection, organisation_id: str, name: str) -> Project:
    """A new one."""
    made = Project(new_id(), organisation_id, name, now_micros())
    connection.execute(insert(projects).values(**msgspec.structs.asdict(made)))
    return made
