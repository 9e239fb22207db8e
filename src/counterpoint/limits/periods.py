"""The periods for which limits count: calendar ones in the organisation's zone, and sliding ones in slots."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import msgspec

from counterpoint.limits.values import Per

MICROS = 1_000_000
SLOTS = 600
"""A sliding window is counted in so many pieces."""
WINDOWS = {"minute": 60 * MICROS, "hour": 3600 * MICROS}


class Period(msgspec.Struct, frozen=True):
    """`begins`, `ends`: in microseconds since the epoch; of `total`, 0 and `None`. `key`: under this is kept what was
    spent and leased in it: its first date, as if that began in UTC. So March is March when the zone changes, and
    nothing that was spent in it is forgotten."""

    key: int
    begins: int
    ends: int | None


def period_of(per: Per, now: int, zone: str) -> Period:
    """The calendar period around `now`."""
    if per == "total":
        return Period(0, 0, None)
    local = ZoneInfo(zone)
    day = datetime.fromtimestamp(now // MICROS, UTC).astimezone(local).date()
    match per:
        case "week":
            first = day - timedelta(days=day.weekday())
            after = first + timedelta(days=7)
        case "month":
            first = day.replace(day=1)
            after = (first + timedelta(days=32)).replace(day=1)
        case _:
            first, after = day, day + timedelta(days=1)
    return Period(_midnight(first, UTC), _midnight(first, local), _midnight(after, local))


def _midnight(day: date, zone: tzinfo) -> int:
    return int(datetime.combine(day, time(), zone).timestamp()) * MICROS


def slot_of(per: Per, now: int) -> int:
    """When the slot around `now` begins."""
    width = WINDOWS[per] // SLOTS
    return now // width * width


def counted_from(per: Per, now: int) -> int:
    """The first slot that still counts: any of it may lie in the window that ends now."""
    width = WINDOWS[per] // SLOTS
    return (now - WINDOWS[per]) // width * width


def freed_at(per: Per, slot: int) -> int:
    """When a slot counts no more."""
    width = WINDOWS[per] // SLOTS
    return slot + width + WINDOWS[per]
