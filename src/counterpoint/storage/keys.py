"""Rows of keys and of the digests of their secrets. No secret passes through here."""

from typing import Any, Literal

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    false,
    insert,
    not_,
    or_,
    select,
    update,
)

from counterpoint.canonical.ids import new_id
from counterpoint.storage.clock import now_micros
from counterpoint.storage.tables import key_digests, keys, organisations, projects

KeyState = Literal["active", "expired", "revoked"]


class KeyRow(msgspec.Struct, frozen=True):
    """A key as it is listed. `hint`: how its newest secret begins and ends. `revision` counts changes to it.
    `account_id`: for whom it was made, if for one person."""

    id: str
    name: str
    project_id: str
    project: str
    organisation_id: str
    owner: str
    models: tuple[str, ...]
    hint: str
    created_at: int
    expires_at: int | None
    revoked_at: int | None
    revision: int
    account_id: str | None = None


class DigestRow(msgspec.Struct, frozen=True):
    """One secret that opens a key, until `expires_at`."""

    digest: bytes
    key_id: str
    expires_at: int | None


_newest = key_digests.alias("newest")
_NEWEST_HINT = (
    select(_newest.c.hint)
    .where(_newest.c.key_id == keys.c.id)
    .order_by(_newest.c.expires_at.is_(None).desc(), _newest.c.created_at.desc())
    .limit(1)
    .correlate(keys)
    .scalar_subquery()
)


def _rows() -> Select[Any]:
    return select(
        keys,
        projects.c.name.label("project"),
        projects.c.organisation_id,
        _NEWEST_HINT.label("hint"),
    ).join_from(keys, projects)


def _row(row: Any) -> KeyRow:
    return KeyRow(
        id=row.id,
        name=row.name,
        project_id=row.project_id,
        project=row.project,
        organisation_id=row.organisation_id,
        owner=row.owner,
        models=tuple(row.models),
        hint=row.hint or "",
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        revision=row.revision,
        account_id=row.account_id,
    )


def add(
    connection: Connection,
    *,
    project_id: str,
    name: str,
    owner: str,
    models: tuple[str, ...],
    expires_at: int | None,
    account_id: str | None = None,
) -> str:
    """A new key without a secret yet; its id."""
    key_id = new_id()
    connection.execute(
        insert(keys).values(
            id=key_id,
            project_id=project_id,
            name=name,
            owner=owner,
            models=list(models),
            created_at=now_micros(),
            expires_at=expires_at,
            revision=1,
            account_id=account_id,
        )
    )
    return key_id


def change(connection: Connection, key_id: str, **values: Any) -> None:
    """Sets some of `name`, `owner`, `models`, `expires_at`, `revoked_at`, and counts the change; of its secrets,
    when nothing is given."""
    connection.execute(update(keys).where(keys.c.id == key_id).values(revision=keys.c.revision + 1, **values))


def add_digest(connection: Connection, *, key_id: str, digest: bytes, hint: str) -> None:
    """One more secret of that key."""
    connection.execute(
        insert(key_digests).values(digest=digest, key_id=key_id, hint=hint, created_at=now_micros())
    )


def expire_digests(connection: Connection, key_id: str, expires_at: int, *, keep: bytes) -> None:
    """All of its secrets but `keep` end then, or earlier where they already would."""
    connection.execute(
        update(key_digests)
        .where(
            key_digests.c.key_id == key_id,
            key_digests.c.digest != keep,
            or_(key_digests.c.expires_at.is_(None), key_digests.c.expires_at > expires_at),
        )
        .values(expires_at=expires_at)
    )


def drop_digests(connection: Connection, key_id: str, *, keep: bytes = b"") -> None:
    """Forgets all of its secrets but `keep`."""
    connection.execute(
        delete(key_digests).where(key_digests.c.key_id == key_id, key_digests.c.digest != keep)
    )


def by_id(connection: Connection, key_id: str, *, lock: bool = False) -> KeyRow | None:
    """One key. `lock`: keep others from changing it meanwhile."""
    query = _rows().where(keys.c.id == key_id)
    row = connection.execute(query.with_for_update(of=keys) if lock else query).first()
    return _row(row) if row else None


def by_digest(connection: Connection, digest: bytes) -> KeyRow | None:
    """The key that this secret opens or opened."""
    row = connection.execute(
        _rows().join(key_digests, key_digests.c.key_id == keys.c.id).where(key_digests.c.digest == digest)
    ).first()
    return _row(row) if row else None


def by_name(connection: Connection, project_id: str, name: str) -> KeyRow | None:
    """The key of that name which is not revoked."""
    query = _rows().where(keys.c.project_id == project_id, keys.c.name == name, keys.c.revoked_at.is_(None))
    row = connection.execute(query).first()
    return _row(row) if row else None


def owned(connection: Connection, organisation_id: str, owner: str) -> list[KeyRow]:
    """Every key of that owner that is not revoked."""
    query = _rows().where(
        projects.c.organisation_id == organisation_id, keys.c.owner == owner, keys.c.revoked_at.is_(None)
    )
    return [_row(row) for row in connection.execute(query.order_by(keys.c.id))]


class KeyFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which keys. `states`: as they are at `now`. `words`: part of a name."""

    organisation_id: str
    project_id: str | None = None
    states: frozenset[KeyState] = frozenset({"active", "expired"})
    words: str = ""
    now: int = 0


def page(connection: Connection, which: KeyFilter, *, before: str | None, limit: int) -> list[KeyRow]:
    """Newest first, from below the id `before`."""
    query = _rows().where(projects.c.organisation_id == which.organisation_id, _in_state(which))
    if which.project_id is not None:
        query = query.where(keys.c.project_id == which.project_id)
    if which.words:
        query = query.where(keys.c.name.icontains(which.words, autoescape=True))
    if before is not None:
        query = query.where(keys.c.id < before)
    return [_row(row) for row in connection.execute(query.order_by(keys.c.id.desc()).limit(limit))]


def _in_state(which: KeyFilter) -> ColumnElement[bool]:
    over = and_(keys.c.expires_at.is_not(None), keys.c.expires_at <= which.now)
    fits: dict[KeyState, ColumnElement[bool]] = {
        "active": and_(keys.c.revoked_at.is_(None), not_(over)),
        "expired": and_(keys.c.revoked_at.is_(None), over),
        "revoked": keys.c.revoked_at.is_not(None),
    }
    return or_(false(), *(fits[state] for state in sorted(which.states)))


def valid_digests(connection: Connection, now: int) -> list[tuple[DigestRow, KeyRow]]:
    """Every secret that opens a key at `now`, with its key."""
    query = (
        _rows()
        .add_columns(key_digests.c.digest, key_digests.c.expires_at.label("digest_expires_at"))
        .join(key_digests, key_digests.c.key_id == keys.c.id)
        .join(organisations, organisations.c.id == projects.c.organisation_id)
        .where(
            keys.c.revoked_at.is_(None),
            or_(keys.c.expires_at.is_(None), keys.c.expires_at > now),
            or_(key_digests.c.expires_at.is_(None), key_digests.c.expires_at > now),
        )
    )
    return [
        (DigestRow(bytes(row.digest), row.id, row.digest_expires_at), _row(row))
        for row in connection.execute(query)
    ]
