"""Errors: `{"error": "..."}` with a status, or as a line of a stream (https://docs.ollama.com/api/errors)."""

import math
from collections.abc import Mapping
from typing import Any

from counterpoint.canonical import Failure, FailureKind
from counterpoint.dialects.base import ErrorReply
from counterpoint.dialects.failing import kind_of_status, wait_in
from counterpoint.dialects.jsonio import encode, parse
from counterpoint.i18n import say
from counterpoint.wire.ndjson import ndjson_line

_TOO_LONG = ("context length", "context window", "prompt too long")


def decode_error(status: int, headers: Mapping[str, str], body: bytes) -> Failure:
    """What an upstream answered with `status`. Header names are lower case. Never raises."""
    return failure_of(_json(body), status, wait_in(headers))


def _json(body: bytes) -> Any:
    """`None` for what is none: a proxy's page, say."""
    try:
        return parse(body)
    except ValueError:
        return None


def failure_of(value: Any, status: int | None, retry_after: float | None = None) -> Failure:
    """The failure that an error object reports, or that `status` alone does if `value` is none."""
    error = value.get("error") if type(value) is dict else None
    if type(error) is dict:  # as in the compatible APIs of the same server
        error = error.get("message")
    if type(error) is str and error:
        message = error
    elif status is None:
        message = say("dialects.upstream.failed_mid", lang="en")
    else:
        message = say("dialects.upstream.failed", lang="en", status=status)
    return Failure(
        _kind(status, message),
        message,
        status=status,
        retry_after=retry_after,
        raw=value if type(value) is dict else None,
        from_upstream=True,
    )


def _kind(status: int | None, message: str) -> FailureKind:
    too_long = status in {None, 400, 413} and any(words in message.lower() for words in _TOO_LONG)
    return FailureKind.context_exceeded if too_long else kind_of_status(status)


def encode_error(failure: Failure, request_id: str) -> ErrorReply:
    """The answer to a call that failed. An upstream's error in this dialect is passed on as it was."""
    status = failure.http_status
    if status == FailureKind.overloaded.status:
        status = FailureKind.unavailable.status  # 529 is another maker's alone
    wait = failure.retry_after
    headers = () if wait is None else (("retry-after", str(math.ceil(wait))),)
    return ErrorReply(status, encode(_body(failure)), headers)


def encode_stream_error(failure: Failure, request_id: str = "") -> bytes:
    """The line that ends a stream which has already begun."""
    return ndjson_line(encode(_body(failure)))


def _body(failure: Failure) -> dict[str, Any]:
    if is_own(failure.raw):
        return dict(failure.raw)
    return {"error": failure.message}


def is_own(raw: Any) -> bool:
    """Whether an upstream's error body is one of this dialect."""
    return type(raw) is dict and type(raw.get("error")) is str
