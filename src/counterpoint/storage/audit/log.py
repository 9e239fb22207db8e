"""Writes entries into the log, reads them in pages, and takes them out as a file."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Row, Select, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from counterpoint.storage.audit.acting import Act
from counterpoint.storage.audit.chain import BEGINNING, Anchor, canonical, hash_of
from counterpoint.storage.audit.tables import audit_entries, audit_heads
from counterpoint.storage.clock import now_micros
from counterpoint.storage.tables import organisations

Outcome = Literal["done", "refused"]
_CHUNK = 500
_LONGEST = 2000
_e = audit_entries.c


class Change(msgspec.Struct, frozen=True):
    """What became of one row. `before`: `None` for a new one; `after`: `None` for one that is gone; of one that was
    changed, both have the columns that differ."""

    what: str
    id: str
    name: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


class AuditEntry(msgspec.Struct, frozen=True):
    """As it stands in the log."""

    organisation: str
    sequence: int
    at: int
    actor: dict[str, str]
    origin: str
    action: str
    outcome: Outcome
    changes: tuple[Change, ...]
    previous: str
    hash: str = ""


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries. `since` (included), `until` (not): microseconds. `actor`: his kind or id; `action`: how it begins;
    `words`: in the kinds, ids and names of what was changed."""

    organisation: str
    since: int | None = None
    until: int | None = None
    actor: str = ""
    action: str = ""
    outcome: Outcome | None = None
    words: str = ""


def append(
    connection: Connection, act: Act, changes: Sequence[Change] = (), outcome: Outcome = "done"
) -> Anchor | None:
    """One more entry, in the transaction at hand; its place. `None`: there is no organisation yet whose act it could
    be."""
    organisation = act.organisation or _sole_organisation(connection)
    if organisation is None:
        return None
    head = _head(connection, organisation)
    entry = _clean(
        {
            "organisation": organisation,
            "sequence": head.sequence + 1,
            "at": now_micros(),
            "actor": msgspec.to_builtins(act.actor),
            "origin": act.origin,
            "action": act.action,
            "outcome": outcome,
            "changes": [msgspec.to_builtins(change) for change in changes],
            "previous": head.hash,
        }
    )
    body = canonical(entry)
    place = Anchor(organisation, head.sequence + 1, hash_of(body))
    connection.execute(
        insert(audit_entries).values(
            organisation_id=organisation,
            sequence=place.sequence,
            at=entry["at"],
            actor_kind=entry["actor"]["kind"],
            actor_id=entry["actor"]["id"],
            action=entry["action"],
            outcome=outcome,
            subjects=_subjects(entry["changes"]),
            body=body,
            hash=place.hash,
        )
    )
    moved = update(audit_heads).where(audit_heads.c.organisation_id == organisation)
    connection.execute(moved.values(sequence=place.sequence, hash=place.hash))
    act.noted += 1
    return place


def _sole_organisation(connection: Connection) -> str | None:
    return connection.execute(
        select(organisations.c.id).order_by(organisations.c.created_at).limit(1)
    ).scalar()


def _head(connection: Connection, organisation: str) -> Anchor:
    """Where the chain ends; nobody else adds to it until this transaction is over."""
    build = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    first = build(audit_heads).values(organisation_id=organisation, sequence=0, hash=BEGINNING)
    connection.execute(first.on_conflict_do_nothing())
    locked = select(audit_heads).where(audit_heads.c.organisation_id == organisation).with_for_update()
    row = connection.execute(locked).one()
    return Anchor(organisation, row.sequence, row.hash)


def _clean(value: Any) -> Any:
    """What every reader of JSON and every database holds: no NUL, no half of a pair, nothing without an end."""
    if isinstance(value, str):
        text = value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    if isinstance(value, dict):
        return {_clean(name): _clean(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


def _subjects(changes: Sequence[dict[str, Any]]) -> str:
    words = dict.fromkeys(change[field] for change in changes for field in ("what", "id", "name"))
    return "\n".join(["", *(word.lower() for word in words if word), ""])


def page(
    connection: Connection, which: AuditFilter, *, before: int | None = None, limit: int
) -> list[AuditEntry]:
    """Newest first, from before the entry with that number."""
    query = _chosen(which).order_by(_e.sequence.desc()).limit(limit)
    if before is not None:
        query = query.where(_e.sequence < before)
    return [_entry(row) for row in connection.execute(query)]


def find(connection: Connection, organisation: str, sequence: int) -> AuditEntry | None:
    """One entry."""
    query = select(audit_entries).where(_e.organisation_id == organisation, _e.sequence == sequence)
    row = connection.execute(query).first()
    return _entry(row) if row else None


def lines(connection: Connection, which: AuditFilter) -> Iterator[str]:
    """Every entry as a line of an export, oldest first."""
    after = 0
    while True:
        query = _chosen(which).where(_e.sequence > after).order_by(_e.sequence).limit(_CHUNK)
        rows = connection.execute(query).all()
        for row in rows:
            yield f'{row.body[:-1]},"hash":"{row.hash}"}}\n'
        if len(rows) < _CHUNK:
            return
        after = rows[-1].sequence


def heads(connection: Connection) -> list[Anchor]:
    """Where each chain ends."""
    return [
        Anchor(row.organisation_id, row.sequence, row.hash) for row in connection.execute(select(audit_heads))
    ]


def _chosen(which: AuditFilter) -> Select[Any]:
    query = select(audit_entries).where(_e.organisation_id == which.organisation)
    if which.since is not None:
        query = query.where(_e.at >= which.since)
    if which.until is not None:
        query = query.where(_e.at < which.until)
    if which.actor:
        query = query.where((_e.actor_kind == which.actor) | (_e.actor_id == which.actor))
    if which.action:
        query = query.where(_e.action.startswith(which.action, autoescape=True))
    if which.outcome is not None:
        query = query.where(_e.outcome == which.outcome)
    if which.words:
        query = query.where(_e.subjects.contains(which.words.lower(), autoescape=True))
    return query


def _entry(row: Row[Any]) -> AuditEntry:
    entry = msgspec.json.decode(row.body, type=AuditEntry)
    return msgspec.structs.replace(entry, hash=row.hash)
