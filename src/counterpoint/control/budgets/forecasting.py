"""What will have been spent at the end of a period, from what was spent up to now; pure.

Two ways, and no more is claimed than they can bear. *Linear*: the rest of the period goes on at the rate of the last
days. *Weekday*: each day to come is as that weekday was on average lately; offices spend little on Sundays, and a
month that begins on one must not look cheap. With less than two whole days behind it there is no forecast.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

import msgspec

Method = Literal["linear", "weekday"]
LEAST_DAYS = 2
"""Whole days of history without which nothing is forecast."""
WEEKS = 2
"""Whole weeks of history from which on weekdays are told apart."""
LOOK_BACK = 28
"""Days of history that count."""
_WEEK = 7
_DAY = Decimal(1)


class Forecast(msgspec.Struct, frozen=True):
    """`expected`: in all at the end of the period. `runs_out`: the day on which the amount is used up, `None` if it
    is not. `days`: of history it rests on. `points`: expected in all at the end of each day from today on."""

    method: Method
    expected: Decimal
    runs_out: date | None
    days: int
    points: tuple[tuple[date, Decimal], ...]


def forecast(
    history: Sequence[Decimal],
    today: date,
    spent: Decimal,
    amount: Decimal,
    end: date,
    elapsed: Decimal,
) -> Forecast | None:
    """`history`: what each whole day before today took, the last one yesterday, beginning with the first day on which
    anything was known. `spent`: of the period, up to now. `end`: the first day after it. `elapsed`: the share of today
    that is over. `None`: there is too little to go by."""
    lately = list(history[-LOOK_BACK:])
    if len(lately) < LEAST_DAYS or end <= today:
        return None
    by_weekday = len(lately) >= WEEKS * _WEEK
    rates = _weekdays(lately, today) if by_weekday else [_mean(lately)] * _WEEK
    points: list[tuple[date, Decimal]] = []
    total, runs_out = spent, (today if spent >= amount else None)
    day = today
    while day < end:
        total += rates[day.weekday()] * (_DAY - elapsed if day == today else _DAY)
        points.append((day, total))
        if runs_out is None and total >= amount:
            runs_out = day
        day += timedelta(days=1)
    method: Method = "weekday" if by_weekday else "linear"
    return Forecast(method, total, runs_out, len(lately), tuple(points))


def _weekdays(lately: Sequence[Decimal], today: date) -> list[Decimal]:
    """What a Monday takes on average, a Tuesday, …"""
    gathered: list[list[Decimal]] = [[] for _ in range(_WEEK)]
    for ago, taken in enumerate(reversed(lately), start=1):
        gathered[(today - timedelta(days=ago)).weekday()].append(taken)
    return [_mean(each) for each in gathered]


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)
