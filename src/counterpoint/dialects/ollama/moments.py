"""Moments as this API writes them: RFC 3339, in UTC, with a fraction of the second."""

from datetime import UTC, datetime
from functools import lru_cache


def seconds_of(moment: str | None) -> int | None:
    """Whole seconds since the epoch; `None` where there is no moment."""
    if moment is None:
        return None
    try:
        parsed = datetime.fromisoformat(moment)
        return int((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None


def moment_of(seconds: float) -> str:
    """The moment, as text."""
    whole = int(seconds) if 0 <= seconds < _LATEST else 0
    return f"{_to_the_second(whole)}.{int((seconds - whole) * 1e6) if whole else 0:06d}Z"


_LATEST = 253_402_300_800  # the year 10000


@lru_cache(maxsize=16)
def _to_the_second(seconds: int) -> str:
    """A stream says many moments of one second."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
