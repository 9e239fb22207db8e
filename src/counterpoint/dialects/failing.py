"""What a status says of a failure, and how long to wait: the same in every dialect."""

import math
from collections.abc import Mapping
from typing import Any

from counterpoint.canonical import FailureKind
from counterpoint.dialects.jsonio import parse

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
    """Seconds to wait before another try, where an upstream says so."""
    try:
        seconds = float(headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds < math.inf else None
