from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.api.shapes.common import instant, moment


def test_an_absent_time_stays_absent() -> None:
    assert moment(None) is None
    assert moment(0) == datetime(1970, 1, 1, tzinfo=UTC)


@given(st.integers(0, 4_102_444_800_000_000))
def test_no_microsecond_is_lost(micros: int) -> None:
    found = instant(micros)
    assert round((found - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000) == micros
