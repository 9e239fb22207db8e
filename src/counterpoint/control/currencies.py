"""What an amount is in the organisation's currency. Rates are dated: an amount is converted at the rate of its time,
and one without a known rate stays unknown, which is not zero."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import msgspec

from counterpoint.storage.pricing import Rate

ONE = Decimal(1)


class Stretch(msgspec.Struct, frozen=True):
    """From `since` (included) to `until` (not) the same rates hold; `None`: no end on that side."""

    since: int | None
    until: int | None
    rates: Mapping[str, Decimal]


def rates_at(currency: str, rates: Iterable[Rate], moment: int) -> dict[str, Decimal]:
    """How much of `currency` a unit of each other is at `moment`; its own is one. Of several of the same moment, the
    last counts."""
    found: dict[str, tuple[int, Decimal]] = {}
    for rate in rates:
        known = found.get(rate.currency)
        if rate.since <= moment and (known is None or rate.since >= known[0]):
            found[rate.currency] = rate.since, rate.rate
    return {name: rate for name, (_, rate) in found.items()} | {currency: ONE}


def stretches(currency: str, rates: Sequence[Rate], since: int | None, until: int | None) -> list[Stretch]:
    """A range, cut where rates change. What is before the first rate has none."""
    changes = sorted({rate.since for rate in rates})
    cuts = [cut for cut in changes if (since is None or cut > since) and (until is None or cut < until)]
    begins = [since, *cuts]
    ends = [*cuts, until]
    return [
        Stretch(begin, end, rates_at(currency, rates, _within(begin, end)))
        for begin, end in zip(begins, ends, strict=True)
    ]


def _within(begin: int | None, end: int | None) -> int:
    """A moment of that stretch."""
    if begin is not None:
        return begin
    return -1 if end is None else end - 1


def converted(amounts: Mapping[str, Decimal], rates: Mapping[str, Decimal]) -> Decimal | None:
    """The sum in the organisation's currency; `None` if one of them has no known rate."""
    total = Decimal(0)
    for currency, amount in amounts.items():
        rate = rates.get(currency)
        if rate is None:
            if amount:
                return None
            continue
        total += amount * rate
    return total
