"""Errors: a bare object that says `"object": "error"`; what is wrong with a field, as a list under `detail`.

https://docs.mistral.ai/api and the descriptions of its SDKs.
"""

from collections.abc import Mapping
from typing import Any

from counterpoint.canonical import Failure, FailureKind
from counterpoint.dialects.base import ErrorReply
from counterpoint.dialects.jsonio import encode
from counterpoint.dialects.openai_chat import errors as shared
from counterpoint.wire import sse_frame

_TYPES = {
    FailureKind.authentication: "invalid_api_key",
    FailureKind.permission: "permission_denied",
    FailureKind.not_found: "invalid_model",
    FailureKind.rate_limited: "rate_limited",
    FailureKind.budget_exhausted: "insufficient_credits",
    FailureKind.context_exceeded: "context_length_exceeded",
}


def decode_error(status: int, headers: Mapping[str, str], body: bytes) -> Failure:
    """The failure that an upstream answered with `status`, whatever its body."""
    failure = shared.decode_error(status, headers, body)
    said = _said(failure.raw)
    if said is None:
        return failure
    fields = {**_fields(failure.raw), "message": said}
    return shared.failure_from(fields, status, failure.raw, failure.retry_after)


def _fields(raw: Any) -> dict[str, Any]:
    return raw if isinstance(raw, dict) else {}


def _said(raw: Any) -> str | None:
    """What is wrong, where that stands in a list: `{"detail": [{"loc": [...], "msg": ...}]}`, perhaps in `message`."""
    value = _fields(raw)
    inner = value.get("message") if isinstance(value.get("message"), dict) else value
    detail = _fields(inner).get("detail")
    if not isinstance(detail, list):
        return None
    told = [_one(item) for item in detail if isinstance(item, dict) and isinstance(item.get("msg"), str)]
    return "; ".join(told) or None


def _one(item: dict[str, Any]) -> str:
    where = item.get("loc")
    path = ".".join(str(name) for name in where if name != "body") if isinstance(where, list) else ""
    return f"{path}: {item['msg']}" if path else str(item["msg"])


def error_body(failure: Failure) -> dict[str, Any]:
    """The object for a client: the upstream's own if it came in this dialect."""
    raw = failure.raw
    if isinstance(raw, dict) and (raw.get("object") == "error" or "detail" in raw):
        return dict(raw)
    return {
        "object": "error",
        "message": failure.message,
        "type": _TYPES.get(
            failure.kind, "invalid_request_error" if failure.http_status < 500 else "server_error"
        ),
        "param": failure.param,
        "code": failure.code,
        "raw_status_code": failure.http_status,
    }


def encode_error(failure: Failure, request_id: str) -> ErrorReply:
    """Status, body and headers."""
    reply = shared.encode_error(failure, request_id)
    return ErrorReply(reply.status, encode(error_body(failure)), reply.headers)


def encode_stream_error(failure: Failure, request_id: str) -> bytes:
    """The event that ends a stream which has begun."""
    return sse_frame(encode(error_body(failure)))
