from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
import pytest

from counterpoint.control.beginning import Beginning
from counterpoint.control.budgets import spending
from counterpoint.control.budgets.service import Budgets
from counterpoint.control.budgets.values import BudgetView, NewBudget, Spending
from counterpoint.control.pricing import Pricing, Wanted
from counterpoint.limits import Per
from counterpoint.limits.periods import period_of
from counterpoint.storage.clock import from_micros, to_micros
from counterpoint.storage.database import Database
from counterpoint.storage.pricing import Rate

PARIS = ZoneInfo("Europe/Paris")


def test_money_is_counted_in_the_organisations_currency_and_side_calls_are_no_requests(
    budgets: Budgets, prices: Pricing, spend: Callable[..., None]
) -> None:
    prices.replace(Wanted(currency="EUR", rates=(Rate("USD", Decimal("0.5"), 0),)))
    money = budgets.add(NewBudget(amount=Decimal(100), per="total"))
    requests = budgets.add(NewBudget(amount=Decimal(100), measure="requests", per="total"))
    tokens = budgets.add(NewBudget(amount=Decimal(100), measure="tokens", per="total", models=("large",)))
    spend("4")
    spend("2", purpose="judge")
    spend("1", currency="JPY")
    found = {view.row.id: budgets.spending(view.row.id) for view in (money, requests, tokens)}
    taken = {key: sum(amount for _, amount in each.steps) for key, each in found.items()}
    assert taken == {money.row.id: 3, requests.row.id: 2, tokens.row.id: 3600}
    assert found[money.row.id].unpriced == 1


SpentAt = Callable[[BudgetView, int, str], Spending]


@pytest.fixture
def spent_at(database: Database, begun: Beginning) -> SpentAt:
    """Of a budget, as seen at a moment in a zone."""

    def spent(view: BudgetView, moment: int, zone: str) -> Spending:
        period = period_of(view.row.per, moment, zone)
        seen = msgspec.structs.replace(view, begins=period.begins, ends=period.ends)
        with database.read() as connection:
            return spending.of(connection, begun.organisation_id, seen, moment)

    return spent


def _at(*moment: int, zone: ZoneInfo = PARIS) -> int:
    return to_micros(datetime(*moment, tzinfo=zone))  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("zone", "now", "days"),
    [
        ("Europe/Paris", (2026, 3, 31, 12), [date(2026, 3, day) for day in range(1, 31)]),
        ("Europe/Paris", (2026, 10, 31, 12), [date(2026, 10, day) for day in range(1, 31)]),
        ("Africa/Cairo", (2026, 4, 29, 12), [date(2026, 4, day) for day in range(1, 29)]),
    ],
)
def test_a_month_in_which_clocks_change_has_all_its_days(
    budgets: Budgets,
    prices: Pricing,
    spend: Callable[..., None],
    spent_at: SpentAt,
    zone: str,
    now: Sequence[int],
    days: list[date],
) -> None:
    prices.replace(Wanted(zone=zone))
    local = ZoneInfo(zone)
    view = budgets.add(NewBudget(amount=Decimal(10_000)))
    for day in days:
        for hour in (1, 23):
            spend(f"{day.day}", at=_at(day.year, day.month, day.day, hour, 30, zone=local))
    moment = _at(*now, zone=local)
    found = spent_at(view, moment, zone)
    assert [(from_micros(at).astimezone(local).date(), amount) for at, amount in found.steps] == [
        (day, Decimal(2 * day.day)) for day in days
    ]
    assert [at for at, _ in found.steps] == [_at(day.year, day.month, day.day, zone=local) for day in days]
    assert found.forecast is not None
    assert found.forecast.days == 28


@pytest.mark.parametrize("per", ["day", "month"])
def test_the_day_on_which_clocks_change_is_one_day(
    budgets: Budgets,
    prices: Pricing,
    spend: Callable[..., None],
    spent_at: SpentAt,
    per: Per,
) -> None:
    prices.replace(Wanted(zone="Europe/Paris"))
    view = budgets.add(NewBudget(amount=Decimal(100), per=per))
    for hour in (0, 1, 3, 22):
        spend("1", at=_at(2026, 3, 29, hour, 30))
    moment = _at(2026, 3, 29, 23)
    found = spent_at(view, moment, "Europe/Paris")
    if per == "day":
        assert found.steps == tuple((_at(2026, 3, 29, hour), Decimal(1)) for hour in (0, 1, 3, 22))
    else:
        assert found.steps == ((_at(2026, 3, 29), Decimal(4)),)
