"""Which price holds when."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.catalog.schedules import (
    DISCOUNT_UNKNOWN,
    filled,
    holds_at,
    price_at,
)
from counterpoint.catalog.values import PriceList, Schedule
from counterpoint.directory.values import PriceTier


def flat(rate: int, **conditions: Any) -> Schedule:
    return Schedule(tiers=(PriceTier(input=rate, output=rate),), **conditions)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def paid(prices: PriceList, when: datetime, service: str = "standard") -> int | None:
    price = price_at(prices, when, service=service)
    return price.tiers[0].input if price else None


def test_a_dated_price_holds_from_its_first_day_in_utc() -> None:
    prices = PriceList(schedules=(flat(10), flat(2, since="2025-06-10")), source="test")
    assert paid(prices, at("2025-06-09T23:59:59")) == 10
    assert paid(prices, at("2025-06-10T00:00:00")) == 2
    # 01:00 in Paris is still the day before in UTC.
    paris = timezone(timedelta(hours=2))
    assert paid(prices, datetime(2025, 6, 10, 1, tzinfo=paris)) == 10


def test_hours_of_the_day_may_pass_midnight() -> None:
    prices = PriceList(schedules=(flat(10), flat(5, hours="16:30-00:30")), source="test")
    assert paid(prices, at("2025-06-09T16:29")) == 10
    assert paid(prices, at("2025-06-09T16:30")) == 5
    assert paid(prices, at("2025-06-10T00:29")) == 5
    assert paid(prices, at("2025-06-10T00:30")) == 10


def test_several_ranges_and_weekdays() -> None:
    cheap = flat(5, hours="00:00-01:00,10:00-00:00", days="12345")
    weekend = flat(5, days="67")
    prices = PriceList(schedules=(flat(10), cheap, weekend), source="test")
    assert paid(prices, at("2026-11-20T00:30")) == 5  # a Friday
    assert paid(prices, at("2026-11-20T05:00")) == 10
    assert paid(prices, at("2026-11-20T23:59")) == 5
    assert paid(prices, at("2026-11-21T05:00")) == 5  # a Saturday


def test_without_a_schedule_that_holds_the_first_one_counts() -> None:
    prices = PriceList(schedules=(flat(1, since="2030-01-01"), flat(2, since="2031-01-01")), source="test")
    assert paid(prices, at("2026-01-01")) == 1


def test_services_are_priced_apart() -> None:
    prices = PriceList(schedules=(flat(10), flat(5, service="batch")), source="test")
    assert paid(prices, at("2026-01-01")) == 10
    assert paid(prices, at("2026-01-01"), "batch") == 5
    assert paid(prices, at("2026-01-01"), "flex") is None


def test_what_a_missing_class_means_is_the_publishers_to_say() -> None:
    prices = PriceList(schedules=(flat(10),), source="strict")
    default = price_at(prices, at("2026-01-01"))
    assert default is not None
    assert (default.tiers[0].cache_read, default.tiers[0].cache_write) == (10, None)
    told = price_at(
        prices, at("2026-01-01"), fills={"strict": {"cache_write": "input", "audio_out": "output"}}
    )
    assert told is not None
    assert (told.tiers[0].cache_read, told.tiers[0].cache_write, told.tiers[0].audio_out) == (None, 10, 10)


def test_a_price_that_is_given_is_never_filled_over() -> None:
    tier = PriceTier(above=7, input=10, cache_read=1)
    assert filled(tier, DISCOUNT_UNKNOWN) == PriceTier(above=7, input=10, cache_read=1, image_in=10)


clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))


@given(
    start=clocks,
    end=clocks,
    days=st.sets(st.sampled_from("1234567")),
    since=st.dates(),
    when=st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1)),  # noqa: DTZ001
)
def test_nothing_changes_within_a_minute(
    start: str, end: str, days: set[str], since: object, when: datetime
) -> None:
    """Who builds the directory once a minute has the right prices in it."""
    schedule = flat(1, hours=f"{start}-{end}", days="".join(sorted(days)), since=str(since))
    moment = when.replace(tzinfo=UTC, second=0, microsecond=0)
    assert holds_at(schedule, moment) == holds_at(
        schedule, moment + timedelta(seconds=59, microseconds=999_999)
    )


def test_what_is_charged_by_the_piece_is_part_of_a_price() -> None:
    counted = Schedule(images={"": 40_000}, audio_hour=360_000, characters=15_000_000)
    price = price_at(PriceList(schedules=(counted,), source="test"), at("2026-01-01"))
    assert price is not None
    assert (price.images, price.audio_hour, price.characters) == ({"": 40_000}, 360_000, 15_000_000)
