from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.control.localtime import midnight_of, step_of, stretches, zone_of
from counterpoint.storage.clock import to_micros

ZONES = st.sampled_from(["UTC", "Europe/Paris", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Kathmandu"])


@given(since=st.integers(1_600_000_000, 1_900_000_000), days=st.floats(0, 400), zone=ZONES)
def test_stretches_follow_one_another_and_have_one_offset(since: int, days: float, zone: str) -> None:
    begin, end = since * 1_000_000, int((since + days * 86_400) * 1_000_000)
    local = ZoneInfo(zone)
    found = list(stretches(begin, end, local))
    assert [each[0] for each in found] + [end] == [begin] + [each[1] for each in found]
    for low, high, offset in found:
        for at in (low, (low + high) // 2, high - 1):
            assert datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(local).utcoffset() == offset
    assert len(found) <= 2 + 2 * days / 365 + 1
    assert not any(one[2] == after[2] for one, after in pairwise(found))
    assert all(each[2] >= timedelta() for each in found)


def test_both_stretches_of_the_day_of_a_change_are_steps_of_that_day() -> None:
    paris = ZoneInfo("Europe/Paris")
    midnight = midnight_of(date(2026, 3, 29), paris)
    assert midnight == to_micros(datetime(2026, 3, 28, 23, tzinfo=UTC))
    summer = to_micros(datetime(2026, 3, 28, 22, tzinfo=UTC))  # its midnight by the clocks of the afternoon
    assert step_of(midnight, "day", timedelta(hours=1), paris) == midnight
    assert step_of(summer, "day", timedelta(hours=2), paris) == midnight
    assert step_of(summer, "hour", timedelta(hours=2), paris) == summer


def test_zones_that_nobody_knows() -> None:
    assert zone_of("Europe/Paris") == ZoneInfo("Europe/Paris")
    assert [zone_of(name) for name in ("", "Etc/Unknown", "../etc/passwd", "Europe", "\0")] == [None] * 5
