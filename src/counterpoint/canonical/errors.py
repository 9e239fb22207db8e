"""Failures: what went wrong, in words that every dialect can render with its own shape and status."""

from enum import Enum
from typing import Any

import msgspec


class FailureKind(Enum):
    """The kinds of failure; `status` is the HTTP status that a dialect uses unless it has its own rule."""

    bad_request = "bad_request"
    context_exceeded = "context_exceeded"
    unsupported = "unsupported"
    authentication = "authentication"
    budget_exhausted = "budget_exhausted"
    permission = "permission"
    not_found = "not_found"
    method_not_allowed = "method_not_allowed"
    request_timeout = "request_timeout"
    too_large = "too_large"
    media_type = "media_type"
    unprocessable = "unprocessable"
    rate_limited = "rate_limited"
    internal = "internal"
    upstream_error = "upstream_error"
    unavailable = "unavailable"
    overloaded = "overloaded"
    timeout = "timeout"

    @property
    def status(self) -> int:
        """The usual HTTP status of this kind."""
        return _STATUS[self]


_STATUS = {
    FailureKind.bad_request: 400,
    FailureKind.context_exceeded: 400,
    FailureKind.unsupported: 400,
    FailureKind.authentication: 401,
    FailureKind.budget_exhausted: 402,
    FailureKind.permission: 403,
    FailureKind.not_found: 404,
    FailureKind.method_not_allowed: 405,
    FailureKind.request_timeout: 408,
    FailureKind.too_large: 413,
    FailureKind.media_type: 415,
    FailureKind.unprocessable: 422,
    FailureKind.rate_limited: 429,
    FailureKind.internal: 500,
    FailureKind.upstream_error: 502,
    FailureKind.unavailable: 503,
    FailureKind.overloaded: 529,
    FailureKind.timeout: 504,
}


class Failure(msgspec.Struct, frozen=True, omit_defaults=True):
    """One failure, complete enough to answer the caller and to decide whether to try elsewhere.

    `message`: a full sentence: what is wrong, where, what to do. `code`: a stable machine word
    (`model_not_found`). `param`: the JSON path at fault. `status`: overrides the kind's status (an upstream's
    own 4xx, say). `retry_after`: seconds. `raw`: the upstream's own error body, when there was one, so that
    a same-dialect client sees it unchanged. `from_upstream`: whose fault it is.
    """

    kind: FailureKind
    message: str
    code: str | None = None
    param: str | None = None
    status: int | None = None
    retry_after: float | None = None
    raw: Any = None
    from_upstream: bool = False

    @property
    def http_status(self) -> int:
        """The status to answer with."""
        return self.status if self.status is not None else self.kind.status


class Refused(Exception):  # noqa: N818 - it carries a Failure, it is not one
    """Raised inside decoders; whoever catches it answers `failure` in the caller's dialect."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure
