"""Errors: `{"type": "error", "error": {"type", "message"}, "request_id"}`, whole or as a stream's last event.

Types and statuses as the maker's page "Errors" lists them.
"""

import math
from collections.abc import Mapping
from typing import Any

from counterpoint.canonical import Failure, FailureKind
from counterpoint.dialects.base import ErrorReply
from counterpoint.dialects.failing import wait_in
from counterpoint.dialects.jsonio import encode, parse
from counterpoint.i18n import say
from counterpoint.wire.sse import sse_frame

_KINDS = {
    "invalid_request_error": FailureKind.bad_request,
    "authentication_error": FailureKind.authentication,
    "billing_error": FailureKind.budget_exhausted,
    "permission_error": FailureKind.permission,
    "not_found_error": FailureKind.not_found,
    "request_too_large": FailureKind.too_large,
    "rate_limit_error": FailureKind.rate_limited,
    "api_error": FailureKind.upstream_error,
    "timeout_error": FailureKind.timeout,
    "overloaded_error": FailureKind.overloaded,
}

_BY_STATUS = {
    401: FailureKind.authentication,
    402: FailureKind.budget_exhausted,
    403: FailureKind.permission,
    404: FailureKind.not_found,
    405: FailureKind.method_not_allowed,
    408: FailureKind.request_timeout,
    413: FailureKind.too_large,
    415: FailureKind.media_type,
    422: FailureKind.unprocessable,
    429: FailureKind.rate_limited,
    503: FailureKind.unavailable,
    504: FailureKind.timeout,
    529: FailureKind.overloaded,
}

_TYPES = {
    FailureKind.authentication: "authentication_error",
    FailureKind.budget_exhausted: "billing_error",
    FailureKind.permission: "permission_error",
    FailureKind.not_found: "not_found_error",
    FailureKind.request_timeout: "timeout_error",
    FailureKind.too_large: "request_too_large",
    FailureKind.rate_limited: "rate_limit_error",
    FailureKind.internal: "api_error",
    FailureKind.upstream_error: "api_error",
    FailureKind.unavailable: "api_error",
    FailureKind.overloaded: "overloaded_error",
    FailureKind.timeout: "timeout_error",
}
"""Kinds that are not here are the caller's mistakes."""

_TOO_LONG = ("prompt is too long", "exceed context limit", "context window", "input length and `max_tokens`")
"""How the API words that a conversation does not fit; it has no type of its own for it."""


def decode_error(status: int, headers: Mapping[str, str], body: bytes) -> Failure:
    """What an upstream answered with `status`. Header names are lower case. Never raises."""
    try:
        value = parse(body)
    except ValueError:
        value = None
    return failure_of(value, status, wait_in(headers))


def failure_of(value: Any, status: int | None, retry_after: float | None = None) -> Failure:
    """The failure that an error object reports, or that `status` alone does if `value` is none."""
    error = value.get("error") if isinstance(value, dict) else None
    error = error if isinstance(error, dict) else {}
    word, message, details = error.get("type"), error.get("message"), error.get("details")
    code = details.get("error_code") if isinstance(details, dict) else None
    if not isinstance(message, str) or not message:
        message = say("dialects.upstream.failed", lang="en", status=status or "200")
    kind = _kind(word if isinstance(word, str) else "", status)
    if kind is FailureKind.bad_request and any(words in message for words in _TOO_LONG):
        kind = FailureKind.context_exceeded
    return Failure(
        kind,
        message,
        code=code if isinstance(code, str) else None,
        status=status,
        retry_after=retry_after,
        raw=value if isinstance(value, dict) else None,
        from_upstream=True,
    )


def failure_in(body: bytes) -> Failure | None:
    """The failure in a plain body that came instead of a stream, if it tells one."""
    try:
        value = parse(body)
    except ValueError:
        return None
    return failure_of(value, None) if type(value) is dict and "error" in value else None


def _kind(word: str, status: int | None) -> FailureKind:
    if word in _KINDS:
        return _KINDS[word]
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return (
        FailureKind.bad_request if status is not None and 400 <= status < 500 else FailureKind.upstream_error
    )


def encode_error(failure: Failure, request_id: str) -> ErrorReply:
    """The answer to a call that failed. An upstream's error in this dialect is passed on as it was."""
    headers = []
    if failure.retry_after is not None:
        headers.append(("retry-after", str(math.ceil(failure.retry_after))))
    return ErrorReply(failure.http_status, encode(_body(failure, request_id)), headers)


def encode_stream_error(failure: Failure, request_id: str) -> bytes:
    """The event that ends a stream which has already begun."""
    return sse_frame(encode(_body(failure, request_id)), "error")


def _body(failure: Failure, request_id: str) -> dict[str, Any]:
    if is_ours(failure.raw):
        return dict(failure.raw)
    error: dict[str, Any] = {
        "type": _TYPES.get(failure.kind, "invalid_request_error"),
        "message": failure.message,
    }
    if failure.code is not None:
        error["details"] = {"error_code": failure.code}
    body = {"type": "error", "error": error}
    return {**body, "request_id": request_id} if request_id else body


def is_ours(raw: Any) -> bool:
    """Whether an upstream's error body is one of this dialect."""
    if not isinstance(raw, dict) or raw.get("type") != "error":
        return False
    error = raw.get("error")
    return isinstance(error, dict) and isinstance(error.get("type"), str)
