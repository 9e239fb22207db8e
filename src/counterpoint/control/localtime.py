"""Days by the clocks of a place, which are put forward and back: from one change to the next they are one offset from
UTC, and the day of a change belongs to two such stretches."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from counterpoint.storage.clock import from_micros, to_micros
from counterpoint.storage.usage import Period

_STEP = 86_400 * 1_000_000


def zone_of(name: str) -> ZoneInfo | None:
    """Of the IANA database; `None` where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return None


def stretches(since: int, until: int, zone: tzinfo) -> Iterator[tuple[int, int, timedelta]]:
    """From one change of the zone's clocks to the next: when each stretch begins and ends, and how far the clocks are
    ahead of UTC in it."""
    begins, at, ahead = since, since, _ahead(since, zone)
    while at < until:
        after = min(at + _STEP, until)
        if _ahead(after, zone) == ahead:
            at = after
            continue
        while after - at > 1:
            middle = (at + after) // 2
            at, after = (middle, after) if _ahead(middle, zone) == ahead else (at, middle)
        yield begins, after, ahead
        begins, at, ahead = after, after, _ahead(after, zone)
    if begins < until:
        yield begins, until, ahead


def step_of(at: int, period: Period, offset: timedelta, zone: tzinfo) -> int:
    """When the step begins by the clocks of its own time: a day on which they change has two stretches."""
    return at if period == "hour" else midnight_of((from_micros(at) + offset).date(), zone)


def midnight_of(day: date, zone: tzinfo) -> int:
    """When that day begins there."""
    return to_micros(datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC))


def _ahead(at: int, zone: tzinfo) -> timedelta:
    return from_micros(at).astimezone(zone).utcoffset() or timedelta()
