"""After which failures another offering may well succeed."""

from counterpoint.canonical import Failure, FailureKind
from counterpoint.gateway.lossrules import REFUSED

_ELSEWHERE = frozenset({401, 403, 404, 408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
"""Upstream statuses after which it may."""


def worth_another(failure: Failure, status: int | None) -> bool:
    """`status`: of the host's answer, if there was one."""
    if status is not None:
        return status in _ELSEWHERE
    unable = failure.kind in (FailureKind.unavailable, FailureKind.overloaded)
    return unable or failure.from_upstream or failure.code == REFUSED
