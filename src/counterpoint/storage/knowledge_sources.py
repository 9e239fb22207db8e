"""Rows of sources of documents. Their settings are known to `knowledge.sources`, their syncs to `knowledge.syncing`."""

from typing import Any

import msgspec
from sqlalchemy import Connection, delete, exists, insert, or_, select, update

from counterpoint.canonical.ids import new_id
from counterpoint.storage.clock import now_micros
from counterpoint.storage.knowledge_tables import documents, sources

_s = sources.c


class SourceRow(msgspec.Struct, frozen=True, kw_only=True):
    """Where documents come from. `content`, `rights`: a `Sync` each, as plain values."""

    id: str
    organisation_id: str
    name: str
    kind: str
    settings: dict[str, Any]
    secret: str | None
    readers: list[str]
    content_every: int
    rights_every: int
    paused: bool
    content: dict[str, Any]
    rights: dict[str, Any]
    removing: bool
    owner: str
    created_at: int
    updated_at: int
    revision: int


def add(connection: Connection, organisation_id: str, *, readers: list[str], **values: Any) -> SourceRow:
    """A new one; `values`: `name`, `kind` and `settings`, others where they are not as usual. Both of its syncs are
    due."""
    now = now_micros()
    usual = {"secret": None, "content_every": 0, "rights_every": 0, "paused": False, "owner": "studio"}
    made = SourceRow(
        **usual | values,
        id=new_id(),
        organisation_id=organisation_id,
        readers=readers,
        content={"asked_at": now},
        rights={"asked_at": now},
        removing=False,
        created_at=now,
        updated_at=now,
        revision=1,
    )
    connection.execute(insert(sources).values(**msgspec.structs.asdict(made)))
    return made


def change(connection: Connection, source_id: str, **values: Any) -> None:
    """Sets some of what people say of it, and counts the change."""
    connection.execute(
        update(sources)
        .where(_s.id == source_id)
        .values(revision=_s.revision + 1, updated_at=now_micros(), **values)
    )


def put_sync(connection: Connection, source_id: str, what: str, sync: dict[str, Any]) -> None:
    """How far its sync of `content` or `rights` is. No change that an edit could conflict with."""
    connection.execute(update(sources).where(_s.id == source_id).values({what: sync}))


def by_id(connection: Connection, source_id: str, *, lock: bool = False) -> SourceRow | None:
    """`lock`: nobody else changes it before the transaction ends."""
    query = select(sources).where(_s.id == source_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else SourceRow(**row._asdict())


def by_name(connection: Connection, organisation_id: str, name: str) -> SourceRow | None:
    """Of an organisation."""
    query = select(sources).where(_s.organisation_id == organisation_id, _s.name == name)
    row = connection.execute(query).one_or_none()
    return None if row is None else SourceRow(**row._asdict())


def listed(connection: Connection, organisation_id: str | None = None) -> list[SourceRow]:
    """An organisation's, or all; by name."""
    query = select(sources).order_by(_s.name, _s.id)
    if organisation_id is not None:
        query = query.where(_s.organisation_id == organisation_id)
    return [SourceRow(**row._asdict()) for row in connection.execute(query)]


def changed_since(connection: Connection, since: int) -> list[str]:
    """Organisations of which some document was read since then, or is on its way out."""
    moved = or_(documents.c.read_at >= since, documents.c.state == "gone")
    query = select(_s.organisation_id).where(_s.id.in_(select(documents.c.source_id).where(moved)))
    return [row.organisation_id for row in connection.execute(query.distinct())]


def take_away(connection: Connection, source_id: str) -> None:
    """From now on it is going: nothing of it is synced or found any more, and its row ends when its last document's
    has."""
    change(connection, source_id, removing=True)


def remove_emptied(connection: Connection) -> list[str]:
    """Those that are going and have no documents left: their ids."""
    left = exists().where(documents.c.source_id == _s.id)
    query = select(_s.id).where(_s.removing.is_(True), ~left).with_for_update()
    ids = [row.id for row in connection.execute(query)]
    if ids:
        connection.execute(delete(sources).where(_s.id.in_(ids)))
    return ids
