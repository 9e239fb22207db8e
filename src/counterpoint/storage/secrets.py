"""Rows of encrypted secrets. What they mean is known to the vault alone."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Select, delete, insert, select, update

from counterpoint.canonical.ids import new_id
from counterpoint.storage.clock import now_micros
from counterpoint.storage.tables import secrets


class SecretRow(msgspec.Struct, frozen=True):
    """A secret of an owner, under a name. `master_key_id`: which key it is encrypted with."""

    owner_kind: str
    owner_id: str
    name: str
    ciphertext: bytes
    nonce: bytes
    master_key_id: str
    hint: str


def _rows() -> Select[*tuple[Any, ...]]:
    return select(
        secrets.c.owner_kind,
        secrets.c.owner_id,
        secrets.c.name,
        secrets.c.ciphertext,
        secrets.c.nonce,
        secrets.c.master_key_id,
        secrets.c.hint,
    )


def put(connection: Connection, row: SecretRow) -> None:
    """Stores it, in place of an earlier one."""
    values = msgspec.structs.asdict(row)
    changed = connection.execute(
        update(secrets)
        .where(
            secrets.c.owner_kind == row.owner_kind,
            secrets.c.owner_id == row.owner_id,
            secrets.c.name == row.name,
        )
        .values(values)
    )
    if not changed.rowcount:
        connection.execute(insert(secrets).values(id=new_id(), created_at=now_micros(), **values))


def find(connection: Connection, owner_kind: str, owner_id: str, name: str) -> SecretRow | None:
    """One secret."""
    row = connection.execute(
        _rows().where(
            secrets.c.owner_kind == owner_kind, secrets.c.owner_id == owner_id, secrets.c.name == name
        )
    ).first()
    return SecretRow(*row) if row else None


def listed(connection: Connection, owner_kind: str | None = None) -> list[SecretRow]:
    """All secrets, or all of one kind of owner."""
    query = _rows().order_by(secrets.c.id)
    if owner_kind is not None:
        query = query.where(secrets.c.owner_kind == owner_kind)
    return [SecretRow(*row) for row in connection.execute(query)]


def drop(connection: Connection, owner_kind: str, owner_id: str, *, keep: str = "") -> None:
    """Forgets every secret of that owner, but for the one called `keep`."""
    connection.execute(
        delete(secrets).where(
            secrets.c.owner_kind == owner_kind, secrets.c.owner_id == owner_id, secrets.c.name != keep
        )
    )
