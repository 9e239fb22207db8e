from datetime import UTC, datetime, timedelta

import click
import pytest

from counterpoint.cli.options import Duration, Moment, duration


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("30s", timedelta(seconds=30)),
        ("15m", timedelta(minutes=15)),
        ("12H", timedelta(hours=12)),
        (" 90d ", timedelta(days=90)),
        ("2w", timedelta(weeks=2)),
    ],
)
def test_durations(text: str, meant: timedelta) -> None:
    assert duration(text) == meant


@pytest.mark.parametrize("text", ["", "d", "90", "-1d", "1.5h", "90 d", "9999999d", "٣d"])
def test_no_durations(text: str) -> None:
    with pytest.raises(click.BadParameter, match="30m, 12h, 90d"):
        Duration().convert(text, None, None)


def test_a_date_is_midnight_utc() -> None:
    assert Moment().convert("2027-01-31", None, None) == datetime(2027, 1, 31, tzinfo=UTC)


def test_a_zone_is_kept() -> None:
    assert Moment().convert("2027-01-31T18:00+02:00", None, None) == datetime(2027, 1, 31, 16, tzinfo=UTC)


def test_a_duration_counts_from_now_in_either_direction() -> None:
    now = datetime.now(UTC)
    assert Moment().convert("1d", None, None) > now + timedelta(hours=23)
    assert Moment(past=True).convert("1d", None, None) < now - timedelta(hours=23)


@pytest.mark.parametrize("text", ["tomorrow", "999999w", "9999-12-31T23:59:59-23:59", "2027-02-30", ""])
def test_no_date(text: str) -> None:
    with pytest.raises(click.BadParameter, match="2027-01-31"):
        Moment().convert(text, None, None)
