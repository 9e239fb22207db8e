"""What was used and what it cost, as sums and as single entries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from counterpoint.api.shapes.common import Page, Shape, instant
from counterpoint.catalog.prices import TOKEN_CLASSES
from counterpoint.ledger import Attempt
from counterpoint.limits import Charge, Limit

if TYPE_CHECKING:  # the command line shows help without loading a database library
    from counterpoint.control.paging import Paged
    from counterpoint.control.usage import EntryView, UsageReport, UsageRow

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


@dataclass(frozen=True)
class GroupShape(Shape):
    """The value of one dimension."""

    id: str
    name: str
    """For keys and projects their name, else as `id`."""


@dataclass(frozen=True)
class SumShape(Shape):
    """Sums over exchanges."""

    at: datetime | None
    """When the period begins, in a series."""
    group: dict[str, GroupShape]
    """By dimension."""
    exchanges: int
    failures: int
    """Answered with a status of 400 or more."""
    side_calls: int
    """Calls made besides those of callers: answers that were not accepted, samples, judges, hedges, shadows."""
    unpriced: int
    """Calls of both kinds without a known price; `cost` leaves them out."""
    unreported: int
    """Exchanges whose host did not say what was used."""
    tokens: dict[str, int]
    """By disjoint token class."""
    web_searches: int
    cost: dict[str, str]
    """By currency, exact; side calls are part of it."""
    side_cost: dict[str, str]
    """What of it the side calls cost."""
    mean_first_event_ms: float | None
    mean_total_ms: float | None
    p50_total_ms: float | None
    """Half of the exchanges ended within this; null where nothing ended, or percentiles were not asked for.
    Like all percentiles here an estimate from counts between fixed bounds: at most 10 % from the exact one
    between 1 ms and 70 min, at most 1 ms below that."""
    p95_total_ms: float | None
    p50_first_event_ms: float | None
    """Of the exchanges that had a first event; an estimate, as above."""
    p95_first_event_ms: float | None


@dataclass(frozen=True)
class ReportShape(Shape):
    """Sums by group and period, and over everything."""

    since: datetime | None
    until: datetime | None
    rows: list[SumShape]
    """In time; within a period the dearest first."""
    total: SumShape
    own_currency: str = "USD"
    """The organisation's."""
    own_cost: str | None = None
    """All known costs in it, each at the rate of its time; null where a rate is not known."""


@dataclass(frozen=True)
class AttemptShape(Shape):
    """One try at one offering."""

    offering: str
    status: int | None
    failure: str | None
    ms: float
    after_ms: float = 0
    """From the exchange's start to its own."""
    first_event_ms: float | None = None
    """From its own start."""
    reason: str = ""
    """Why it was made or ended, where that is no failure: `retry`, `fallback`, `hedge`, `outrun`, `escalated`."""


@dataclass(frozen=True)
class ChargeShape(Shape):
    """What an exchange took of a limit."""

    limit: str
    """Its id."""
    amount: int
    """Money in micro-units of the organisation's currency."""
    measure: str | None
    """`money`, `tokens`, `requests`, …; null: the limit is gone."""
    per: str | None
    scope: str | None
    subject: str | None
    """The id of whom it limits."""
    currency: str | None = None
    """The organisation's, of money; null: it is none, or the limit is gone."""


@dataclass(frozen=True)
class LossShape(Shape):
    """What a translation between dialects could not express."""

    code: str
    path: str
    severity: Literal["cosmetic", "degraded", "meaning"]
    detail: str


@dataclass(frozen=True)
class EntryShape(Shape):
    """One exchange in the ledger."""

    id: str
    """Also the request id that the caller was told."""
    at: datetime
    operation: str
    client_dialect: str
    upstream_dialect: str
    key: GroupShape
    project: GroupShape
    requested: str
    """The model's name as the caller wrote it."""
    offering: str
    """`host/id` that answered; empty if none was chosen."""
    host: str
    model: str
    maker: str
    stream: bool
    status: int
    """What the caller got; 499: he left."""
    failure: str | None
    finish: str | None
    tokens: dict[str, int]
    web_searches: int
    usage_reported: bool
    cost: str | None
    """Exact, in `currency`; null when no price is known, which is not zero."""
    currency: str
    first_event_ms: float | None
    total_ms: float
    attempts: list[AttemptShape]
    losses: list[LossShape]
    request_bytes: int
    response_bytes: int
    user: str = ""
    """The account's id, if its key belongs to one."""
    route: str = ""
    """By which it went; empty: none was called."""
    purpose: Literal["", "escalated", "sample", "judge", "outrun", "failed", "shadow"] = ""
    """Of a call that another exchange made; empty: somebody's request."""
    parent: str = ""
    """The id of that other exchange."""
    trace: str = ""
    """The caller's `traceparent`."""
    charges: list[ChargeShape] = field(default_factory=list)


def plain(amount: Decimal) -> str:
    """An amount without an exponent."""
    return f"{amount:f}"


def report_shape(report: "UsageReport", since: datetime | None, until: datetime | None) -> ReportShape:
    """A report over that time."""
    rows = [sum_shape(row) for row in report.rows]
    own = None if report.own is None else plain(report.own)
    return ReportShape(since, until, rows, sum_shape(report.total), report.currency, own)


def sum_shape(row: "UsageRow") -> SumShape:
    """One row of a report."""
    return SumShape(
        at=row.at,
        group={name: GroupShape(value, row.names[name]) for name, value in row.group.items()},
        exchanges=row.exchanges,
        failures=row.failures,
        side_calls=row.side_calls,
        unpriced=row.unpriced,
        unreported=row.unreported,
        tokens=row.tokens,
        web_searches=row.web_searches,
        cost={currency: plain(amount) for currency, amount in row.cost.items()},
        side_cost={currency: plain(amount) for currency, amount in row.side_cost.items()},
        mean_first_event_ms=_ms(row.mean_first_event),
        mean_total_ms=_ms(row.mean_total),
        p50_total_ms=_estimate(row.p50_total),
        p95_total_ms=_estimate(row.p95_total),
        p50_first_event_ms=_estimate(row.p50_first_event),
        p95_first_event_ms=_estimate(row.p95_first_event),
    )


def entry_page(page: "Paged[EntryView]") -> Page[EntryShape]:
    """A page of entries."""
    return Page([entry_shape(view) for view in page.items], page.next)


def entry_shape(view: "EntryView", limits: Iterable[Limit] = (), currency: str = "") -> EntryShape:
    """One entry. `limits`: those that its charges may be of; `currency`: the organisation's, in which they are."""
    entry = view.entry
    tokens = {name: getattr(entry.usage, name) for name in TOKEN_CLASSES}
    return EntryShape(
        id=entry.id,
        at=instant(entry.at),
        operation=entry.operation,
        client_dialect=entry.client_dialect,
        upstream_dialect=entry.upstream_dialect,
        key=GroupShape(entry.key, view.key_name),
        project=GroupShape(entry.project, view.project_name),
        requested=entry.requested,
        offering=entry.offering,
        host=entry.host,
        model=entry.model,
        maker=entry.maker,
        stream=entry.stream,
        status=entry.status,
        failure=entry.failure,
        finish=entry.finish,
        tokens=tokens,
        web_searches=entry.usage.web_searches,
        usage_reported=entry.usage.reported,
        cost=plain(entry.cost) if entry.cost is not None else None,
        currency=entry.currency,
        first_event_ms=_ms(entry.first_event_micros),
        total_ms=entry.total_micros / 1000,
        attempts=[_attempt_shape(item) for item in entry.attempts],
        losses=[LossShape(item.code, item.path, item.severity, item.detail) for item in entry.losses],
        request_bytes=entry.request_bytes,
        response_bytes=entry.response_bytes,
        user=entry.user,
        route=entry.route,
        purpose=entry.purpose,
        parent=entry.parent,
        trace=entry.trace,
        charges=_charge_shapes(entry.charges, limits, currency),
    )


def _attempt_shape(attempt: Attempt) -> AttemptShape:
    return AttemptShape(
        attempt.offering,
        attempt.status,
        attempt.failure,
        attempt.micros / 1000,
        attempt.after / 1000,
        _ms(attempt.first_event_micros),
        attempt.reason,
    )


def _charge_shapes(charges: Iterable[Charge], limits: Iterable[Limit], currency: str) -> list[ChargeShape]:
    """One for each limit, whatever leases it went by."""
    amounts: dict[str, int] = {}
    for charge in charges:
        amounts[charge.limit] = amounts.get(charge.limit, 0) + charge.amount
    known = {limit.id: limit for limit in limits if limit.id in amounts}
    return [_charge_shape(limit, amount, known.get(limit), currency) for limit, amount in amounts.items()]


def _charge_shape(limit: str, amount: int, found: Limit | None, currency: str) -> ChargeShape:
    if found is None:
        return ChargeShape(limit, amount, None, None, None, None)
    money = currency if found.measure == "money" else None
    return ChargeShape(limit, amount, found.measure, found.per, found.scope, found.subject, money)


def _ms(micros: float | None) -> float | None:
    return micros / 1000 if micros is not None else None


def _estimate(micros: float | None) -> float | None:
    """With more digits than it deserves, and less than a float has."""
    return float(f"{micros / 1000:.4g}") if micros is not None else None
