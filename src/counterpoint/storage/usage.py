"""Sums of the ledger over groups and time, exact, read from few rows.

Whole days are read from the sums of days. They begin at midnight UTC, and a reader's days elsewhere; so a reader's day
is a day UTC, less what lies between the one midnight and the other, plus the same of the day after. That rest is read
from the sums of quarters of a day, of hours and of their first halves, and where a zone's midnight is on neither, from
entries.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from operator import add, itemgetter, sub
from typing import Any, Literal

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, select

from counterpoint.storage.latencies import Counts, latency_count, latency_sum, loaded, split
from counterpoint.storage.ledger import TOKEN_CLASSES
from counterpoint.storage.rollups import DAY, HOUR, LATENCIES, MICRO, SPANS, SUMS
from counterpoint.storage.tables import keys, ledger_entries, projects, usage_groups, usage_sums
from counterpoint.storage.types import from_pico, pico_sum

_e = ledger_entries.c
_g = usage_groups.c
_s = usage_sums.c

Dimension = Literal[
    "model",
    "host",
    "maker",
    "key",
    "project",
    "user",
    "route",
    "purpose",
    "dialect",
    "offering",
    "operation",
]
DIMENSIONS: Mapping[Dimension, ColumnElement[str]] = {
    "model": _g.model,
    "host": _g.host,
    "maker": _g.maker,
    "key": _g.key,
    "project": _g.project,
    "user": _g.user,
    "route": _g.route,
    "purpose": _g.purpose,
    "dialect": _g.client_dialect,
    "offering": _g.offering,
    "operation": _g.operation,
}
"""What entries are grouped and filtered by."""

Period = Literal["hour", "day"]
_LENGTH: Mapping[Period, int] = {"hour": HOUR, "day": DAY}


class EntryFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries count. `since` (included), `until` (not): microseconds since the epoch. `only`: per
    dimension the values that count. `failed`: those that ended in an error, or those that did not."""

    organisation: str
    since: int | None = None
    until: int | None = None
    only: Mapping[Dimension, tuple[str, ...]] = {}
    failed: bool | None = None


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """Sums over one group, one period and one currency. What is counted as `entries` are the calls of
    callers, and so are failures, events and times; `side`: calls that were made besides (a check, a hedge, a shadow).
    `priced`: calls of both kinds whose cost is known; `cost` is the sum of those, `side_cost` what of it the side calls
    cost; tokens are those of both. `first_events`: entries whose answer began. `totals`, `firsts`: how long they
    took to their end and to their first event."""

    at: int | None
    group: tuple[str, ...]
    currency: str
    entries: int
    failures: int
    side: int
    priced: int
    unreported: int
    tokens: dict[str, int]
    web_searches: int
    cost: Decimal | None
    side_cost: Decimal | None
    total_micros: int
    first_events: int
    first_event_micros: int
    totals: Counts
    firsts: Counts


class _Times(msgspec.Struct, frozen=True):
    """From `since` to before `until`; `None`: no end on that side."""

    since: int | None
    until: int | None

    @property
    def empty(self) -> bool:
        return self.since is not None and self.until is not None and self.since >= self.until

    def has(self, moment: int) -> bool:
        """Whether it is within."""
        return (self.since is None or moment >= self.since) and (self.until is None or moment < self.until)

    def conditions(self, column: ColumnElement[int]) -> Iterator[ColumnElement[bool]]:
        if self.since is not None:
            yield column >= self.since
        if self.until is not None:
            yield column < self.until

    def inner(self, length: int, place: int = 0) -> "_Times":
        """The whole periods of that length within; they begin at `place` after its multiples."""
        since = None if self.since is None else self.since + (place - self.since) % length
        until = None if self.until is None else self.until - (self.until - place) % length
        return _Times(since, until)


class _Piece(msgspec.Struct, frozen=True):
    """A part of the time between midnight UTC and the reader's: from `low` to `high` after the former. `span`: the
    sums that have it, 0 for entries. `sign`: whether it adds to that time or is to be taken away again."""

    span: int
    low: int
    high: int
    sign: int


def _pieces(shift: int) -> Iterator[_Piece]:
    """Few that together are the time between midnight and `shift` later, which may be negative."""
    place = 0
    for span in SPANS[1:]:
        away = shift - place
        if span > HOUR:  # as near as it comes, by the shorter way of two
            steps = (2 * abs(away) + span - 1) // (2 * span) * (1 if away > 0 else -1)
        else:  # down: of an hour there are sums of its first half
            steps = away // span
        end = place + steps * span
        if end != place:
            yield _Piece(span, min(place, end), max(place, end), 1 if end > place else -1)
            place = end
    if place != shift:
        yield _Piece(0, min(place, shift), max(place, shift), 1 if shift > place else -1)


Values = list[int]
"""Failures, side calls, their cost in micro-units and the pico-units beside them; then `SUMS`, then `LATENCIES`, each
as one number."""
_AHEAD = 4
_OF_CALLERS = frozenset({"entries", "unreported", "total_micros", "first_events", "first_event_micros"})
"""Of `SUMS`: those that leave side calls out."""
_OWN = _g.purpose == ""
_Key = tuple[int | None, tuple[str, ...], str]


_NOTHING: Values = [0] * (_AHEAD + len(SUMS) + len(LATENCIES))
_COUNT = _AHEAD + SUMS.index("entries")
_SIDE = 1


class _Asked(msgspec.Struct, frozen=True):
    """What is asked, and where the answer gathers."""

    connection: Connection
    which: EntryFilter
    by: tuple[Dimension, ...]
    latencies: bool
    found: dict[_Key, Values]

    def answers(self, query: Select[Any], *, timed: bool) -> Iterator[tuple[_Key, Values]]:
        """What a query of `_grouped` finds."""
        depth = len(self.by)
        for row in self.connection.execute(query):
            key = (int(row[depth + 1]) if timed else None, tuple(row[:depth]), row[depth])
            if self.latencies:
                yield key, [*map(int, row[depth + 2 : -2]), loaded(row[-2]), loaded(row[-1])]
            else:
                yield key, [*map(int, row[depth + 2 :]), 0, 0]

    def take(self, key: _Key, values: Values, sign: int = 1) -> None:
        """Adds to what there is, or takes away from it."""
        before = self.found.get(key, _NOTHING)
        self.found[key] = list(map(add if sign > 0 else sub, before, values))

    def gather(self, query: Select[Any], *, timed: bool) -> None:
        """Adds what a query finds."""
        for key, values in self.answers(query, timed=timed):
            self.take(key, values)


def sums(
    connection: Connection,
    which: EntryFilter,
    by: tuple[Dimension, ...] = (),
    period: Period | None = None,
    offset: int = 0,
    *,
    latencies: bool = True,
) -> list[Sums]:
    """Sums by the dimensions and, with `period`, by time. `offset`: of the local time in which periods begin, in
    microseconds. `latencies`: with `totals` and `firsts`, which cost more than all the rest."""
    asked = _Asked(connection, which, by, latencies, {})
    times = _Times(which.since, which.until)
    place = -offset % DAY if period else 0
    days = times.inner(DAY, place)
    if period == "hour" or days.empty:
        _by_hours(asked, times, period, offset)
    else:
        _by_days(asked, days, place, timed=period is not None)
        for rest in (_Times(times.since, days.since), _Times(days.until, times.until)):
            if rest.since != rest.until:
                _by_hours(asked, rest, period, offset)
    dialect = connection.dialect.name
    return [
        _sums(key, values, dialect) for key, values in asked.found.items() if values[_COUNT] or values[_SIDE]
    ]


def extent(connection: Connection) -> tuple[int, int] | None:
    """When the first whole day UTC begins of which anything is known, and when the last one ends."""
    query = select(func.min(_s.begin), func.max(_s.begin)).where(_s.span == DAY)
    first, last = connection.execute(query).one()
    return None if first is None else (int(first), int(last) + DAY)


def _by_days(asked: _Asked, days: _Times, place: int, *, timed: bool) -> None:
    """Over whole days of the reader's, which begin `place` after midnight UTC, or before it where that is nearer."""
    shift = (place + DAY // 2) % DAY - DAY // 2
    whole = _Times(*(None if end is None else end - shift for end in (days.since, days.until)))
    asked.gather(_of_sums(asked, DAY, whole, _s.begin + shift if timed else None), timed=timed)
    for piece in _pieces(shift):
        for query in _of_piece(asked, piece, whole):
            for (at, group, currency), values in asked.answers(query, timed=True):
                midnight = at or 0
                # Of the day that begins at this midnight it is no part, but of the one before.
                for day, sign in ((midnight, -piece.sign), (midnight - DAY, piece.sign)):
                    if whole.has(day):
                        asked.take((day + shift, group, currency), values, sign)


def _of_piece(asked: _Asked, piece: _Piece, whole: _Times) -> Iterator[Select[Any]]:
    """That piece of each day, by its midnight. Only days of which there are sums are asked for."""
    near = _Times(
        None if whole.since is None else whole.since - DAY, None if whole.until is None else whole.until + DAY
    )
    known = select(_s.begin).where(_s.span == DAY, *near.conditions(_s.begin)).distinct()
    ahead = 0 if piece.low >= 0 else DAY  # what comes before midnight belongs to the day before
    midnights = [row.begin + ahead for row in asked.connection.execute(known)]
    if not piece.span:
        for midnight in midnights:  # in one query, PostgreSQL would read the whole ledger
            times = _Times(midnight + piece.low, midnight + piece.high)
            yield _of_entries(asked, times, _e.at - _e.at + midnight)
        return
    for start in range(0, len(midnights), _DAYS_AT_ONCE):
        some = midnights[start : start + _DAYS_AT_ONCE]
        begins = [midnight + step for midnight in some for step in range(piece.low, piece.high, piece.span)]
        at = _s.begin - piece.low - (_s.begin - piece.low) % DAY
        yield _of_sums(asked, piece.span, _Times(None, None), at).where(_s.begin.in_(begins))


_DAYS_AT_ONCE = 500


def _by_hours(asked: _Asked, times: _Times, period: Period | None, offset: int) -> None:
    """Over any time, by whole hours as far as possible."""
    length = _LENGTH[period] if period else None
    timed = length is not None

    def begun(at: ColumnElement[int]) -> ColumnElement[int] | None:
        return None if length is None else at - (at + offset) % length

    hours = times.inner(HOUR)
    if hours.empty or (timed and offset % HOUR):
        asked.gather(_of_entries(asked, times, begun(_e.at)), timed=timed)
        return
    asked.gather(_of_sums(asked, HOUR, hours, begun(_s.begin)), timed=timed)
    for rest in (_Times(times.since, hours.since), _Times(hours.until, times.until)):
        if rest.since != rest.until:
            asked.gather(_of_entries(asked, rest, begun(_e.at)), timed=timed)


def _of_sums(asked: _Asked, span: int, times: _Times, at: ColumnElement[int] | None) -> Select[Any]:
    """From sums of that span."""
    values = (
        func.sum(case((and_(_OWN, _g.failed), _s.entries), else_=0)),
        func.sum(case((_OWN, 0), else_=_s.entries)),
        func.sum(case((_OWN, 0), else_=_s.cost_micros)),
        func.sum(case((_OWN, 0), else_=_s.cost_picos)),
        *(func.sum(case((_OWN, _s[name]), else_=0) if name in _OF_CALLERS else _s[name]) for name in SUMS),
        *(latency_sum(case((_OWN, _s[name]))) for name in LATENCIES if asked.latencies),
    )
    joined = usage_sums.join(usage_groups, _g.id == _s.group_id)
    conditions = (_s.span == span, *times.conditions(_s.begin))
    return _grouped(asked, values, at).select_from(joined).where(*conditions)


def _of_entries(asked: _Asked, times: _Times, at: ColumnElement[int] | None) -> Select[Any]:
    """From the entries themselves."""
    derived: Mapping[str, ColumnElement[Any]] = {
        "entries": func.sum(case((_OWN, 1), else_=0)),
        "priced": func.count(_e.cost),
        "unreported": func.sum(case((and_(_OWN, ~_e.usage_reported), 1), else_=0)),
        "cost_micros": literal(0),
        "cost_picos": pico_sum(_e.cost),
        "total_micros": func.sum(case((_OWN, _e.total_micros), else_=0)),
        "first_events": func.count(case((_OWN, _e.first_event_micros))),
        "first_event_micros": func.coalesce(func.sum(case((_OWN, _e.first_event_micros))), 0),
    }
    timed = ("total_micros", "first_event_micros")
    values = (
        func.sum(case((and_(_OWN, _g.failed), 1), else_=0)),
        func.sum(case((_OWN, 0), else_=1)),
        literal(0),
        pico_sum(case((_OWN, None), else_=_e.cost)),
        *(derived[name] if name in derived else func.sum(_e[name]) for name in SUMS),
        *(latency_count(case((_OWN, _e[name]))) for name in timed if asked.latencies),
    )
    joined = ledger_entries.join(usage_groups, _g.id == _e.usage_group)
    return _grouped(asked, values, at).select_from(joined).where(*times.conditions(_e.at))


def _grouped(
    asked: _Asked, values: Sequence[ColumnElement[Any]], at: ColumnElement[int] | None
) -> Select[Any]:
    groups = [DIMENSIONS[name] for name in asked.by] + [_g.currency, literal(0) if at is None else at]
    names = [f"g{number}" for number in range(len(groups))]
    labelled = [column.label(name) for name, column in zip(names, groups, strict=True)]
    return (
        select(*labelled, *values)
        .where(*chosen(asked.which))
        .group_by(*(names if at is not None else names[:-1]))
    )


def chosen(which: EntryFilter) -> Iterator[ColumnElement[bool]]:
    """Conditions on groups."""
    # Calls without a valid key belong to nobody; every organisation of this installation sees them.
    yield _g.organisation.in_((which.organisation, ""))
    for name, values in which.only.items():
        yield DIMENSIONS[name].in_(values)
    if which.failed is not None:
        yield _g.failed.is_(which.failed)


def _sums(key: _Key, values: Values, dialect: str) -> Sums:
    at, group, currency = key
    priced, micros, picos = _costs_of(values)
    failures, side, side_micros, side_picos = values[:_AHEAD]
    return Sums(
        at=at,
        group=group,
        currency=currency,
        failures=failures,
        side=side,
        priced=priced,
        tokens=dict(zip(TOKEN_CLASSES, _tokens_of(values), strict=True)),
        cost=from_pico(micros * MICRO + picos) if priced else None,
        side_cost=from_pico(side_micros * MICRO + side_picos) if side else None,
        totals=split(values[-2], dialect),
        firsts=split(values[-1], dialect),
        **dict(zip(_PLAIN, _plain_of(values), strict=True)),
    )


def _places(*names: str) -> "itemgetter[Any]":
    """Reads these sums of `Values`; by name, thousands of rows would take twice as long."""
    return itemgetter(*(_AHEAD + SUMS.index(name) for name in names))


_PLAIN = ("entries", "unreported", "web_searches", "total_micros", "first_events", "first_event_micros")
_plain_of, _tokens_of = _places(*_PLAIN), _places(*TOKEN_CLASSES)
_costs_of = _places("priced", "cost_micros", "cost_picos")


def key_names(connection: Connection) -> dict[str, str]:
    """The name of every key that there is or was, by id."""
    return {row.id: row.name for row in connection.execute(select(keys.c.id, keys.c.name))}


def project_names(connection: Connection) -> dict[str, str]:
    """The name of every project, by id."""
    return {row.id: row.name for row in connection.execute(select(projects.c.id, projects.c.name))}
