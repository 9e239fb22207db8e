"""Rows of requests for more than a limit allows."""

from collections.abc import Collection, Iterable
from typing import Any

import msgspec
from sqlalchemy import Connection, func, insert, select, update

from counterpoint.storage.limits import LimitRow
from counterpoint.storage.money_tables import raises

OPEN, APPROVED, REFUSED, WITHDRAWN = "open", "approved", "refused", "withdrawn"
_r = raises.c


class RaiseRow(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody asks for `amount` more of a limit, `until` a moment (`None`: to the end of its period). `since`: from
    when on an approved one holds."""

    id: str
    limit_id: str
    asked_by: str
    asked_by_id: str
    asked_at: int
    amount: int
    until: int | None
    reason: str
    state: str = OPEN
    decided_by: str | None = None
    decided_at: int | None = None
    note: str = ""
    since: int | None = None
    revision: int = 1


def add(connection: Connection, organisation_id: str, row: RaiseRow) -> None:
    """A new one."""
    connection.execute(insert(raises).values(organisation_id=organisation_id, **msgspec.structs.asdict(row)))


def find(
    connection: Connection, organisation_id: str, raise_id: str, *, lock: bool = False
) -> RaiseRow | None:
    """One. `lock`: nobody else decides it in the meantime."""
    query = select(raises).where(_r.organisation_id == organisation_id, _r.id == raise_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return _row(row) if row else None


def page(
    connection: Connection,
    organisation_id: str,
    *,
    before: str | None,
    limit: int,
    state: str | None = None,
    asked_by_id: str | None = None,
) -> list[RaiseRow]:
    """Newest first."""
    query = select(raises).where(_r.organisation_id == organisation_id)
    if before is not None:
        query = query.where(_r.id < before)
    if state is not None:
        query = query.where(_r.state == state)
    if asked_by_id is not None:
        query = query.where(_r.asked_by_id == asked_by_id)
    return [_row(row) for row in connection.execute(query.order_by(_r.id.desc()).limit(limit))]


def decide(connection: Connection, raise_id: str, **values: Any) -> None:
    """It is approved, refused or withdrawn."""
    connection.execute(update(raises).where(_r.id == raise_id).values(revision=_r.revision + 1, **values))


def raised(connection: Connection, ids: Collection[str], moment: int) -> dict[str, int]:
    """How much more of each of these limits is allowed at `moment`, by its id."""
    holds = (_r.since <= moment) & (_r.until.is_(None) | (_r.until > moment))
    query = select(_r.limit_id, func.sum(_r.amount)).where(
        _r.limit_id.in_(list(ids)), _r.state == APPROVED, holds
    )
    return {row[0]: int(row[1]) for row in connection.execute(query.group_by(_r.limit_id))}


def with_raises(connection: Connection, rows: Iterable[LimitRow], moment: int) -> list[LimitRow]:
    """The limits as they hold at `moment`."""
    plain = list(rows)
    more = raised(connection, [row.id for row in plain], moment) if plain else {}
    return [
        msgspec.structs.replace(row, amount=row.amount + more[row.id]) if row.id in more else row
        for row in plain
    ]


def open_counts(connection: Connection, organisation_id: str) -> dict[str, int]:
    """How many requests wait for an answer, by the limit that they are about."""
    query = select(_r.limit_id, func.count()).where(_r.organisation_id == organisation_id, _r.state == OPEN)
    return {row[0]: int(row[1]) for row in connection.execute(query.group_by(_r.limit_id))}


def _row(row: Any) -> RaiseRow:
    return RaiseRow(**{name: getattr(row, name) for name in RaiseRow.__struct_fields__})
