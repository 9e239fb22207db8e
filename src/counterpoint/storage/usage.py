"""Questions to the ledger: sums over groups and time, and entries in pages."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, case, func, not_, or_, select, tuple_

from counterpoint.ledger.entry import Entry
from counterpoint.storage.ledger import TOKEN_CLASSES, row_entry
from counterpoint.storage.rollups import HOUR, LONGEST, MICRO
from counterpoint.storage.tables import keys, ledger_entries, projects, usage_hours
from counterpoint.storage.types import from_pico, money_sum

_e = ledger_entries.c
_h = usage_hours.c

# A stream that breaks off has long been answered with status 200.
_FAILED = or_(_e.status >= 400, _e.failure.is_not(None))

Dimension = Literal["model", "host", "maker", "key", "project", "dialect", "offering", "operation"]
DIMENSIONS: Mapping[Dimension, ColumnElement[str]] = {
    "model": _e.model,
    "host": _e.host,
    "maker": _e.maker,
    "key": _e.key,
    "project": _e.project,
    "dialect": _e.client_dialect,
    "offering": _e.offering,
    "operation": _e.operation,
}
"""What entries are grouped and filtered by."""
_NAMED: Mapping[Dimension, str] = {name: str(column.key) for name, column in DIMENSIONS.items()}


class EntryFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries count. `since` (included), `until` (not): microseconds since the epoch. `only`: per
    dimension the values that count. `failed`: those that ended in an error, or those that did not."""

    organisation: str
    since: int | None = None
    until: int | None = None
    only: Mapping[Dimension, tuple[str, ...]] = {}
    failed: bool | None = None


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """Sums over the entries of one group, one period and one currency. `priced`: entries whose cost is known;
    `cost` is the sum of those. `first_events`: entries whose answer began."""

    at: int | None
    group: tuple[str, ...]
    currency: str
    entries: int
    failures: int
    priced: int
    unreported: int
    tokens: dict[str, int]
    web_searches: int
    cost: Decimal | None
    total_micros: int
    first_events: int
    first_event_micros: int


def sums(
    connection: Connection,
    which: EntryFilter,
    by: tuple[Dimension, ...] = (),
    period: int | None = None,
    offset: int = 0,
) -> list[Sums]:
    """Sums by the dimensions and, with `period` (microseconds), by time. `offset`: of the local time in which
    periods begin, in microseconds. A group may come in several parts: whole hours are read from their sums."""
    if period is not None and (period % HOUR or offset % HOUR):
        return _entry_sums(connection, which, by, period, offset)
    begin = None if which.since is None else -(-which.since // HOUR) * HOUR
    end = None if which.until is None else which.until // HOUR * HOUR
    if begin is not None and end is not None and begin >= end:
        return _entry_sums(connection, which, by, period, offset)
    whole = msgspec.structs.replace(which, since=begin, until=end)
    found = _hour_sums(connection, whole, by, period, offset)
    if begin != which.since:
        found += _entry_sums(connection, msgspec.structs.replace(which, until=begin), by, period, offset)
    if end != which.until:
        found += _entry_sums(connection, msgspec.structs.replace(which, since=end), by, period, offset)
    return found


def _hour_sums(
    connection: Connection, which: EntryFilter, by: tuple[Dimension, ...], period: int | None, offset: int
) -> list[Sums]:
    """Over whole hours."""
    at = (_h.hour - (_h.hour + offset) % period) if period else None
    groups = [_h[_NAMED[name]] for name in by] + [_h.currency] + ([at] if at is not None else [])
    names = ("entries", "priced", "unreported", *TOKEN_CLASSES, "web_searches", "cost_micros", "cost_picos")
    query = (
        select(
            *(column.label(f"g{number}") for number, column in enumerate(groups)),
            func.sum(case((_h.failed, _h.entries), else_=0)).label("failures"),
            *(func.sum(_h[name]).label(name) for name in names),
            func.sum(_h.total_micros).label("total_micros"),
            func.sum(_h.first_events).label("first_events"),
            func.sum(_h.first_event_micros).label("first_event_micros"),
        )
        .where(_h.organisation.in_((which.organisation, "")))
        .group_by(*(f"g{number}" for number in range(len(groups))))
    )
    if which.since is not None:
        query = query.where(_h.hour >= which.since)
    if which.until is not None:
        query = query.where(_h.hour < which.until)
    for name, values in which.only.items():
        query = query.where(_h[_NAMED[name]].in_([value[:LONGEST] for value in values]))
    if which.failed is not None:
        query = query.where(_h.failed.is_(which.failed))
    return [_sums(row, len(by), _cost_of(row), timed=at is not None) for row in connection.execute(query)]


def _cost_of(row: Row[*tuple[Any, ...]]) -> Decimal | None:
    return from_pico(int(row.cost_micros) * MICRO + int(row.cost_picos)) if row.priced else None


def _entry_sums(
    connection: Connection, which: EntryFilter, by: tuple[Dimension, ...], period: int | None, offset: int
) -> list[Sums]:
    """Over the entries themselves."""
    at = (_e.at - (_e.at + offset) % period) if period else None
    groups = [DIMENSIONS[name] for name in by] + [_e.currency] + ([at] if at is not None else [])
    query = (
        select(
            *(column.label(f"g{number}") for number, column in enumerate(groups)),
            func.count().label("entries"),
            func.sum(case((_FAILED, 1), else_=0)).label("failures"),
            func.count(_e.cost).label("priced"),
            func.sum(case((_e.usage_reported, 0), else_=1)).label("unreported"),
            *(func.sum(_e[name]).label(name) for name in TOKEN_CLASSES),
            func.sum(_e.web_searches).label("web_searches"),
            money_sum(_e.cost).label("cost"),
            func.sum(_e.total_micros).label("total_micros"),
            func.count(_e.first_event_micros).label("first_events"),
            func.coalesce(func.sum(_e.first_event_micros), 0).label("first_event_micros"),
        )
        .where(*_conditions(which))
        .group_by(*(f"g{number}" for number in range(len(groups))))
    )
    return [_sums(row, len(by), row.cost, timed=at is not None) for row in connection.execute(query)]


def _sums(row: Row[*tuple[Any, ...]], depth: int, cost: Decimal | None, *, timed: bool) -> Sums:
    return Sums(
        at=int(row[depth + 1]) if timed else None,
        group=tuple(row[:depth]),
        currency=row[depth],
        entries=int(row.entries),
        failures=int(row.failures),
        priced=int(row.priced),
        unreported=int(row.unreported),
        tokens={name: int(getattr(row, name)) for name in TOKEN_CLASSES},
        web_searches=int(row.web_searches),
        cost=cost,
        total_micros=int(row.total_micros),
        first_events=int(row.first_events),
        first_event_micros=int(row.first_event_micros),
    )


def _conditions(which: EntryFilter) -> Iterator[ColumnElement[bool]]:
    # Calls without a valid key belong to nobody; every organisation of this installation sees them.
    yield _e.organisation.in_((which.organisation, ""))
    if which.since is not None:
        yield _e.at >= which.since
    if which.until is not None:
        yield _e.at < which.until
    for name, values in which.only.items():
        yield DIMENSIONS[name].in_(values)
    if which.failed is not None:
        yield _FAILED if which.failed else not_(_FAILED)


def page(
    connection: Connection,
    which: EntryFilter,
    *,
    beyond: tuple[int, str] | None = None,
    limit: int,
    newest_first: bool = True,
) -> list[Entry]:
    """Entries by time, from beyond the one with that time and id."""
    place = tuple_(_e.at, _e.id)
    query = select(ledger_entries).where(*_conditions(which)).limit(limit)
    if newest_first:
        query = query.order_by(_e.at.desc(), _e.id.desc())
        query = query.where(place < beyond) if beyond is not None else query
    else:
        query = query.order_by(_e.at, _e.id)
        query = query.where(place > beyond) if beyond is not None else query
    return [row_entry(row) for row in connection.execute(query)]


def find(connection: Connection, organisation: str, entry_id: str) -> Entry | None:
    """One entry."""
    conditions = _conditions(EntryFilter(organisation=organisation))
    row = connection.execute(select(ledger_entries).where(_e.id == entry_id, *conditions)).first()
    return row_entry(row) if row else None


def key_names(connection: Connection) -> dict[str, str]:
    """The name of every key that there is or was, by id."""
    return {row.id: row.name for row in connection.execute(select(keys.c.id, keys.c.name))}


def project_names(connection: Connection) -> dict[str, str]:
    """The name of every project, by id."""
    return {row.id: row.name for row in connection.execute(select(projects.c.id, projects.c.name))}
