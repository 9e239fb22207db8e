"""Rows of documents: what their source tells of them, how far each is, who works on it.

A document is worked on by whoever claims it, for some seconds by the database's clock, and as long as he says so again;
what a dead worker held is taken over after that. What a worker finds is written where he holds it still.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, insert, null, or_, select, update

from counterpoint.canonical.ids import new_id
from counterpoint.storage.knowledge_readers import Heard
from counterpoint.storage.knowledge_tables import document_readers, documents, sources
from counterpoint.storage.portions import portions
from counterpoint.storage.processes import SECOND, clock

_d = documents.c
WAITING, READING, READY, SKIPPED, FAILED, GONE = "waiting", "reading", "ready", "skipped", "failed", "gone"
Work = Literal["read", "embed", "remove"]
_TO_READ = (WAITING, READING, FAILED)
NARROWED = -1
"""For `unruled`."""

_AGAIN = {"state": WAITING, "reason": "", "values": None, "tries": 0, "begun": 0, "next_at": 0}
"""Of a document that is to be read."""


class DocumentRow(msgspec.Struct, frozen=True, kw_only=True):
    """A document of a source; see the table for what its fields mean."""

    id: str
    source_id: str
    path: str
    title: str
    media_type: str
    size: int
    mark: str
    version: str
    state: str
    reason: str
    values: dict[str, Any] | None
    tries: int
    begun: int
    next_at: int
    holder: str | None
    until: int | None
    rights: int
    told: int
    unruled: int
    indexed: str
    embedded: bool
    language: str
    pages: int
    passages: int
    modified_at: int | None
    seen_at: int
    read_at: int | None
    created_at: int


class Listed(msgspec.Struct, frozen=True):
    """A document as its source lists it. `version`: where listing it fetched it already."""

    path: str
    mark: str
    size: int = 0
    media_type: str = ""
    modified_at: int | None = None
    title: str = ""
    version: str = ""


class Seen(msgspec.Struct, frozen=True):
    """What a batch of a listing brought. `new`: ids of what was not there, or was gone: nobody may see it yet."""

    new: tuple[str, ...] = ()
    changed: int = 0


def see(
    connection: Connection, source_id: str, found: Sequence[Listed], now: int, *, unruled: int = 0
) -> Seen:
    """These are there: adds those that are new, and has those read again whose mark is another one. `unruled`: from
    when on the source has to have said who may see what changed before it is read."""
    found = list({item.path: item for item in found}.values())
    rows = {row.path: row for row in _by_paths(connection, source_id, [item.path for item in found])}
    same = [rows[item.path].id for item in found if item.path in rows and _same(rows[item.path], item)]
    for ids in portions(same):
        connection.execute(update(documents).where(_d.id.in_(ids)).values(seen_at=now))
    new: list[dict[str, Any]] = []
    back, changed = [], 0
    for item in found:
        row = rows.get(item.path)
        values = msgspec.structs.asdict(item) | _AGAIN | {"seen_at": now}
        if row is None:
            new.append({"id": new_id(), "source_id": source_id, "created_at": now} | values)
        elif not _same(row, item):
            if row.state == GONE:
                back.append(row.id)
                values["indexed"] = ""
            else:
                values["unruled"] = unruled
                changed += 1
            connection.execute(update(documents).where(_d.id == row.id).values(**values))
    for some in portions(new):
        connection.execute(insert(documents), some)
    return Seen((*(str(values["id"]) for values in new), *back), changed)


def _same(row: DocumentRow, item: Listed) -> bool:
    if row.state == GONE:
        return False
    return item.version == row.version if item.version else item.mark == row.mark


def lose(
    connection: Connection, source_id: str, before: int | None = None, *, sparing: Sequence[str] = ()
) -> int:
    """Those that were not seen since then (`None`: all) are gone: nobody may see them any more, and they await their
    removal. `sparing`: not those whose path begins so. How many."""
    wanted = [_d.source_id == source_id, _d.state != GONE]
    if before is not None:
        wanted.append(_d.seen_at < before)
    wanted += [~_begins(prefix) for prefix in sparing]
    return _lose(connection, *wanted)


def lose_one(connection: Connection, document_id: str) -> None:
    """It is gone, as those are that a source has no more."""
    _lose(connection, _d.id == document_id, _d.state != GONE)


def _lose(connection: Connection, *wanted: ColumnElement[bool]) -> int:
    ids = [
        row.id for row in connection.execute(select(_d.id).where(*wanted).order_by(_d.id).with_for_update())
    ]
    for some in portions(ids):
        connection.execute(delete(document_readers).where(document_readers.c.document_id.in_(some)))
        gone = update(documents).where(_d.id.in_(some))
        connection.execute(gone.values(state=GONE, next_at=0, tries=0, rights=_d.rights + 1))
    return len(ids)


def _begins(prefix: str) -> ColumnElement[bool]:
    return func.substr(_d.path, 1, len(prefix)) == prefix


def by_id(connection: Connection, document_id: str) -> DocumentRow | None:
    """One document."""
    row = connection.execute(select(documents).where(_d.id == document_id)).one_or_none()
    return None if row is None else DocumentRow(**row._asdict())


def by_ids(connection: Connection, document_ids: Collection[str]) -> list[DocumentRow]:
    """Those that are there."""
    return [
        DocumentRow(**row._asdict())
        for ids in portions(document_ids)
        for row in connection.execute(select(documents).where(_d.id.in_(ids)))
    ]


def by_path(connection: Connection, source_id: str, path: str) -> DocumentRow | None:
    """Of a source."""
    return next(iter(_by_paths(connection, source_id, [path])), None)


def _by_paths(connection: Connection, source_id: str, paths: Sequence[str]) -> Iterable[DocumentRow]:
    for some in portions(paths):
        query = select(documents).where(_d.source_id == source_id, _d.path.in_(some))
        for row in connection.execute(query):
            yield DocumentRow(**row._asdict())


def listed(
    connection: Connection,
    source_id: str,
    *,
    state: str = "",
    words: str = "",
    after: str = "",
    limit: int = 100,
) -> list[DocumentRow]:
    """A source's, by path; those `after` that path, what is gone only if that is the state asked for. `words`: part of
    a path or a title."""
    query = select(documents).where(
        _d.source_id == source_id, _d.path > after, _d.state == state if state else _d.state != GONE
    )
    if words:
        query = query.where(
            or_(_d.path.icontains(words, autoescape=True), _d.title.icontains(words, autoescape=True))
        )
    return [DocumentRow(**row._asdict()) for row in connection.execute(query.order_by(_d.path).limit(limit))]


class Content(msgspec.Struct, frozen=True):
    """What is known of a document of a source. `found`: its content as of `mark` is found, or none is."""

    id: str
    mark: str
    found: bool


def paths(connection: Connection, source_id: str) -> dict[str, Content]:
    """A source's documents, those that are gone left out, by path. They stay until the transaction ends."""
    query = select(_d.path, _d.id, _d.mark, _d.indexed, _d.version).where(
        _d.source_id == source_id, _d.state != GONE
    )
    return {
        row.path: Content(row.id, row.mark, row.indexed in {"", row.version})
        for row in connection.execute(query.order_by(_d.id).with_for_update())
    }


def ruled(connection: Connection, source_id: str, since: int, narrowed: Collection[str] = ()) -> None:
    """The source has said who may see its documents, as of then: what had changed before may be read. `narrowed`: ids
    of those that more may see than do, once what is found is what the source spoke of."""
    mine = update(documents).where(_d.source_id == source_id, _d.unruled != 0, _d.unruled < since)
    connection.execute(mine.values(unruled=0))
    for ids in portions(narrowed):
        mine = update(documents).where(_d.id.in_(ids), _d.unruled == 0)
        connection.execute(mine.values(unruled=NARROWED))


def narrowed(connection: Connection, document_ids: Collection[str]) -> set[str]:
    """The sources of those of them of which that holds: they are to be asked again when these are read."""
    found: set[str] = set()
    for ids in portions(document_ids):
        query = select(_d.source_id).where(_d.id.in_(ids), _d.unruled == NARROWED)
        found |= {row.source_id for row in connection.execute(query)}
    return found


def counts(connection: Connection, source_id: str) -> dict[str, int]:
    """Of its documents by state; `embedded`, `passages`: of those that are found."""
    query = select(_d.state, func.count()).where(_d.source_id == source_id).group_by(_d.state)
    counted = {row[0]: row[1] for row in connection.execute(query)}
    found = select(
        func.coalesce(func.sum(_d.passages), 0), func.sum(case((_d.embedded.is_(True), 1), else_=0))
    ).where(_d.source_id == source_id, _d.indexed != "", _d.state != GONE)
    passages, embedded = connection.execute(found).one()
    return counted | {"passages": int(passages), "embedded": int(embedded or 0)}


def read_since(connection: Connection, source_id: str, since: int) -> int:
    """How many were read since then."""
    query = select(func.count()).where(_d.source_id == source_id, _d.read_at >= since)
    return int(connection.execute(query).scalar_one())


def is_due(connection: Connection, work: Work) -> bool:
    """Whether there is any to claim."""
    query = select(_d.id).where(_free(work, clock(connection))).limit(1)
    return connection.execute(query).first() is not None


def claim(connection: Connection, work: Work, holder: str, seconds: float, limit: int) -> list[DocumentRow]:
    """Some whose time it is, those that failed most last; nobody else gets them before that many seconds are over.
    Each as it was before. One that was begun and never heard of may have ended who read it, or was at hand when
    something else did: it comes alone, so that it takes no other with it, and ever later, but it does come."""
    now = clock(connection)
    query = (
        select(documents)
        .where(_free(work, now))
        .order_by(_d.tries + _d.begun, _d.next_at, _d.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = [DocumentRow(**row._asdict()) for row in connection.execute(query)]
    if rows:
        lease = int(seconds * SECOND)
        values: dict[str, Any] = {"holder": holder, "until": now + lease}
        if work != "read":
            values["tries"] = _d.tries + 1
        else:
            rows = [row for row in rows if not row.begun] or rows[:1]
            values |= {"state": READING, "begun": _d.begun + 1}
            if rows[0].begun:
                values["next_at"] = now + lease * 2 ** min(rows[0].begun, 10)
        connection.execute(update(documents).where(_d.id.in_([row.id for row in rows])).values(**values))
    return rows


def _free(work: Work, now: int) -> ColumnElement[bool]:
    """What is to be read; is found by word only; is to be removed."""
    if work == "read":
        wanted = and_(_d.state.in_(_TO_READ), _d.unruled <= 0, ~_paused())
    elif work == "embed":
        wanted = and_(_d.state == READY, _d.embedded.is_(False), _d.passages > 0, ~_paused())
    else:
        wanted = _d.state == GONE
    return and_(wanted, or_(_d.holder.is_(None), _d.until < now), _d.next_at <= now)


def _paused() -> ColumnElement[bool]:
    still = or_(sources.c.paused.is_(True), sources.c.removing.is_(True))
    return _d.source_id.in_(select(sources.c.id).where(still))


def renew(connection: Connection, holder: str, document_ids: Collection[str], seconds: float) -> None:
    """They are worked on still."""
    until = clock(connection) + int(seconds * SECOND)
    for ids in portions(sorted(document_ids)):
        mine = update(documents).where(_d.id.in_(ids), _d.holder == holder)
        connection.execute(mine.values(until=until))


def holds(connection: Connection, holder: str, document_ids: Collection[str]) -> set[str]:
    """Which of them are that holder's still, and have no content that awaits its rights."""
    now = clock(connection)
    found: set[str] = set()
    for ids in portions(document_ids):
        mine = and_(_d.id.in_(ids), _d.holder == holder, _d.until >= now)
        query = select(_d.id).where(mine, _d.unruled <= 0)
        found |= {row.id for row in connection.execute(query)}
    return found


def release(connection: Connection, holder: str, document_ids: Collection[str]) -> None:
    """Others may go on with them, as if they had not been claimed."""
    for ids in portions(sorted(document_ids)):
        mine = update(documents).where(_d.id.in_(ids), _d.holder == holder)
        read = _d.state == READING
        free = {
            "holder": None,
            "until": None,
            "tries": case((and_(~read, _d.tries > 0), _d.tries - 1), else_=_d.tries),
            "state": case((read, WAITING), else_=_d.state),
            "begun": case((and_(read, _d.begun > 0), _d.begun - 1), else_=_d.begun),
            "next_at": case((read, 0), else_=_d.next_at),
        }
        connection.execute(mine.values(**free))


def release_others(connection: Connection, holder: str) -> None:
    """What anybody else holds is free: said of an embedded database by the one process that it belongs to."""
    others = update(documents).where(_d.holder.is_not(None), _d.holder != holder)
    connection.execute(others.values(holder=None, until=None))


def lapse(connection: Connection, reason: str) -> None:
    """What was being read by who was not heard of any more waits again. `reason`: told of that to which it happened
    more than once, which is tried again at its `next_at`."""
    nobody = or_(_d.holder.is_(None), _d.until < clock(connection))
    lost = select(_d.id).where(_d.state == READING, nobody)
    ids = [row.id for row in connection.execute(lost.order_by(_d.id).with_for_update(skip_locked=True))]
    again = _d.begun > 1
    told = {
        "holder": None,
        "until": None,
        "state": case((again, FAILED), else_=WAITING),
        "reason": case((again, reason), else_=""),
        "values": null(),
    }
    for some in portions(ids):
        connection.execute(update(documents).where(_d.id.in_(some)).values(**told))


def settle(connection: Connection, holder: str, row: DocumentRow, values: dict[str, Any]) -> bool:
    """What came of it, and it is free. `heard` among the values: as of when the index was told of its readers. Where
    the source has told of another content or end meanwhile, that holds. Whether it was the holder's still; where it was
    not, it is to be read anew: two have written to the index."""
    mine = update(documents).where(_d.id == row.id, _d.holder == holder)
    told_else = or_(_d.mark != row.mark, _d.state == GONE)
    state = values.pop("state", row.state)
    kept = {
        "state": case((_d.state == GONE, GONE), (_d.mark != row.mark, WAITING), else_=state),
        "holder": None,
        "until": None,
        "begun": 0,
    }
    for name in ("version", "tries", "next_at"):
        if name in values:
            kept[name] = case((told_else, _d[name]), else_=values.pop(name))
    heard: Heard | None = values.pop("heard", None)
    if heard is not None:
        # Where somebody else told it of other readers meanwhile, nobody knows who was last: it hears of them once more.
        alone = and_(_d.rights == heard.rights, _d.told == heard.told)
        values["told"] = heard.rights
        kept["rights"] = case((alone, _d.rights), else_=_d.rights + 1)
    if connection.execute(mine.values(**values, **kept)).rowcount:
        return True
    anew = update(documents).where(_d.id == row.id, _d.state != GONE)
    free = {"holder": None, "until": None, "begun": 0, "next_at": 0}
    connection.execute(anew.values(state=WAITING, indexed="", embedded=False, **free))
    return False


def remove(connection: Connection, holder: str, document_ids: Collection[str]) -> None:
    """Those of them that are gone still, and the holder's."""
    for ids in portions(sorted(document_ids)):
        connection.execute(delete(documents).where(_d.id.in_(ids), _d.holder == holder, _d.state == GONE))


def versions_in_use(connection: Connection, versions: Collection[str]) -> set[str]:
    """Which of them some document refers to."""
    found: set[str] = set()
    for some in portions(versions):
        for column in (_d.version, _d.indexed):
            query = select(column).where(column.in_(some), _d.state != GONE).distinct()
            found |= {row[0] for row in connection.execute(query)}
    return found


def versions_of(connection: Connection, kinds: Collection[str]) -> list[str]:
    """Of the documents that sources of these kinds have, each once."""
    query = (
        select(_d.version)
        .join(sources, sources.c.id == _d.source_id)
        .where(sources.c.kind.in_(kinds), _d.state != GONE, _d.version != "")
    )
    return [row[0] for row in connection.execute(query.distinct().order_by(_d.version))]


def named_by(
    connection: Connection, versions: Collection[str], kinds: Collection[str]
) -> list[tuple[str, str]]:
    """Source and path of the documents that have one of these versions now, from sources of these kinds."""
    query = (
        select(sources.c.name, _d.path)
        .join(sources, sources.c.id == _d.source_id)
        .where(sources.c.kind.in_(kinds), _d.state != GONE, _d.version.in_(versions))
    )
    return [(row[0], row[1]) for row in connection.execute(query.order_by(sources.c.name, _d.path))]


def read_all_again(connection: Connection) -> None:
    """Whatever is found is to be indexed anew: into another index."""
    held = update(documents).where(_d.state != GONE, _d.indexed != "")
    connection.execute(held.values(state=WAITING, indexed="", embedded=False, tries=0, begun=0, next_at=0))
