from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.control.budgets.forecasting import forecast

MONDAY = date(2026, 11, 2)
AMOUNT = Decimal(1000)


def amounts(*values: int) -> list[Decimal]:
    return [Decimal(value) for value in values]


def test_a_few_days_go_on_as_they_were() -> None:
    found = forecast(
        amounts(10, 20, 30), MONDAY, Decimal(60), AMOUNT, MONDAY + timedelta(days=10), Decimal(0)
    )
    assert found is not None
    assert (found.method, found.expected, found.days, found.runs_out) == (
        "linear",
        Decimal(260),
        3,
        None,
    )


def test_of_today_only_what_is_left_is_to_come() -> None:
    end = MONDAY + timedelta(days=1)
    found = forecast(amounts(10, 10), MONDAY, Decimal(25), AMOUNT, end, Decimal("0.75"))
    assert found is not None
    assert found.expected == Decimal("27.5")


def test_after_two_weeks_weekends_are_told_apart() -> None:
    week = amounts(100, 100, 100, 100, 100, 0, 0)
    found = forecast(week * 2, MONDAY, Decimal(0), AMOUNT, MONDAY + timedelta(days=14), Decimal(0))
    assert found is not None
    assert (found.method, found.expected) == ("weekday", Decimal(1000))
    assert found.runs_out == MONDAY + timedelta(days=11)  # the second Friday


def test_one_day_is_no_ground_for_a_forecast() -> None:
    end = MONDAY + timedelta(days=10)
    assert forecast(amounts(10), MONDAY, Decimal(10), AMOUNT, end, Decimal(0)) is None
    assert forecast([], MONDAY, Decimal(0), AMOUNT, end, Decimal(0)) is None
    assert forecast(amounts(1, 2, 3), MONDAY, Decimal(0), AMOUNT, MONDAY, Decimal(0)) is None


def test_what_is_spent_already_has_run_out_today() -> None:
    found = forecast(amounts(0, 0), MONDAY, AMOUNT, AMOUNT, MONDAY + timedelta(days=3), Decimal(0))
    assert found is not None
    assert found.runs_out == MONDAY


@given(
    history=st.lists(st.decimals(0, 1000, places=2), min_size=2, max_size=60),
    days=st.integers(1, 31),
    spent=st.decimals(0, 5000, places=2),
)
def test_a_forecast_lies_between_the_quietest_and_the_busiest_days(
    history: list[Decimal], days: int, spent: Decimal
) -> None:
    found = forecast(history, MONDAY, spent, AMOUNT, MONDAY + timedelta(days=days), Decimal(0))
    assert found is not None
    lately = history[-28:]
    slack = Decimal("0.000001")
    assert spent + min(lately) * days - slack <= found.expected <= spent + max(lately) * days + slack
    totals = [total for _, total in found.points]
    assert totals == sorted(totals)
    assert (found.runs_out is None) == (max(found.expected, spent) < AMOUNT)
