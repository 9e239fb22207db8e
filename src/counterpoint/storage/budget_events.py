"""Rows that say that a budget reached a threshold of an amount in a period: each once, whoever of several processes saw
it."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from counterpoint.storage.money_tables import budget_events

_b = budget_events.c


class EventRow(msgspec.Struct, frozen=True):
    """`spent` of `amount`, in micro-units or counts, when it was seen."""

    limit_id: str
    period: int
    threshold: int
    organisation_id: str
    at: int
    spent: int
    amount: int


def known(connection: Connection, periods: Sequence[tuple[str, int]]) -> set[tuple[str, int, int, int]]:
    """Which are there already, by limit, period, threshold and amount."""
    query = select(_b.limit_id, _b.period, _b.threshold, _b.amount).where(
        tuple_(_b.limit_id, _b.period).in_(list(periods))
    )
    return {(row.limit_id, row.period, row.threshold, row.amount) for row in connection.execute(query)}


def claim(connection: Connection, row: EventRow) -> bool:
    """Whether it is new, and so ours to tell of in this transaction. Somebody else who claims the same waits for its
    end."""
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(budget_events).values(**msgspec.structs.asdict(row))
    inserted = statement.on_conflict_do_nothing().returning(_b.limit_id)
    return connection.execute(inserted).first() is not None
