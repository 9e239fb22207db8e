"""What a status says of a failure, and how long to wait: the same in every dialect."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from counterpoint.canonical import FailureKind
from counterpoint.dialects.jsonio import parse

_LONGEST = 86_400.0

_KINDS = {
    kind.status: kind
    for kind in (
        FailureKind.authentication,
        FailureKind.budget_exhausted,
        FailureKind.permission,
        FailureKind.not_found,
        FailureKind.method_not_allowed,
        FailureKind.request_timeout,
        FailureKind.too_large,
        FailureKind.media_type,
        FailureKind.unprocessable,
        FailureKind.rate_limited,
        FailureKind.unavailable,
        FailureKind.timeout,
        FailureKind.overloaded,
    )
}


def kind_of_status(status: int | None) -> FailureKind:
    """The kind of failure that an upstream's status stands for; `None`: it came amid an answer."""
    if status is None or status >= 500:
        return _KINDS.get(status or 0, FailureKind.upstream_error)
    return _KINDS.get(status, FailureKind.bad_request)


def said_in(body: bytes) -> Any:
    """The JSON of an upstream's error; `None`: it is none."""
    try:
        return parse(body)
    except ValueError:
        return None


def wait_in(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait before another try, where an upstream says so: in milliseconds (`retry-after-ms`, as some hosts
    say it besides), in seconds, or as a moment (RFC 9110, 10.2.3), which is told by the host's own clock."""
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) / unit
        except ValueError:
            continue
        if 0 <= seconds < _LONGEST:
            return seconds
    moment, now = _moment(headers.get("retry-after", "")), _moment(headers.get("date", ""))
    if moment is None or now is None:
        return None
    seconds = (moment - now).total_seconds()
    return max(0.0, seconds) if seconds < _LONGEST else None


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, IndexError):
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
