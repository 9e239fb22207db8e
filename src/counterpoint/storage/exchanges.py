"""Entries of the ledger one by one: pages in time, and a single one by its id.

A page must come as fast where a filter matches little as where it matches all. Which groups a filter chooses is known
from their names, and how many entries those have, and when, from the sums: so a page first finds the time in which its
entries lie, and then reads them by their groups where they are few, by time where they are many.
"""

import json
from collections.abc import Iterator, Sequence

import msgspec
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Integer,
    any_,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy import column as named

from counterpoint.ledger.entry import Entry
from counterpoint.storage.ledger import row_entry
from counterpoint.storage.rollups import DAY, HOUR
from counterpoint.storage.tables import ledger_entries, usage_groups, usage_sums
from counterpoint.storage.usage import EntryFilter, chosen

_e = ledger_entries.c
_s = usage_sums.c
_FEW = 2000
"""Entries that are read and put in order faster than they are found among others."""

_LATE = 60_000_000
"""Microseconds after an exchange's end within which what it began may still begin."""
_MOST_BESIDE = 100

Groups = Sequence[int] | None
"""Which count; `None`: all that there are."""


class _Stretch(msgspec.Struct, frozen=True):
    """A time, and how many entries are in it at most. `seen`: where the page before ended, whose entries of that
    moment are in it too and will not be on the page."""

    since: int | None
    until: int | None
    entries: int | None
    seen: int | None = None

    def surely_has(self, begin: int, span: int) -> bool:
        """Whether every entry of that time is within, and none was seen."""
        return (
            (self.since is None or begin >= self.since)
            and (self.until is None or begin + span <= self.until)
            and (self.seen is None or not begin <= self.seen < begin + span)
        )


def page(
    connection: Connection,
    which: EntryFilter,
    *,
    beyond: tuple[int, str] | None = None,
    limit: int,
    newest_first: bool = True,
) -> list[Entry]:
    """Entries by time, from beyond the one with that time and id."""
    groups = _groups(connection, which)
    stretch = _Stretch(which.since, which.until, None)
    if beyond is not None:
        since, until = (which.since, beyond[0] + 1) if newest_first else (beyond[0], which.until)
        bounds = [bound for bound in (which.until, until) if bound is not None]
        begins = [bound for bound in (which.since, since) if bound is not None]
        stretch = _Stretch(max(begins, default=None), min(bounds, default=None), None, beyond[0])
    if groups is not None:
        stretch = _narrowed(connection, groups, stretch, limit, DAY, newest_first=newest_first)
        if stretch.entries and stretch.entries > _FEW:
            stretch = _narrowed(connection, groups, stretch, limit, HOUR, newest_first=newest_first)
        if not stretch.entries:
            return []
    query = select(ledger_entries).where(*_within(_e.at, stretch)).limit(limit)
    # Nothing is added to a column but to say that no index is to be used for it.
    few = stretch.entries is not None and stretch.entries <= _FEW
    at = _e.at + 0 if few else _e.at
    if groups is not None:
        query = query.where(_among(connection, _e.usage_group if few else _e.usage_group + 0, groups))
    place = tuple_(_e.at, _e.id)
    if newest_first:
        query = query.order_by(at.desc(), _e.id.desc())
        query = query.where(place < beyond) if beyond is not None else query
    else:
        query = query.order_by(at, _e.id)
        query = query.where(place > beyond) if beyond is not None else query
    return [row_entry(row) for row in connection.execute(query)]


def find(connection: Connection, organisation: str, entry_id: str) -> Entry | None:
    """One entry."""
    seen = _e.organisation.in_((organisation, ""))
    row = connection.execute(select(ledger_entries).where(_e.id == entry_id, seen)).first()
    return row_entry(row) if row else None


def beside(connection: Connection, parent: Entry) -> list[Entry]:
    """The calls that an exchange made beside its own answer, in time. They begin while it is under way or as it ends,
    and have groups of their own, so few entries are looked at."""
    groups = usage_groups.c
    apart = select(groups.id).where(groups.purpose != "")
    until = parent.at + parent.total_micros + _LATE
    query = (
        select(ledger_entries)
        .where(_e.at >= parent.at, _e.at <= until, _e.usage_group.in_(apart), _e.parent == parent.id)
        .order_by(_e.at, _e.id)
        .limit(_MOST_BESIDE)
    )
    return [row_entry(row) for row in connection.execute(query)]


def _groups(connection: Connection, which: EntryFilter) -> Groups:
    chosen_ones = list(chosen(which))
    found = [row.id for row in connection.execute(select(usage_groups.c.id).where(*chosen_ones))]
    count = connection.execute(select(func.count()).select_from(usage_groups)).scalar_one()
    return None if len(found) == count else found


def _narrowed(
    connection: Connection,
    groups: Sequence[int],
    stretch: _Stretch,
    limit: int,
    span: int,
    *,
    newest_first: bool,
) -> _Stretch:
    """From where the first entries of a page are to where there are enough for it, if there are."""
    begin, entries = _s.begin, func.sum(_s.entries).label("entries")
    query = select(begin, entries).where(_s.span == span, _among(connection, _s.group_id, groups))
    # The sum of a span that begins before the stretch has entries of the stretch too.
    near = _Stretch(None if stretch.since is None else stretch.since - span + 1, stretch.until, None)
    query = query.where(*_within(begin, near)).group_by(begin)
    query = query.order_by(begin.desc() if newest_first else begin)
    spans: list[int] = []
    total = 0
    whole = 0
    for row in connection.execute(query):
        spans.append(row.begin)
        total += int(row.entries)
        whole += int(row.entries) if stretch.surely_has(row.begin, span) else 0
        if whole >= limit:
            break
    if not spans:
        return _Stretch(stretch.since, stretch.until, 0)
    since, until = min(spans), max(spans) + span
    return _Stretch(
        since if stretch.since is None else max(since, stretch.since),
        until if stretch.until is None else min(until, stretch.until),
        total,
        stretch.seen,
    )


def _within(at: ColumnElement[int], stretch: _Stretch) -> Iterator[ColumnElement[bool]]:
    if stretch.since is not None:
        yield at >= stretch.since
    if stretch.until is not None:
        yield at < stretch.until


def _among(connection: Connection, column: ColumnElement[int], groups: Sequence[int]) -> ColumnElement[bool]:
    """One of the groups, of which there may be more than a statement may have parameters."""
    if connection.dialect.name == "sqlite":
        return column.in_(select(named("value")).select_from(func.json_each(json.dumps(groups))))
    return column == any_(literal(groups, ARRAY(Integer)))
