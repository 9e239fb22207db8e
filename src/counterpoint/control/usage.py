"""What was used and what it cost: reports over the ledger, its entries in pages, and exports of both."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from typing import BinaryIO

import msgspec
from sqlalchemy import Connection

from counterpoint.control import localtime
from counterpoint.control.currencies import converted, stretches
from counterpoint.control.export import Cell, Column, Format, write_table
from counterpoint.control.paging import Paged, paged, place_of
from counterpoint.control.pricing import read_book
from counterpoint.i18n.complaint import Complaint
from counterpoint.ledger.entry import Entry
from counterpoint.storage import exchanges
from counterpoint.storage import usage as store
from counterpoint.storage.clock import from_micros, to_micros
from counterpoint.storage.database import Database
from counterpoint.storage.latencies import added, percentiles
from counterpoint.storage.ledger import TOKEN_CLASSES
from counterpoint.storage.usage import Dimension, EntryFilter, Period, Sums

_CHUNK = 1000
_SHARES = (0.5, 0.95)


class UsageQuery(msgspec.Struct, frozen=True, kw_only=True):
    """`since` is included, `until` is not. `by`: the dimensions to group by; `period`: the steps of a series.
    `only`: per dimension the values that count; keys and projects by id or by name. `failed`: only calls that
    failed, or only those that did not. `offset`: of the local time in which days begin; `zone`: where they begin, by
    its clocks, instead. `latencies`: with percentiles, which cost more than all the rest."""

    since: datetime | None = None
    until: datetime | None = None
    by: tuple[Dimension, ...] = ()
    period: Period | None = None
    only: Mapping[Dimension, tuple[str, ...]] = {}
    failed: bool | None = None
    offset: timedelta = timedelta()
    zone: tzinfo | None = None
    latencies: bool = True


class UsageRow(msgspec.Struct, frozen=True, kw_only=True):
    """`group`: dimension to value (ids for keys and projects), `names`: how to show them. `cost`: by currency,
    of the calls whose cost is known, `unpriced` ones left out; what `side_calls` cost of it (checks, hedges, shadows,
    which are no exchanges) is `side_cost`. `unreported`: exchanges whose host did not say what was
    used. Means and percentiles are in microseconds, `None` where there is nothing to take them of; percentiles are
    estimates, see `storage.latencies`."""

    at: datetime | None
    group: dict[str, str]
    names: dict[str, str]
    exchanges: int
    failures: int
    side_calls: int
    unpriced: int
    unreported: int
    tokens: dict[str, int]
    web_searches: int
    cost: dict[str, Decimal]
    side_cost: dict[str, Decimal]
    mean_first_event: float | None
    mean_total: float | None
    p50_total: float | None
    p95_total: float | None
    p50_first_event: float | None
    p95_first_event: float | None


class UsageReport(msgspec.Struct, frozen=True):
    """`rows` in time, the dearest first within a period; `total` over all of them. `own`: what the known costs are in
    `currency`, the organisation's; `None` where a rate is not known."""

    rows: tuple[UsageRow, ...]
    total: UsageRow
    currency: str = "USD"
    own: Decimal | None = None


class EntryView(msgspec.Struct, frozen=True):
    """An entry, with the names of the key and the project that it names by id."""

    entry: Entry
    key_name: str
    project_name: str


_LIST = "exchanges"
"""In cursors."""


class Usage:
    """The usage of one organisation."""

    def __init__(self, database: Database, organisation_id: str) -> None:
        self._database = database
        self._organisation_id = organisation_id

    def report(self, query: UsageQuery) -> UsageReport:
        """Sums."""
        with self._database.read() as connection:
            names = _names(connection)
            which = self._filter(query, names)
            found = list(_found(connection, which, query))
            currency, own = _own(connection, self._organisation_id, which, found)
        gathered: dict[tuple[int | None, tuple[str, ...]], list[Sums]] = {}
        for part in found:
            gathered.setdefault((part.at, part.group), []).append(part)
        rows = [
            _row(at, dict(zip(query.by, group, strict=True)), names, parts)
            for (at, group), parts in gathered.items()
        ]
        rows.sort(key=_order)
        return UsageReport(tuple(rows), _row(None, {}, names, found), currency, own)

    def entries(self, query: UsageQuery, *, cursor: str | None = None, limit: int = 50) -> Paged[EntryView]:
        """Newest first. Raises `Complaint` for a cursor that is none of ours."""
        limit = max(1, min(limit, 500))
        beyond = _place(cursor)
        with self._database.read() as connection:
            names = _names(connection)
            which = self._filter(query, names)
            found = exchanges.page(connection, which, beyond=beyond, limit=limit + 1)
        views = [_view(entry, names) for entry in found]
        return paged(_LIST, views, limit, lambda view: f"{view.entry.at}.{view.entry.id}")

    def entry(self, entry_id: str) -> EntryView:
        """One, by the id that its caller was told. Raises `Complaint`."""
        with self._database.read() as connection:
            names = _names(connection)
            found = exchanges.find(connection, self._organisation_id, entry_id)
        if found is None:
            raise Complaint("control.usage.no_entry", kind="not_found", id=entry_id[:60])
        return _view(found, names)

    def beside(self, entry_id: str) -> list[EntryView]:
        """The calls that an exchange made beside its own answer: what was not accepted, samples, judges, hedges,
        shadows. Raises `Complaint`."""
        with self._database.read() as connection:
            names = _names(connection)
            parent = exchanges.find(connection, self._organisation_id, entry_id)
            found = [] if parent is None else exchanges.beside(connection, parent)
        if parent is None:
            raise Complaint("control.usage.no_entry", kind="not_found", id=entry_id[:60])
        return [_view(entry, names) for entry in found]

    def export_entries(self, query: UsageQuery, kind: Format, out: BinaryIO) -> int:
        """Writes every entry, oldest first; how many."""
        return write_table(ENTRY_COLUMNS, self._entry_rows(query), kind, out)

    def export_report(self, query: UsageQuery, kind: Format, out: BinaryIO) -> int:
        """Writes the rows of a report, one for each currency; how many."""
        rows = list(_report_rows(query, self.report(query)))
        return write_table(report_columns(query), rows, kind, out)

    def in_time(self, query: UsageQuery) -> Iterator[Entry]:
        """Every entry, oldest first, read as they are wanted."""
        with self._database.read() as connection:
            which = self._filter(query, _names(connection))
        beyond = None
        while True:
            with self._database.read() as connection:
                found = exchanges.page(connection, which, beyond=beyond, limit=_CHUNK, newest_first=False)
            yield from found
            if len(found) < _CHUNK:
                return
            beyond = (found[-1].at, found[-1].id)

    def _entry_rows(self, query: UsageQuery) -> Iterator[list[Cell]]:
        with self._database.read() as connection:
            names = _names(connection)
        for entry in self.in_time(query):
            yield _entry_cells(_view(entry, names))

    def _filter(self, query: UsageQuery, names: Mapping[str, Mapping[str, str]]) -> EntryFilter:
        only = dict(query.only)
        for dimension in ("key", "project"):
            if dimension in only:
                wanted = set(only[dimension])
                ids = {found for found, name in names[dimension].items() if name in wanted}
                only[dimension] = tuple(sorted(wanted | ids))
        return EntryFilter(
            organisation=self._organisation_id,
            since=to_micros(query.since) if query.since is not None else None,
            until=to_micros(query.until) if query.until is not None else None,
            only=only,
            failed=query.failed,
        )


def _found(connection: Connection, which: EntryFilter, query: UsageQuery) -> Iterator[Sums]:
    """In a zone, those of each stretch between two changes of its clocks."""
    known = store.extent(connection) if query.zone is not None and query.period is not None else None
    if query.zone is None or query.period is None or known is None:
        yield from _sums(connection, which, query, query.offset)
        return
    since = known[0] if which.since is None else max(known[0], which.since)
    until = known[1] if which.until is None else min(known[1], which.until)
    for begin, end, offset in localtime.stretches(since, until, query.zone):
        within = msgspec.structs.replace(which, since=begin, until=end)
        for part in _sums(connection, within, query, offset):
            at = None if part.at is None else localtime.step_of(part.at, query.period, offset, query.zone)
            yield msgspec.structs.replace(part, at=at)


def _sums(connection: Connection, which: EntryFilter, query: UsageQuery, offset: timedelta) -> Iterable[Sums]:
    ahead = offset // timedelta(microseconds=1)
    return store.sums(connection, which, query.by, query.period, ahead, latencies=query.latencies)


def _row(
    at: int | None,
    group: dict[str, str],
    names: Mapping[str, Mapping[str, str]],
    parts: list[Sums],
) -> UsageRow:
    exchanges = sum(part.entries for part in parts)
    first_events = sum(part.first_events for part in parts)
    p50_total, p95_total = percentiles(added(part.totals for part in parts), _SHARES)
    p50_first_event, p95_first_event = percentiles(added(part.firsts for part in parts), _SHARES)
    side = sum(part.side for part in parts)
    return UsageRow(
        at=from_micros(at) if at is not None else None,
        group=group,
        names={name: names.get(name, {}).get(value, value) for name, value in group.items()},
        exchanges=exchanges,
        failures=sum(part.failures for part in parts),
        side_calls=side,
        unpriced=exchanges + side - sum(part.priced for part in parts),
        unreported=sum(part.unreported for part in parts),
        tokens=_tokens(parts),
        web_searches=sum(part.web_searches for part in parts),
        cost=_by_currency((part.currency, part.cost) for part in parts),
        side_cost=_by_currency((part.currency, part.side_cost) for part in parts),
        mean_first_event=(
            sum(part.first_event_micros for part in parts) / first_events if first_events else None
        ),
        mean_total=sum(part.total_micros for part in parts) / exchanges if exchanges else None,
        p50_total=p50_total,
        p95_total=p95_total,
        p50_first_event=p50_first_event,
        p95_first_event=p95_first_event,
    )


def _by_currency(amounts: Iterable[tuple[str, Decimal | None]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for currency, amount in amounts:
        if amount is not None:
            found[currency] = found.get(currency, Decimal(0)) + amount
    return dict(sorted(found.items()))


def _tokens(parts: list[Sums]) -> dict[str, int]:
    if len(parts) == 1:  # a series has thousands of rows, nearly all of one currency
        return parts[0].tokens
    return {name: sum(part.tokens[name] for part in parts) for name in TOKEN_CLASSES}


def _order(row: UsageRow) -> tuple[float, Decimal, int, tuple[str, ...]]:
    """In time, then the dearest, then the busiest. Currencies cannot be compared; the largest sum stands for
    a row that has several."""
    dearest = max(row.cost.values(), default=Decimal(0))
    return (
        row.at.timestamp() if row.at is not None else 0.0,
        -dearest,
        -row.exchanges,
        tuple(row.names.values()),
    )


def _own(
    connection: Connection, organisation_id: str, which: EntryFilter, found: list[Sums]
) -> tuple[str, Decimal | None]:
    """What all of it is in the organisation's currency, each part at the rate of its time."""
    book = read_book(connection, organisation_id)
    own = book.own.currency
    pieces = stretches(own, book.plain_rates(), which.since, which.until)
    if len(pieces) == 1 or {part.currency for part in found} <= {own}:
        spent = _by_currency((part.currency, part.cost) for part in found)
        return own, converted(spent, pieces[0].rates)
    total = Decimal(0)
    for piece in pieces:
        within = msgspec.structs.replace(which, since=piece.since, until=piece.until)
        sums = store.sums(connection, within, latencies=False)
        amount = converted(_by_currency((part.currency, part.cost) for part in sums), piece.rates)
        if amount is None:
            return own, None
        total += amount
    return own, total


def _names(connection: Connection) -> dict[str, dict[str, str]]:
    """Of keys and projects, by id."""
    return {"key": store.key_names(connection), "project": store.project_names(connection)}


def _view(entry: Entry, names: Mapping[str, Mapping[str, str]]) -> EntryView:
    return EntryView(
        entry,
        names["key"].get(entry.key, entry.key),
        names["project"].get(entry.project, entry.project),
    )


def _place(cursor: str | None) -> tuple[int, str] | None:
    place = place_of(_LIST, cursor)
    if place is None:
        return None
    at, dot, identifier = place.partition(".")
    if not dot or not identifier or not at.isascii() or not at.isdigit() or len(at) > 18:
        raise Complaint("control.usage.bad_cursor", cursor=(cursor or "")[:60])
    return int(at), identifier


_PLAIN_COLUMNS = (
    Column("id", "text"),
    Column("at", "moment"),
    Column("operation", "text"),
    Column("client_dialect", "text"),
    Column("organisation", "text"),
    Column("project", "text"),
    Column("key", "text"),
    Column("requested", "text"),
    Column("offering", "text"),
    Column("host", "text"),
    Column("model", "text"),
    Column("maker", "text"),
    Column("upstream_dialect", "text"),
    Column("stream", "boolean"),
    Column("status", "integer"),
    Column("failure", "text"),
    Column("finish", "text"),
    Column("cost", "amount"),
    Column("currency", "text"),
    Column("first_event_micros", "integer"),
    Column("total_micros", "integer"),
    Column("request_bytes", "integer"),
    Column("response_bytes", "integer"),
)
_TOKEN_COLUMNS = (*(Column(name, "integer") for name in TOKEN_CLASSES), Column("web_searches", "integer"))
ENTRY_COLUMNS = (
    *_PLAIN_COLUMNS,
    Column("project_name", "text"),
    Column("key_name", "text"),
    Column("usage_reported", "boolean"),
    *_TOKEN_COLUMNS,
    Column("attempts", "json"),
    Column("losses", "json"),
)
"""Of an exported entry."""


def _entry_cells(view: EntryView) -> list[Cell]:
    entry = view.entry
    plain: dict[str, Cell] = {column.name: getattr(entry, column.name) for column in _PLAIN_COLUMNS}
    plain["at"] = from_micros(entry.at)
    return [
        *plain.values(),
        view.project_name,
        view.key_name,
        entry.usage.reported,
        *(getattr(entry.usage, column.name) for column in _TOKEN_COLUMNS),
        msgspec.to_builtins(entry.attempts),
        msgspec.to_builtins(entry.losses),
    ]


def report_columns(query: UsageQuery) -> tuple[Column, ...]:
    """Of an exported report."""
    named = [name for name in query.by if name in ("key", "project")]
    return (
        *((Column("at", "moment"),) if query.period else ()),
        *(Column(name, "text") for name in query.by),
        *(Column(f"{name}_name", "text") for name in named),
        Column("exchanges", "integer"),
        Column("failures", "integer"),
        Column("unpriced", "integer"),
        Column("unreported", "integer"),
        *_TOKEN_COLUMNS,
        Column("cost", "amount"),
        Column("currency", "text"),
        Column("mean_first_event_micros", "number"),
        Column("mean_total_micros", "number"),
        Column("p50_first_event_micros", "number"),
        Column("p95_first_event_micros", "number"),
        Column("p50_total_micros", "number"),
        Column("p95_total_micros", "number"),
    )


def _report_rows(query: UsageQuery, report: UsageReport) -> Iterator[list[Cell]]:
    for row in report.rows:
        # What was used in one currency and what in another is not told apart here: the counts stand beside
        # the first one, and only its cost beside every other.
        for number, (currency, cost) in enumerate(row.cost.items() or [("", None)]):
            counts: list[Cell] = [row.exchanges, row.failures, row.unpriced, row.unreported]
            counts += [*row.tokens.values(), row.web_searches]
            yield [
                *((row.at,) if query.period else ()),
                *row.group.values(),
                *(row.names[name] for name in query.by if name in ("key", "project")),
                *(counts if number == 0 else [0] * len(counts)),
                cost,
                currency,
                row.mean_first_event,
                row.mean_total,
                row.p50_first_event,
                row.p95_first_event,
                row.p50_total,
                row.p95_total,
            ]
