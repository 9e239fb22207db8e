"""Rows of who may see which document. What stands here holds in the next question; the index hears of it later
(`documents.told`), and whoever searches looks here once more."""

from collections.abc import Collection, Mapping

import msgspec
from sqlalchemy import Connection, delete, exists, func, insert, select, update

from counterpoint.storage.knowledge_tables import document_readers, documents, sources
from counterpoint.storage.portions import portions

_d, _r = documents.c, document_readers.c


def put(connection: Connection, readers: Mapping[str, frozenset[str]]) -> int:
    """From now on, exactly these may see those documents (by id). How many documents' readers were others before."""
    before = of(connection, readers)
    changed = {id_: wanted for id_, wanted in readers.items() if before.get(id_, frozenset()) != wanted}
    lost = [(id_, name) for id_, wanted in changed.items() for name in before.get(id_, frozenset()) - wanted]
    won = [
        {"document_id": id_, "principal": name}
        for id_, wanted in changed.items()
        for name in sorted(wanted - before.get(id_, frozenset()))
    ]
    for id_, name in lost:
        connection.execute(delete(document_readers).where(_r.document_id == id_, _r.principal == name))
    for some in portions(won):
        connection.execute(insert(document_readers), some)
    _count(connection, list(changed))
    return len(changed)


def of(connection: Connection, document_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """Who may see those documents. One that nobody may see is left out."""
    found: dict[str, set[str]] = {}
    for ids in portions(document_ids):
        for row in connection.execute(select(document_readers).where(_r.document_id.in_(ids))):
            found.setdefault(row.document_id, set()).add(row.principal)
    return {id_: frozenset(names) for id_, names in found.items()}


def visible(connection: Connection, principals: Collection[str], document_ids: Collection[str]) -> set[str]:
    """Those of the documents that one of the principals may see, now."""
    found: set[str] = set()
    if not principals:
        return found
    for ids in portions(document_ids):
        query = select(_r.document_id).where(_r.document_id.in_(ids), _r.principal.in_(list(principals)))
        found |= {row.document_id for row in connection.execute(query)}
    return found


def put_all(connection: Connection, source_id: str, readers: Collection[str]) -> None:
    """Exactly these may see every document of a source that reports no rights itself."""
    ids = _of_source(connection, source_id)
    put(connection, dict.fromkeys(ids, frozenset(readers)))


def withdraw(connection: Connection, source_id: str, principals: Collection[str]) -> None:
    """None of a source's documents may be seen by these; whom the source itself lets see them, its next sync of rights
    lets see them again."""
    ids = _of_source(connection, source_id)
    held = of(connection, ids)
    put(connection, {id_: names - frozenset(principals) for id_, names in held.items()})


class Heard(msgspec.Struct, frozen=True):
    """How far the index has heard of a document's readers: `rights` and `told` of its row, at one moment."""

    source_id: str
    rights: int
    told: int


def untold(connection: Connection, limit: int) -> dict[str, Heard]:
    """Documents of whose readers the index has not heard, by id."""
    query = select(_d.id, _d.source_id, _d.rights, _d.told).where(_d.told < _d.rights, _d.indexed != "")
    rows = connection.execute(query.limit(limit))
    return {row.id: Heard(row.source_id, row.rights, row.told) for row in rows}


def heard(connection: Connection, document_ids: Collection[str]) -> dict[str, Heard]:
    """Before the index is told of those documents' readers, to settle with afterwards."""
    found: dict[str, Heard] = {}
    for ids in portions(document_ids):
        query = select(_d.id, _d.source_id, _d.rights, _d.told).where(_d.id.in_(ids))
        found |= {row.id: Heard(row.source_id, row.rights, row.told) for row in connection.execute(query)}
    return found


def tell(connection: Connection, heard: Mapping[str, Heard]) -> None:
    """The index has heard of these. Where somebody else has told it something meanwhile, nobody knows who was last, and
    it hears of it once more."""
    for id_, each in sorted(heard.items()):
        mine = update(documents).where(_d.id == id_, _d.told == each.told)
        if not connection.execute(mine.values(told=each.rights)).rowcount:
            connection.execute(update(documents).where(_d.id == id_).values(rights=_d.rights + 1))


def with_readers(connection: Connection, source_id: str) -> int:
    """How many documents of a source somebody may see."""
    some = exists().where(_r.document_id == _d.id)
    query = select(func.count()).select_from(documents).where(_d.source_id == source_id, some)
    return int(connection.execute(query).scalar_one())


def _of_source(connection: Connection, source_id: str) -> list[str]:
    query = (
        select(_d.id).where(_d.source_id == source_id, _d.state != "gone").order_by(_d.id).with_for_update()
    )
    return [row.id for row in connection.execute(query)]


def _count(connection: Connection, document_ids: list[str]) -> None:
    for ids in portions(document_ids):
        connection.execute(update(documents).where(_d.id.in_(ids)).values(rights=_d.rights + 1))


class Facet(msgspec.Struct, frozen=True):
    """What some documents have in common."""

    source_id: str
    language: str
    media_type: str


def facets(connection: Connection, asking: Collection[str]) -> list[Facet]:
    """Of the documents that are found and that one of the principals may see, now."""
    query = (
        select(_d.source_id, _d.language, _d.media_type)
        .join(document_readers, _r.document_id == _d.id)
        .where(_r.principal.in_(list(asking)), _d.indexed != "", _d.state != "gone")
        .distinct()
    )
    return [Facet(*row) for row in connection.execute(query)] if asking else []


def principals(connection: Connection, organisation_id: str) -> frozenset[str]:
    """Whoever may see anything of an organisation's."""
    query = (
        select(_r.principal)
        .join(documents, _d.id == _r.document_id)
        .join(sources, sources.c.id == _d.source_id)
        .where(sources.c.organisation_id == organisation_id)
        .distinct()
    )
    return frozenset(connection.execute(query).scalars())
