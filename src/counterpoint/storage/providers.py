"""Rows of configured hosts."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from counterpoint.canonical.ids import new_id
from counterpoint.storage.clock import now_micros
from counterpoint.storage.tables import providers


class ProviderRow(msgspec.Struct, frozen=True):
    """`host`: its row in the catalogue. `base_url`, `dialects`: instead of that row's own, where given.
    `models`: ids that the operator says it serves; `found_models`: those that it listed itself, at `found_at`.
    `revision` counts changes by people, not what it lists. `data_classes`, `residency`, `jurisdiction`: as the operator
    says them; `None`: any, and as the catalogue has them."""

    id: str
    name: str
    host: str
    base_url: str | None
    dialects: dict[str, str]
    settings: dict[str, str]
    models: tuple[str, ...] | None
    found_models: tuple[str, ...] | None
    found_at: int | None
    owner: str
    enabled: bool
    created_at: int
    updated_at: int
    revision: int
    data_classes: tuple[str, ...] | None = None
    residency: tuple[str, ...] | None = None
    jurisdiction: str | None = None


_COLUMNS = [providers.c[name] for name in ProviderRow.__struct_fields__]


def _row(row: Any) -> ProviderRow:
    return msgspec.convert(row, ProviderRow, from_attributes=True)


def listed(connection: Connection, organisation_id: str) -> list[ProviderRow]:
    """All, by name."""
    query = select(*_COLUMNS).where(providers.c.organisation_id == organisation_id).order_by(providers.c.name)
    return [_row(row) for row in connection.execute(query)]


def by_name(
    connection: Connection, organisation_id: str, name: str, *, lock: bool = False
) -> ProviderRow | None:
    """One. `lock`: keep others from changing it meanwhile."""
    query = select(*_COLUMNS).where(providers.c.organisation_id == organisation_id, providers.c.name == name)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return _row(row) if row else None


def add(connection: Connection, organisation_id: str, **values: Any) -> str:
    """A new one; its id. `values`: the fields of a row that are not kept here."""
    provider_id, now = new_id(), now_micros()
    connection.execute(
        insert(providers).values(
            id=provider_id,
            organisation_id=organisation_id,
            created_at=now,
            updated_at=now,
            revision=1,
            **values,
        )
    )
    return provider_id


def change(connection: Connection, provider_id: str, **values: Any) -> None:
    """Sets some fields, and counts the change; of its secret, when nothing is given."""
    connection.execute(
        update(providers)
        .where(providers.c.id == provider_id)
        .values(updated_at=now_micros(), revision=providers.c.revision + 1, **values)
    )


def put_found_models(connection: Connection, provider_id: str, models: Sequence[str]) -> None:
    """What the host listed just now."""
    connection.execute(
        update(providers)
        .where(providers.c.id == provider_id)
        .values(found_models=list(models), found_at=now_micros())
    )


def remove(connection: Connection, provider_id: str) -> None:
    """Forgets it."""
    connection.execute(delete(providers).where(providers.c.id == provider_id))
