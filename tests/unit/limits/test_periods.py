"""When periods begin: days are those of the organisation's zone, whatever its clocks do."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.limits.periods import MICROS, WINDOWS, Period, counted_from, freed_at, period_of, slot_of

ZONES = st.sampled_from(["UTC", "Europe/Paris", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"])
MOMENTS = st.integers(1_600_000_000, 1_900_000_000).map(lambda seconds: seconds * MICROS)


@given(MOMENTS, ZONES, st.sampled_from(["day", "week", "month"]))
def test_periods_begin_at_midnight_there_and_follow_one_another(now: int, zone: str, per: str) -> None:
    period = period_of(per, now, zone)  # type: ignore[arg-type]
    assert period.ends is not None
    assert period.begins <= now < period.ends
    local = datetime.fromtimestamp(period.begins / MICROS, UTC).astimezone(ZoneInfo(zone))
    assert (local.hour, local.minute, local.second) == (0, 0, 0)
    assert period_of(per, period.ends, zone).begins == period.ends  # type: ignore[arg-type]
    assert period_of(per, period.ends - 1, zone) == period  # type: ignore[arg-type]


@given(MOMENTS, ZONES, ZONES, st.sampled_from(["day", "week", "month"]))
def test_a_period_is_known_by_its_first_date_whatever_the_zone(
    now: int, zone: str, other: str, per: str
) -> None:
    here, there = (period_of(per, now, each) for each in (zone, other))  # type: ignore[arg-type]
    dates = [
        datetime.fromtimestamp(period.begins / MICROS, UTC).astimezone(ZoneInfo(each)).date()
        for period, each in ((here, zone), (there, other))
    ]
    assert (here.key == there.key) == (dates[0] == dates[1])
    assert (here.key < there.key) == (dates[0] < dates[1])


def test_a_day_on_which_clocks_change_is_shorter_or_longer() -> None:
    noon = int(datetime(2026, 3, 29, 12, tzinfo=UTC).timestamp()) * MICROS
    period = period_of("day", noon, "Europe/Paris")
    assert period.ends is not None
    assert period.ends - period.begins == 23 * 3600 * MICROS
    assert period_of("total", noon, "Europe/Paris") == Period(0, 0, None)


@given(st.integers(0, 10**15), st.integers(0, 60 * MICROS))
def test_a_slot_counts_until_everything_in_it_is_older_than_the_window(used: int, later: int) -> None:
    slot = slot_of("minute", used)
    counts = slot >= counted_from("minute", used + later)
    assert counts or later > WINDOWS["minute"] - 1
    assert counts == (used + later < freed_at("minute", slot))
