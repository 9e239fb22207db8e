"""Failures: the bodies are those of the same maker's chat API; a stream tells them in events of its own."""

from typing import Any

from counterpoint.canonical import Failure
from counterpoint.dialects.jsonio import encode, parse
from counterpoint.dialects.openai_chat.errors import error_body, failure_from, failure_in
from counterpoint.wire import sse_frame

Json = dict[str, Any]


def failure_of(answer: Json) -> Failure | None:
    """The failure that an answer, or a body in its place, reports."""
    failed = answer.get("status") == "failed"
    error = answer.get("error")
    if not error and not failed:
        return failure_in(answer) if answer.get("object") == "error" else None
    if type(error) is dict or failed:
        return failure_from(error, None, {"error": error or {}})
    return failure_in(answer)


def plain_failure(body: bytes) -> Failure | None:
    """The failure in a plain body that came instead of a stream, if it tells one."""
    try:
        value = parse(body)
    except ValueError:
        return None
    return failure_of(value) if type(value) is dict else None


def failure_told(event: Json) -> Failure:
    """The failure in an `error` event: flat, as the API's description has it, or in an object of its own."""
    error = event.get("error")
    fields = error if type(error) is dict else event
    told = {name: fields.get(name) for name in ("message", "type", "code", "param")}
    if told["type"] == "error":
        told["type"] = None
    return failure_from(told, None, {"error": told})


def error_event(failure: Failure, number: int) -> bytes:
    """The event that official clients raise as an error: they look for an object `error`, while the API's
    description has its fields at the top."""
    error = error_body(failure)["error"]
    error = error if type(error) is dict else {"message": failure.message}
    event = {
        "type": "error",
        "code": error.get("code"),
        "message": error.get("message"),
        "param": error.get("param"),
        "sequence_number": number,
        "error": error,
    }
    return sse_frame(encode(event), "error")


_CODES = {
    "context_length_exceeded",
    "insufficient_quota",
    "invalid_prompt",
    "rate_limit_exceeded",
    "server_error",
}
"""Codes of failed answers that clients act on; the API's description lists no others that could be meant here."""


def answer_error(failure: Failure) -> Json:
    """The `error` of an answer that failed, in the codes by which clients decide whether to try again."""
    error = error_body(failure)["error"]
    code = error.get("code") if type(error) is dict else None
    return {"code": code if code in _CODES else "server_error", "message": failure.message}


def encode_stream_error(failure: Failure, _request_id: str = "") -> bytes:
    """The event that ends a stream which has already begun, and of which nothing more is known."""
    return error_event(failure, 0)
