from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.storage.clock import from_micros, now_micros, to_micros


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)))  # noqa: DTZ001 - naive by demand
def test_no_microsecond_is_lost(naive: datetime) -> None:
    moment = naive.replace(tzinfo=UTC)
    assert from_micros(to_micros(moment)) == moment


def test_zones_are_the_same_moment() -> None:
    paris = timezone(timedelta(hours=2))
    assert to_micros(datetime(2026, 7, 1, 2, tzinfo=paris)) == to_micros(datetime(2026, 7, 1, tzinfo=UTC))


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        to_micros(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


def test_now_is_now() -> None:
    assert abs(now_micros() - to_micros(datetime.now(UTC))) < 60_000_000
