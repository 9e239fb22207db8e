"""Moments as this API writes them: RFC 3339, in UTC, with a fraction of the second."""

from datetime import UTC, datetime


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
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        moment = datetime.fromtimestamp(0, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
