"""Errors: `{"error": {"code", "message", "status", "details"}}` (https://cloud.google.com/apis/design/errors).

Alone in a list where the answer would have been a list of chunks.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

from counterpoint.canonical import Failure, FailureKind
from counterpoint.dialects.base import ErrorReply
from counterpoint.dialects.failing import kind_of_status, said_in, wait_in
from counterpoint.dialects.jsonio import encode, parse
from counterpoint.i18n import say
from counterpoint.wire.sse import sse_frame

_KINDS = {
    "INVALID_ARGUMENT": FailureKind.bad_request,
    "FAILED_PRECONDITION": FailureKind.bad_request,
    "OUT_OF_RANGE": FailureKind.bad_request,
    "UNAUTHENTICATED": FailureKind.authentication,
    "PERMISSION_DENIED": FailureKind.permission,
    "NOT_FOUND": FailureKind.not_found,
    "RESOURCE_EXHAUSTED": FailureKind.rate_limited,
    "CANCELLED": FailureKind.request_timeout,
    "INTERNAL": FailureKind.upstream_error,
    "UNKNOWN": FailureKind.upstream_error,
    "UNAVAILABLE": FailureKind.unavailable,
    "DEADLINE_EXCEEDED": FailureKind.timeout,
    "UNIMPLEMENTED": FailureKind.unsupported,
}

_WORDS = {
    FailureKind.authentication: "UNAUTHENTICATED",
    FailureKind.budget_exhausted: "RESOURCE_EXHAUSTED",
    FailureKind.permission: "PERMISSION_DENIED",
    FailureKind.not_found: "NOT_FOUND",
    FailureKind.request_timeout: "DEADLINE_EXCEEDED",
    FailureKind.rate_limited: "RESOURCE_EXHAUSTED",
    FailureKind.internal: "INTERNAL",
    FailureKind.upstream_error: "INTERNAL",
    FailureKind.unavailable: "UNAVAILABLE",
    FailureKind.overloaded: "UNAVAILABLE",
    FailureKind.timeout: "DEADLINE_EXCEEDED",
    FailureKind.unsupported: "UNIMPLEMENTED",
}
"""Kinds that are not here are the caller's mistakes."""

_TOO_LONG = ("exceeds the maximum number of tokens", "input token count")
_WAIT = re.compile(r"(\d+(?:\.\d+)?)s")


def decode_error(status: int, headers: Mapping[str, str], body: bytes) -> Failure:
    """What an upstream answered with `status`. Header names are lower case. Never raises."""
    return failure_of(said_in(body), status, wait_in(headers))


def failure_of(value: Any, status: int | None, retry_after: float | None = None) -> Failure:
    """The failure that an error object reports, or that `status` alone does if `value` is none."""
    if type(value) is list and len(value) == 1:
        value = value[0]
    error = value.get("error") if type(value) is dict else None
    error = error if type(error) is dict else {}
    word, message = error.get("status"), error.get("message")
    if type(message) is not str or not message:
        message = say("dialects.upstream.failed", lang="en", status=status or error.get("code") or "200")
    kind = _kind(word if type(word) is str else "", status, error.get("code"))
    if kind is FailureKind.bad_request and any(words in message for words in _TOO_LONG):
        kind = FailureKind.context_exceeded
    if kind is FailureKind.bad_request and "API key not valid" in message:
        kind = FailureKind.authentication
    return Failure(
        kind,
        message,
        status=status,
        retry_after=retry_after if retry_after is not None else _delay(error.get("details")),
        raw=value if type(value) is dict else None,
        from_upstream=True,
    )


def failure_in(body: bytes) -> Failure | None:
    """The failure in a plain body that came instead of a stream, if it tells one."""
    try:
        value = parse(body)
    except ValueError:
        return None
    inner = value[0] if type(value) is list and len(value) == 1 else value
    return failure_of(inner, None) if type(inner) is dict and "error" in inner else None


def _kind(word: str, status: int | None, code: Any) -> FailureKind:
    if word in _KINDS:
        return _KINDS[word]
    return kind_of_status(status if status is not None else code if type(code) is int else None)


def _delay(details: Any) -> float | None:
    """Seconds to wait, of a `RetryInfo`."""
    for item in details if type(details) is list else ():
        delay = item.get("retryDelay") if type(item) is dict else None
        found = _WAIT.fullmatch(delay) if type(delay) is str else None
        if found:
            return float(found[1])
    return None


def encode_error(failure: Failure, request_id: str) -> ErrorReply:
    """The answer to a call that failed. An upstream's error in this dialect is passed on as it was."""
    headers = []
    if failure.retry_after is not None:
        headers.append(("retry-after", str(math.ceil(failure.retry_after))))
    return ErrorReply(failure.http_status, encode_body(failure, request_id), headers)


def encode_stream_error(failure: Failure, request_id: str) -> bytes:
    """The event that ends a stream which has already begun."""
    return sse_frame(encode_body(failure, request_id))


def encode_body(failure: Failure, request_id: str) -> bytes:
    """The error as JSON."""
    return encode(_body(failure, request_id))


def _body(failure: Failure, request_id: str) -> dict[str, Any]:
    if is_ours(failure.raw):
        return dict(failure.raw)
    error: dict[str, Any] = {
        "code": failure.http_status,
        "message": failure.message,
        "status": _WORDS.get(failure.kind, "INVALID_ARGUMENT"),
    }
    details: list[dict[str, Any]] = []
    if failure.code is not None:
        details.append(
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": failure.code.upper(),
                "domain": "counterpoint",
                "metadata": {"param": failure.param} if failure.param else {},
            }
        )
    if request_id:
        details.append({"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": request_id})
    return {"error": {**error, "details": details} if details else error}


def is_ours(raw: Any) -> bool:
    """Whether an upstream's error body is one of this dialect."""
    error = raw.get("error") if type(raw) is dict else None
    return type(error) is dict and type(error.get("code")) is int and type(error.get("status")) is str
