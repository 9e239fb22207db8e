"""Which price holds when: dated and time-of-day price lists, resolved to the one `Price` that workers charge.

Workers do no date arithmetic: whoever builds the directory resolves prices for now, and builds it again now and
then. Schedules begin and end on whole minutes, so once a minute is exact.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time

import msgspec

from counterpoint.catalog.prices import TOKEN_CLASSES
from counterpoint.catalog.values import PriceList, Schedule
from counterpoint.directory.values import Price, PriceTier

DISCOUNT_UNKNOWN: Mapping[str, str] = {"cache_read": "input", "image_in": "input", "image_out": "output"}
"""The rule for a price list that says nothing of its own. A cached token for which no discount is published is
billed as input; so are image tokens, which providers without an image price count as text. Writing to a cache and
audio cost more than text where they are billed, so they stay unknown."""

NO_FILLS: Mapping[str, Mapping[str, str]] = {}


def price_at(
    prices: PriceList,
    when: datetime,
    *,
    service: str = "standard",
    fills: Mapping[str, Mapping[str, str]] = NO_FILLS,
) -> Price | None:
    """The price at `when` (aware), or `None` if the list has none for that service then.

    The last schedule whose conditions hold counts; if none holds, the first one does. `fills`: by the name of a
    source, what its publisher means by a class that it does not list; `DISCOUNT_UNKNOWN` for the other sources.
    """
    of_service = [schedule for schedule in prices.schedules if schedule.service == service]
    if not of_service:
        return None
    holding = [schedule for schedule in of_service if holds_at(schedule, when)]
    chosen = holding[-1] if holding else of_service[0]
    rule = fills.get(chosen.source or prices.source) or DISCOUNT_UNKNOWN
    return Price(
        tiers=tuple(filled(tier, rule) for tier in chosen.tiers),
        currency=chosen.currency,
        request=chosen.request,
        web_search=chosen.web_search,
        images=chosen.images,
        audio_hour=chosen.audio_hour,
        characters=chosen.characters,
    )


def holds_at(schedule: Schedule, when: datetime) -> bool:
    """Whether a schedule's date has come and its days and hours include `when`."""
    moment = when.astimezone(UTC)
    if schedule.since and moment.date().isoformat() < schedule.since:
        return False
    if schedule.days and str(moment.isoweekday()) not in schedule.days:
        return False
    now = moment.time()
    spans = _spans(schedule)
    return not spans or any(
        start <= now < end if start < end else now >= start or now < end for start, end in spans
    )


def filled(tier: PriceTier, fills: Mapping[str, str]) -> PriceTier:
    """`tier` with the classes that it does not price set to the price of the class they are billed as."""
    found = {name: getattr(tier, name) for name in TOKEN_CLASSES}
    for name, billed_as in fills.items():
        if found[name] is None:
            found[name] = found[billed_as]
    return msgspec.structs.replace(tier, **found)


def _spans(schedule: Schedule) -> list[tuple[time, time]]:
    spans = []
    for text in filter(None, schedule.hours.split(",")):
        start, _, end = text.partition("-")
        spans.append((time.fromisoformat(start), time.fromisoformat(end)))
    return spans
