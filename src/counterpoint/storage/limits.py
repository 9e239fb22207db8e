"""Rows of limits, of what is leased of them, and of what has been spent.

Whoever changes how a limit stands, be it only who holds of it, holds the limit's own row first (`locked`): on
PostgreSQL the statements that follow see all that others committed before, on SQLite there is one writer anyway. Limits
are taken in the order of their ids and their leases, in any order, under them, so that no two wait for one another.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any, Literal

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from counterpoint.canonical.ids import new_id
from counterpoint.limits import Charge, Limit, Measure, Per, Scope
from counterpoint.storage.clock import now_micros
from counterpoint.storage.tables import limit_counters, limit_leases, limit_slots, limits

_LARGEST = 2**62
Slot = tuple[str, int]
"""A limit and the moment at which a period, or a slot, of it begins."""


class LimitRow(msgspec.Struct, frozen=True, kw_only=True):
    """A limit as it was declared or made. `subject`: the id of the organisation, project, key or account."""

    id: str
    organisation_id: str
    scope: Scope
    subject: str
    measure: Measure
    per: Per
    amount: int
    models: tuple[str, ...]
    on_hit: Literal["block", "downgrade"]
    route: str
    unpriced: bool
    owner: str
    created_at: int
    updated_at: int
    revision: int

    @property
    def limit(self) -> Limit:
        """As the workers know it."""
        return Limit(
            id=self.id,
            scope=self.scope,
            subject=self.subject,
            measure=self.measure,
            amount=self.amount,
            per=self.per,
            models=self.models,
            on_hit=self.on_hit,
            route=self.route,
            unpriced=self.unpriced,
        )


class LeaseRow(msgspec.Struct, frozen=True):
    """What `holder` has of a limit; see the table."""

    limit_id: str
    period: int
    holder: str
    machine: str
    amount: int
    settled: int
    turn: int
    seen_at: int


_COLUMNS = [limits.c[name] for name in LimitRow.__struct_fields__]
_LEASE = [limit_leases.c[name] for name in LeaseRow.__struct_fields__]


def _row(found: Any) -> LimitRow:
    return msgspec.convert(found, LimitRow, from_attributes=True)


def all_of(connection: Connection, organisation_id: str) -> list[LimitRow]:
    """Every limit, the oldest first."""
    query = select(*_COLUMNS).where(limits.c.organisation_id == organisation_id).order_by(limits.c.id)
    return [_row(row) for row in connection.execute(query)]


def find(connection: Connection, organisation_id: str, limit_id: str) -> LimitRow | None:
    """By id. Nobody else changes it until the transaction ends."""
    query = select(*_COLUMNS).where(limits.c.organisation_id == organisation_id, limits.c.id == limit_id)
    row = connection.execute(query.with_for_update()).first()
    return None if row is None else _row(row)


def add(connection: Connection, organisation_id: str, owner: str, **values: Any) -> LimitRow:
    """A new one. `values`: the fields of a `Limit`, without its id."""
    now = now_micros()
    made = LimitRow(
        id=new_id(),
        organisation_id=organisation_id,
        owner=owner,
        created_at=now,
        updated_at=now,
        revision=1,
        **values,
    )
    connection.execute(insert(limits).values(**msgspec.structs.asdict(made)))
    return made


def change(connection: Connection, limit_id: str, **values: Any) -> None:
    """Sets some of its columns, and counts the change."""
    connection.execute(
        update(limits)
        .where(limits.c.id == limit_id)
        .values(revision=limits.c.revision + 1, updated_at=now_micros(), **values)
    )


def remove(connection: Connection, limit_id: str) -> None:
    """The limit, and what is known of it."""
    for table in (limit_counters, limit_leases, limit_slots):
        connection.execute(delete(table).where(table.c.limit_id == limit_id))
    connection.execute(delete(limits).where(limits.c.id == limit_id))


# How they stand


def locked(connection: Connection, ids: Collection[str]) -> dict[str, LimitRow]:
    """These limits, as far as they exist; nobody else takes of them, or counts, until the transaction ends."""
    query = select(*_COLUMNS).where(limits.c.id.in_(ids)).order_by(limits.c.id).with_for_update()
    return {row.id: _row(row) for row in connection.execute(query)}


def leases(connection: Connection, ids: Collection[str]) -> dict[tuple[str, int, str], LeaseRow]:
    """All that is leased of these limits, by limit, period and holder."""
    found = connection.execute(select(*_LEASE).where(limit_leases.c.limit_id.in_(ids)))
    return {(row[0], row[1], row[2]): LeaseRow(*row) for row in found}


def put_leases(connection: Connection, rows: Iterable[LeaseRow]) -> None:
    """They are so now."""
    _upsert(
        connection,
        limit_leases,
        ("limit_id", "period", "holder"),
        [msgspec.structs.asdict(row) for row in rows],
        ("machine", "amount", "turn", "seen_at"),
    )


def drop_leases(connection: Connection, rows: Iterable[LeaseRow]) -> None:
    """Nothing is leased by them any more."""
    keys = [(row.limit_id, row.period, row.holder) for row in rows]
    if keys:
        columns = tuple_(limit_leases.c.limit_id, limit_leases.c.period, limit_leases.c.holder)
        connection.execute(delete(limit_leases).where(columns.in_(keys)))


def counters(connection: Connection, slots: Collection[Slot]) -> dict[Slot, tuple[int, int]]:
    """What was spent, and when somebody last had to go without, by limit and period; what is not there is nothing."""
    columns = limit_counters.c
    query = select(columns.limit_id, columns.period, columns.spent, columns.missed_at).where(
        tuple_(columns.limit_id, columns.period).in_(list(slots))
    )
    return {(row.limit_id, row.period): (row.spent, row.missed_at) for row in connection.execute(query)}


def note_missed(connection: Connection, slots: Iterable[Slot], now: int) -> None:
    """Somebody had to go without."""
    rows = [{"limit_id": limit, "period": period, "spent": 0, "missed_at": now} for limit, period in slots]
    _upsert(connection, limit_counters, ("limit_id", "period"), rows, ("missed_at",))


def slots(connection: Connection, since: Mapping[str, int]) -> dict[str, list[tuple[int, int]]]:
    """What was granted of these rates from a slot on."""
    found: dict[str, list[tuple[int, int]]] = {limit: [] for limit in since}
    if since:
        columns = limit_slots.c
        query = select(columns.limit_id, columns.slot, columns.used).where(
            columns.limit_id.in_(list(since)), columns.slot >= min(since.values())
        )
        for row in connection.execute(query):
            if row.slot >= since[row.limit_id]:
                found[row.limit_id].append((row.slot, row.used))
    return found


def add_to_slots(connection: Connection, amounts: Mapping[Slot, int]) -> None:
    """So much more was granted, or less where it was given back."""
    rows = [
        {"limit_id": limit, "slot": slot, "used": amount}
        for (limit, slot), amount in sorted(amounts.items())
        if amount
    ]
    _upsert(connection, limit_slots, ("limit_id", "slot"), rows, (), ("used",))


def forget_slots(connection: Connection, before: int) -> None:
    """No window reaches back so far."""
    connection.execute(delete(limit_slots).where(limit_slots.c.slot < before))


def charge(connection: Connection, charges: Iterable[Charge]) -> None:
    """Entries that were just stored took this. What their leases held is spent now, no more leased."""
    spent: Counter[Slot] = Counter()
    settled: Counter[tuple[str, int, str]] = Counter()
    for item in charges:
        amount = min(max(item.amount, 0), _LARGEST)
        spent[item.limit, item.period] += amount
        settled[item.limit, item.period, item.lease] += amount
    if not spent:
        return
    known = set(connection.execute(_LOCK, {"ids": sorted({limit for limit, _ in spent})}).scalars())
    rows = [
        {"limit_id": limit, "period": period, "spent": amount, "missed_at": 0}
        for (limit, period), amount in sorted(spent.items())
        if limit in known
    ]
    _upsert(connection, limit_counters, ("limit_id", "period"), rows, (), ("spent",))
    leased = [
        {"of": limit, "within": period, "by": holder, "more": amount}
        for (limit, period, holder), amount in sorted(settled.items())
    ]
    connection.execute(_SETTLE, leased)


# Written once: entries are charged some hundred times a second, and to put a statement together takes longer than to
# carry it out.
_LOCK = select(limits.c.id).where(limits.c.id.in_(bindparam("ids", expanding=True)))
_LOCK = _LOCK.order_by(limits.c.id).with_for_update()
_SETTLE = (
    update(limit_leases)
    .where(
        limit_leases.c.limit_id == bindparam("of"),
        limit_leases.c.period == bindparam("within"),
        limit_leases.c.holder == bindparam("by"),
    )
    .values(settled=limit_leases.c.settled + bindparam("more"))
)


# Holders


def holders(connection: Connection, machine: str) -> set[str]:
    """Those on a machine who have leases."""
    return set(
        connection.execute(
            select(limit_leases.c.holder).where(limit_leases.c.machine == machine).distinct()
        ).scalars()
    )


def renew(connection: Connection, holding: Collection[str], now: int) -> None:
    """These holders live, or their entries are still to come. What is leased of other limits meanwhile is new."""
    columns = limit_leases.c
    mine = columns.holder.in_(list(holding))
    ids = set(connection.execute(select(columns.limit_id).where(mine)).scalars())
    locked(connection, ids)
    renewed = update(limit_leases).where(mine, columns.limit_id.in_(ids))
    connection.execute(renewed.values(seen_at=now))


def close(connection: Connection, gone: Collection[str], *, only: Collection[str] | None = None) -> int:
    """These holders will spend nothing more: what they had and have not used is free. `only`: of these limits."""
    mine: ColumnElement[bool] = limit_leases.c.holder.in_(list(gone))
    if only is not None:
        mine &= limit_leases.c.limit_id.in_(list(only))
    ids = set(connection.execute(select(limit_leases.c.limit_id).where(mine)).scalars())
    if not ids:
        return 0
    locked(connection, ids)
    return connection.execute(delete(limit_leases).where(mine)).rowcount


def lapse(connection: Connection, before: int, *, measure: str | None = None) -> int:
    """Leases that nobody has renewed since `before` are no more. `measure`: of limits of that."""
    old: ColumnElement[bool] = limit_leases.c.seen_at < before
    if measure is not None:
        old &= limit_leases.c.limit_id.in_(select(limits.c.id).where(limits.c.measure == measure))
    ids = set(connection.execute(select(limit_leases.c.limit_id).where(old)).scalars())
    if not ids:
        return 0
    locked(connection, ids)
    return connection.execute(delete(limit_leases).where(old)).rowcount


def leased_sums(connection: Connection, ids: Collection[str]) -> dict[Slot, int]:
    """What is leased and not spent yet, by limit and period."""
    columns = limit_leases.c
    query = (
        select(columns.limit_id, columns.period, func.sum(columns.amount - columns.settled))
        .where(columns.limit_id.in_(list(ids)), columns.amount > columns.settled)
        .group_by(columns.limit_id, columns.period)
    )
    return {(row[0], row[1]): int(row[2]) for row in connection.execute(query)}


def _upsert(
    connection: Connection,
    table: Table,
    key: tuple[str, ...],
    rows: list[dict[str, Any]],
    replaced: tuple[str, ...],
    added: tuple[str, ...] = (),
) -> None:
    """New rows; of those that are there, `replaced` columns become the new value and it is added to `added` ones."""
    if rows:
        connection.execute(_upsertion(connection.dialect.name, table, key, replaced, added), rows)


@cache
def _upsertion(
    dialect: str, table: Table, key: tuple[str, ...], replaced: tuple[str, ...], added: tuple[str, ...]
) -> Insert:
    statement = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    values: dict[str, Any] = {name: statement.excluded[name] for name in replaced}
    values |= {name: table.c[name] + statement.excluded[name] for name in added}
    upserted: Insert = statement.on_conflict_do_update(index_elements=list(key), set_=values)
    return upserted
