"""Rows of receipts: what was asked, by whom, what the answer rests on, and what was withheld."""

from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from counterpoint.storage.knowledge_tables import receipts


class ReceiptRow(msgspec.Struct, frozen=True):
    """`account_id`: of the asker, as `Asker.known_as` says. `body`, `withheld`: as plain values."""

    id: str
    organisation_id: str
    account_id: str
    at: int
    question: str
    body: dict[str, Any]
    withheld: list[dict[str, Any]]


_COLUMNS = [receipts.c[name] for name in ReceiptRow.__struct_fields__]


def add(connection: Connection, row: ReceiptRow) -> None:
    """Once, and never changed."""
    connection.execute(insert(receipts).values(**msgspec.structs.asdict(row)))


def by_id(connection: Connection, organisation_id: str, receipt_id: str) -> ReceiptRow | None:
    """One."""
    query = select(*_COLUMNS).where(
        receipts.c.organisation_id == organisation_id, receipts.c.id == receipt_id
    )
    row = connection.execute(query).first()
    return msgspec.convert(row, ReceiptRow, from_attributes=True) if row else None


def page(
    connection: Connection, organisation_id: str, *, account_id: str | None, before: str | None, limit: int
) -> list[ReceiptRow]:
    """Newest first, from below the id `before`. `account_id`: whose; `None`: everybody's."""
    query = select(*_COLUMNS).where(receipts.c.organisation_id == organisation_id)
    if account_id is not None:
        query = query.where(receipts.c.account_id == account_id)
    if before is not None:
        query = query.where(receipts.c.id < before)
    rows = connection.execute(query.order_by(receipts.c.id.desc()).limit(limit))
    return [msgspec.convert(row, ReceiptRow, from_attributes=True) for row in rows]
