"""What was taken of a limit step by step, read from the ledger's sums, and what it will come to.

The counter of a limit says what is spent; that it was spent on Tuesday, only the ledger says. Both agree as far as
every call was made while the limit stood; a limit that was made in the middle of a month counts from then on.
"""

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from counterpoint.control.budgets.forecasting import LOOK_BACK, forecast
from counterpoint.control.budgets.values import BudgetView, Spending
from counterpoint.control.currencies import rates_at
from counterpoint.control.localtime import midnight_of, step_of, stretches
from counterpoint.limits import Limit
from counterpoint.limits.binding import counts
from counterpoint.storage import pricing
from counterpoint.storage import usage as store
from counterpoint.storage.clock import from_micros, to_micros
from counterpoint.storage.pricing import Rate
from counterpoint.storage.usage import Dimension, EntryFilter, Period, Sums

_DAY = timedelta(days=1)
_FOREVER = timedelta(days=90)
"""Of a limit without a period, so much is shown."""
_SECONDS = 86_400


def of(connection: Connection, organisation_id: str, view: BudgetView, now: int) -> Spending:
    """Of the period that runs."""
    limit = view.row.limit
    own = pricing.own(connection)
    zone = ZoneInfo(own.zone)
    rates = [each.rate for each in pricing.rates(connection, organisation_id)]
    today = from_micros(now).astimezone(zone).date()
    begins = from_micros(view.begins) if view.begins is not None else from_micros(now) - _FOREVER
    period: Period = "hour" if limit.per in ("day", "hour", "minute") else "day"
    first = min(begins.astimezone(zone).date(), today - timedelta(days=LOOK_BACK))
    taken = _Taken(own.currency, rates, limit)
    since = midnight_of(first, zone)
    for begin, end, offset in stretches(since, now, zone):
        for part in _sums(connection, organisation_id, limit, begin, end, period, offset):
            taken.add(part, step_of(part.at or 0, period, offset, zone))
    earliest = to_micros(begins) if view.begins is not None else 0
    steps = tuple(sorted((at, amount) for at, amount in taken.steps.items() if at >= earliest))
    if limit.measure == "concurrent" or limit.slides:
        return Spending(steps, None, taken.unpriced)
    days = _by_day(taken.steps, zone)
    known = [day for day in days if day < today]
    history = (
        [days.get(min(known) + timedelta(days=ago), Decimal(0)) for ago in range((today - min(known)).days)]
        if known
        else []
    )
    if view.ends is None:
        return Spending(steps, None, taken.unpriced)
    until = from_micros(view.ends).astimezone(zone).date()
    elapsed = Decimal((now - midnight_of(today, zone)) // 1_000_000) / _SECONDS
    expected = forecast(history, today, view.spent, view.allowed, until, min(elapsed, Decimal(1)))
    return Spending(steps, expected, taken.unpriced)


class _Taken:
    """Adds up what a limit counts."""

    def __init__(self, currency: str, rates: list[Rate], limit: Limit) -> None:
        self._currency = currency
        self._rates = rates
        self._limit = limit
        self.steps: dict[int, Decimal] = {}
        self.unpriced = 0

    def add(self, part: Sums, at: int) -> None:
        """The sums of one group and currency, of the step that begins at `at`."""
        offering, model, purpose = part.group
        if not counts(self._limit, (offering,), (model,)):
            return
        self.steps[at] = self.steps.get(at, Decimal(0)) + self._amount(part, purpose, at)

    def _amount(self, part: Sums, purpose: str, at: int) -> Decimal:
        if self._limit.measure == "tokens":
            return Decimal(sum(part.tokens.values()))
        if self._limit.measure != "money":
            return Decimal(0 if purpose else part.entries)
        self.unpriced += part.entries + part.side - part.priced
        if part.cost is None:
            return Decimal(0)
        rate = rates_at(self._currency, self._rates, at).get(part.currency)
        if rate is None:
            self.unpriced += part.priced
            return Decimal(0)
        return part.cost * rate


def _sums(
    connection: Connection,
    organisation_id: str,
    limit: Limit,
    since: int,
    until: int,
    period: Period,
    offset: timedelta,
) -> list[Sums]:
    dimension: dict[str, Dimension] = {"project": "project", "key": "key", "user": "user"}
    only = {dimension[limit.scope]: (limit.subject,)} if limit.scope in dimension else {}
    which = EntryFilter(organisation=organisation_id, since=since, until=until, only=only)
    by: tuple[Dimension, ...] = ("offering", "model", "purpose")
    return store.sums(connection, which, by, period, offset // timedelta(microseconds=1), latencies=False)


def _by_day(steps: dict[int, Decimal], zone: ZoneInfo) -> dict[date, Decimal]:
    days: dict[date, Decimal] = {}
    for at, amount in steps.items():
        day = from_micros(at).astimezone(zone).date()
        days[day] = days.get(day, Decimal(0)) + amount
    return days
