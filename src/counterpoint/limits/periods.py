"""The periods for which limits count: calendar ones in the organisation's zone, and sliding ones in slots."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from counterpoint.limits.values import Per

MICROS = 1_000_000
SLOTS = 600
"""A sliding window is counted in so many pieces."""
WINDOWS = {"minute": 60 * MICROS, "hour": 3600 * MICROS}


def period_of(per: Per, now: int, zone: str) -> tuple[int, int | None]:
    """When the calendar period around `now` begins and ends, in microseconds since the epoch. `total` has neither."""
    if per == "total":
        return 0, None
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
    begins, ends = (
        int(datetime.combine(each, time(), local).timestamp()) * MICROS for each in (first, after)
    )
    return begins, ends


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
