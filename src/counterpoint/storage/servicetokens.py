"""Rows of service tokens: credentials of programs for the admin API, by their digests."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, or_, select, update

from counterpoint.canonical.ids import new_id
from counterpoint.storage.clock import now_micros
from counterpoint.storage.tables import service_tokens

_COLUMNS = [column for column in service_tokens.columns if column.name != "digest"]


class TokenRow(msgspec.Struct, frozen=True, kw_only=True):
    """A token without its secret. `made_by`: the login of whoever made it."""

    id: str
    organisation_id: str
    name: str
    role: str
    hint: str
    made_by: str
    created_at: int
    expires_at: int | None
    revoked_at: int | None
    used_at: int | None


def _row(row: Row[*tuple[Any, ...]]) -> TokenRow:
    return TokenRow(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name begins so


def add(  # noqa: PLR0913 - a row's columns
    connection: Connection,
    *,
    organisation_id: str,
    name: str,
    role: str,
    digest: bytes,
    hint: str,
    made_by: str,
    expires_at: int | None,
) -> TokenRow:
    """A new one."""
    made = TokenRow(
        id=new_id(),
        organisation_id=organisation_id,
        name=name,
        role=role,
        hint=hint,
        made_by=made_by,
        created_at=now_micros(),
        expires_at=expires_at,
        revoked_at=None,
        used_at=None,
    )
    connection.execute(insert(service_tokens).values(digest=digest, **msgspec.structs.asdict(made)))
    return made


def by_id(connection: Connection, organisation_id: str, token_id: str) -> TokenRow | None:
    """One."""
    query = select(*_COLUMNS).where(
        service_tokens.c.organisation_id == organisation_id, service_tokens.c.id == token_id
    )
    row = connection.execute(query).first()
    return _row(row) if row else None


def by_name(connection: Connection, organisation_id: str, name: str) -> TokenRow | None:
    """The one of that name that is not revoked."""
    query = select(*_COLUMNS).where(
        service_tokens.c.organisation_id == organisation_id,
        service_tokens.c.name == name,
        service_tokens.c.revoked_at.is_(None),
    )
    row = connection.execute(query).first()
    return _row(row) if row else None


def valid(connection: Connection, organisation_id: str, digest: bytes, now: int) -> TokenRow | None:
    """The one that this secret is, if it is neither revoked nor expired."""
    query = select(*_COLUMNS).where(
        service_tokens.c.organisation_id == organisation_id,
        service_tokens.c.digest == digest,
        service_tokens.c.revoked_at.is_(None),
        or_(service_tokens.c.expires_at.is_(None), service_tokens.c.expires_at > now),
    )
    row = connection.execute(query).first()
    return _row(row) if row else None


def change(connection: Connection, token_id: str, **values: int) -> None:
    """Sets `revoked_at` or `used_at`."""
    connection.execute(update(service_tokens).where(service_tokens.c.id == token_id).values(**values))


def page(
    connection: Connection, *, organisation_id: str, include_revoked: bool, before: str | None, limit: int
) -> list[TokenRow]:
    """Newest first, from below the id `before`."""
    query = select(*_COLUMNS).where(service_tokens.c.organisation_id == organisation_id)
    if not include_revoked:
        query = query.where(service_tokens.c.revoked_at.is_(None))
    if before is not None:
        query = query.where(service_tokens.c.id < before)
    query = query.order_by(service_tokens.c.id.desc()).limit(limit)
    return [_row(row) for row in connection.execute(query)]
