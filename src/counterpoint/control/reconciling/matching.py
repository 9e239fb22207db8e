"""Which lines of a vendor's file and of our ledger belong together, how they differ and why that may be; pure.

Lines belong together by day, model and class of tokens. What the vendor does not tell apart is put together on our
side as well, so that a difference is one of amounts and never one of words.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

import msgspec

COST = "cost"
"""The class of a line that is about money alone."""
Cause = Literal["", "outside", "unreported", "price", "missing", "unbilled", "day", "currency"]
"""Empty: within the tolerance. `outside`: calls that did not pass through us. `unreported`: the host gave us no usage
for some calls. `price`: as much was used, at another price. `missing`: their file has nothing of it. `unbilled`: they
count less than the host reported to us. `day`: the neighbouring day has what this one lacks. `currency`: they cannot
be compared."""


class Line(msgspec.Struct, frozen=True):
    """So much of one class of one model in a day. `quantity`, `cost`: `None`: it does not say."""

    day: date
    model: str
    name: str
    quantity: Decimal | None = None
    cost: Decimal | None = None
    currency: str = ""
    unreported: int = 0


class Side(msgspec.Struct, frozen=True):
    """What one of the two says in all."""

    quantity: Decimal | None = None
    cost: Decimal | None = None
    currency: str = ""
    unreported: int = 0


class Difference(msgspec.Struct, frozen=True):
    """`theirs`, `ours`: `None` where there is no line. Deltas are theirs less ours."""

    day: date
    model: str
    name: str
    theirs: Side | None
    ours: Side | None
    quantity: Decimal | None
    cost: Decimal | None
    cause: Cause


class Tolerance(msgspec.Struct, frozen=True):
    """What is no difference: a share of the larger of two amounts, or less than so much of them."""

    share: Decimal = Decimal("0.005")
    quantity: Decimal = Decimal(1)
    cost: Decimal = Decimal("0.01")

    def holds(self, theirs: Decimal, ours: Decimal, least: Decimal) -> bool:
        """Whether these two are the same."""
        return abs(theirs - ours) <= max(least, self.share * max(abs(theirs), abs(ours)))


_Key = tuple[date, str, str]


def compare(
    theirs: Iterable[Line],
    ours: Iterable[Line],
    tolerance: Tolerance,
    same: Callable[[str], str] = str.lower,
    merged: Mapping[str, str] | None = None,
) -> list[Difference]:
    """By day, model and class. `same`: gives one text for all names of a model. `merged`: classes that the vendor
    counts as another."""
    left, names = _gathered(theirs, same, {})
    right, others = _gathered(ours, same, merged or {})
    names = others | names
    found = [
        _difference(key, names[key[1]], left.get(key), right.get(key), tolerance)
        for key in sorted(left.keys() | right.keys())
    ]
    return _days(found, tolerance)


def agrees(differences: Sequence[Difference]) -> bool:
    """Whether there is none."""
    return all(not each.cause for each in differences)


def _gathered(
    lines: Iterable[Line], same: Callable[[str], str], merged: Mapping[str, str]
) -> tuple[dict[_Key, Side], dict[str, str]]:
    sides: dict[_Key, Side] = {}
    names: dict[str, str] = {}
    for line in lines:
        model = same(line.model)
        names.setdefault(model, line.model)
        key = (line.day, model, merged.get(line.name, line.name))
        before = sides.get(key, Side())
        sides[key] = Side(
            _added(before.quantity, line.quantity),
            _added(before.cost, line.cost),
            _currency(before.currency, line.currency),
            before.unreported + line.unreported,
        )
    return sides, names


def _added(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    if one is None or other is None:
        return one if other is None else other
    return one + other


def _currency(one: str, other: str) -> str:
    return one or other if one == other or not (one and other) else "*"


def _difference(
    key: _Key, model: str, theirs: Side | None, ours: Side | None, tolerance: Tolerance
) -> Difference:
    quantity = _delta(theirs, ours, lambda side: side.quantity)
    cost = _delta(theirs, ours, lambda side: side.cost)
    cause = _cause(theirs, ours, tolerance)
    return Difference(key[0], model, key[2], theirs, ours, quantity, cost, cause)


def _delta(
    theirs: Side | None, ours: Side | None, amount: Callable[[Side], Decimal | None]
) -> Decimal | None:
    """`None` where one of them is there and does not say."""
    found = [Decimal(0) if side is None else amount(side) for side in (theirs, ours)]
    left, right = found
    return None if left is None or right is None else left - right


def _cause(theirs: Side | None, ours: Side | None, tolerance: Tolerance) -> Cause:
    if theirs is None or ours is None:
        one = theirs or ours or Side()
        if _nothing(one, tolerance):
            return ""
        return "outside" if ours is None else "missing"
    if theirs.currency and ours.currency and theirs.currency != ours.currency and theirs.cost is not None:
        return "currency"
    if theirs.quantity is not None and ours.quantity is not None:
        if not tolerance.holds(theirs.quantity, ours.quantity, tolerance.quantity):
            return _more(theirs.quantity, ours.quantity, ours)
        if _costs_differ(theirs, ours, tolerance):
            return "price"
        return ""
    if _costs_differ(theirs, ours, tolerance):
        return _more(theirs.cost or Decimal(0), ours.cost or Decimal(0), ours)
    return ""


def _more(theirs: Decimal, ours: Decimal, side: Side) -> Cause:
    if theirs < ours:
        return "unbilled"
    return "unreported" if side.unreported else "outside"


def _costs_differ(theirs: Side, ours: Side, tolerance: Tolerance) -> bool:
    if theirs.cost is None or ours.cost is None:
        return False
    return not tolerance.holds(theirs.cost, ours.cost, tolerance.cost)


def _nothing(side: Side, tolerance: Tolerance) -> bool:
    return (
        abs(side.quantity or Decimal(0)) <= tolerance.quantity
        and abs(side.cost or Decimal(0)) <= tolerance.cost
    )


def _days(found: Sequence[Difference], tolerance: Tolerance) -> list[Difference]:
    """What one day has too much and the next too little, in equal parts, is of calls around midnight."""
    by_key = {(each.day, each.model, each.name): each for each in found}
    named = []
    for each in found:
        beside = (by_key.get((each.day + timedelta(days=step), each.model, each.name)) for step in (-1, 1))
        shifted = any(_cancel(each, other, tolerance) for other in beside if other is not None)
        named.append(msgspec.structs.replace(each, cause="day") if each.cause and shifted else each)
    return named


def _cancel(one: Difference, other: Difference, tolerance: Tolerance) -> bool:
    if (
        not other.cause
        or one.theirs is None
        or other.theirs is None
        or one.ours is None
        or other.ours is None
    ):
        return False
    if one.quantity is not None and other.quantity is not None and one.quantity:
        return abs(one.quantity + other.quantity) <= tolerance.quantity
    if one.cost is not None and other.cost is not None and one.cost:
        return abs(one.cost + other.cost) <= tolerance.cost
    return False
