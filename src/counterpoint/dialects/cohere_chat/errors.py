"""Errors: a `message` and nothing that tells its kind but the status (https://docs.cohere.com/v2/reference/errors)."""

import contextlib
import math
from collections.abc import Mapping
from typing import Any

from counterpoint.canonical import Failure, FailureKind
from counterpoint.dialects.base import ErrorReply
from counterpoint.dialects.failing import kind_of_status, wait_in
from counterpoint.dialects.jsonio import encode, parse
from counterpoint.i18n import say
from counterpoint.wire import sse_frame

_TOO_LONG = ("too many tokens", "TOO_MANY_TOKENS")


def decode_error(status: int, headers: Mapping[str, str], body: bytes) -> Failure:
    """What an upstream answered with `status`. Header names are lower case. Never raises."""
    return failure_of(value_of(body), status, wait_in(headers))


def value_of(body: bytes) -> Any:
    """What JSON a body is; `None` if it is none."""
    with contextlib.suppress(ValueError):
        return parse(body)
    return None


def failure_of(value: Any, status: int | None, retry_after: float | None = None) -> Failure:
    """The failure in `value`, a body or the end of a stream, or that `status` alone tells."""
    fields = value if type(value) is dict else {}
    said = next((fields[name] for name in ("message", "error", "data") if type(fields.get(name)) is str), "")
    message = said or _unsaid(status)
    return Failure(
        _kind(status, message, fields.get("error_type")),
        message,
        status=status,
        retry_after=retry_after,
        raw=value if type(value) is dict else None,
        from_upstream=True,
    )


def _unsaid(status: int | None) -> str:
    if status is None:
        return say("dialects.upstream.failed_mid", lang="en")
    return say("dialects.upstream.failed", lang="en", status=status)


def _kind(status: int | None, message: str, word: Any) -> FailureKind:
    if status in {None, 400, 413, 422} and any(text in message or text == word for text in _TOO_LONG):
        return FailureKind.context_exceeded
    return kind_of_status(status)


def encode_error(failure: Failure, request_id: str) -> ErrorReply:
    """The answer to a call that failed. An upstream's error in this dialect is passed on as it was."""
    wait = failure.retry_after
    headers = () if wait is None else (("retry-after", str(math.ceil(wait))),)
    return ErrorReply(failure.http_status, encode(_body(failure, request_id)), headers)


def _body(failure: Failure, request_id: str) -> dict[str, Any]:
    raw = failure.raw
    if type(raw) is dict and type(raw.get("message")) is str and "type" not in raw:
        return dict(raw)
    return {"id": request_id, "message": failure.message}


def encode_stream_error(failure: Failure, request_id: str) -> bytes:
    """The event that ends a stream which has already begun: its `message-end` can tell what went wrong."""
    delta = {"error": failure.message, "finish_reason": "ERROR"}
    event = {"type": "message-end", **({"id": request_id} if request_id else {}), "delta": delta}
    return sse_frame(encode(event), "message-end")
