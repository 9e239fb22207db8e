"""Failures, from upstreams' bodies in all their shapes and to this dialect's one."""

from collections.abc import Mapping
from typing import Any

from counterpoint.canonical import Failure, FailureKind
from counterpoint.dialects.base import ErrorReply
from counterpoint.dialects.failing import wait_in
from counterpoint.dialects.jsonio import encode, parse
from counterpoint.i18n import say
from counterpoint.wire import sse_frame

Kind = FailureKind

_BY_STATUS = {
    400: Kind.bad_request,
    401: Kind.authentication,
    402: Kind.budget_exhausted,
    403: Kind.permission,
    404: Kind.not_found,
    405: Kind.method_not_allowed,
    408: Kind.request_timeout,
    413: Kind.too_large,
    415: Kind.media_type,
    422: Kind.unprocessable,
    429: Kind.rate_limited,
    503: Kind.unavailable,
    504: Kind.timeout,
    529: Kind.overloaded,
}

_BY_WORD = {
    "context_length_exceeded": Kind.context_exceeded,
    "insufficient_quota": Kind.budget_exhausted,
    "insufficient_balance": Kind.budget_exhausted,
    "invalid_api_key": Kind.authentication,
    "authentication_error": Kind.authentication,
    "permission_error": Kind.permission,
    "permission_denied": Kind.permission,
    "model_not_found": Kind.not_found,
    "not_found_error": Kind.not_found,
    "rate_limit_exceeded": Kind.rate_limited,
    "rate_limit_error": Kind.rate_limited,
    "unsupported_parameter": Kind.unsupported,
    "unsupported_value": Kind.unsupported,
    "overloaded_error": Kind.overloaded,
    "server_error": Kind.upstream_error,
    "internal_error": Kind.upstream_error,
    "invalid_request_error": Kind.bad_request,
    "content_filter": Kind.bad_request,
    "tool_use_failed": Kind.bad_request,
}
"""Codes and types, OpenAI's and those of hosts."""

_CONTEXT_WORDS = ("maximum context length", "context window", "context_length", "prompt is too long")

# What is absent here has the type `invalid_request_error`, as OpenAI itself answers an unknown key or model.
_TYPES = {
    Kind.permission: "permission_error",
    Kind.budget_exhausted: "insufficient_quota",
    Kind.rate_limited: "rate_limit_error",
    Kind.internal: "server_error",
    Kind.upstream_error: "server_error",
    Kind.unavailable: "server_error",
    Kind.overloaded: "server_error",
    Kind.timeout: "server_error",
}
_CODES = {
    Kind.context_exceeded: "context_length_exceeded",
    Kind.authentication: "invalid_api_key",
    Kind.budget_exhausted: "insufficient_quota",
    Kind.rate_limited: "rate_limit_exceeded",
}


def decode_error(status: int, headers: Mapping[str, str], body: bytes) -> Failure:
    """The failure that an upstream answered with `status`, whatever its body."""
    try:
        value = parse(body)
    except ValueError:
        value = None
    return failure_from(_error_of(value), status, value, wait_in(headers))


def failure_in(value: Any) -> Failure | None:
    """The failure that a body or an event with a good status reports all the same, if it does."""
    if not isinstance(value, dict):
        return None
    error = value.get("error")
    if error:
        return failure_from(_error_of(value), _status_in(error), value)
    if value.get("object") == "error" and "choices" not in value:  # vLLM
        return failure_from(value, _status_in(value), value)
    return None


def failure_from(error: Any, status: int | None, raw: Any, retry_after: float | None = None) -> Failure:
    """The failure in `error`, an error object of whatever shape. `status`: what was answered, if that failed."""
    fields = error if isinstance(error, dict) else {}
    said = fields.get("message") or fields.get("msg") or (error if isinstance(error, str) else None)
    if isinstance(said, str) and said:
        message = said
    elif status is None:
        message = say("dialects.upstream.failed_mid", lang="en")
    else:
        message = say("dialects.upstream.failed", lang="en", status=status)
    code, param = fields.get("code"), fields.get("param")
    return Failure(
        _kind(status, fields, message),
        message,
        code=str(code) if code is not None else None,
        param=param if isinstance(param, str) else None,
        status=status,
        retry_after=retry_after,
        raw=raw,
        from_upstream=True,
    )


def _kind(status: int | None, fields: Mapping[str, Any], message: str) -> FailureKind:
    lowered = message.lower()
    if status in {None, 400, 413, 422} and any(words in lowered for words in _CONTEXT_WORDS):
        return Kind.context_exceeded
    for name in ("code", "type"):
        word = fields.get(name)
        kind = _BY_WORD.get(word) if isinstance(word, str) else None
        if kind is not None and (status is None or _agrees(kind, status)):
            return kind
    if status is None:
        return Kind.upstream_error
    if status >= 500:
        return _BY_STATUS.get(status, Kind.upstream_error)
    return _BY_STATUS.get(status, Kind.bad_request)


def _agrees(kind: FailureKind, status: int) -> bool:
    """A word refines a status of its own class; it does not turn a client's error into a server's."""
    if kind is Kind.bad_request:
        return status == 400
    if kind is Kind.upstream_error:  # it says less than most statuses
        return status not in _BY_STATUS
    return kind.status // 100 == status // 100


def _error_of(value: Any) -> Any:
    """Where the error stands in a body: `{"error": {...}}`, `{"error": "..."}`, `{"errors": [...]}`, FastAPI's
    `{"detail": ...}`, a bare `{"message": ...}`, or the first of a list (Google)."""
    if isinstance(value, list):
        return _error_of(value[0]) if value else None
    if not isinstance(value, dict):
        return None
    for name in ("error", "errors", "detail"):
        inner = value.get(name)
        if isinstance(inner, list) and inner:
            inner = inner[0]
        if inner:
            return inner
    return value


def _status_in(error: Any) -> int | None:
    """The status that an error object tells, if it tells a failing one."""
    if isinstance(error, dict):
        for name in ("status_code", "status", "code"):
            value = error.get(name)
            if type(value) is int and 400 <= value < 600:
                return value
    return None


def error_body(failure: Failure) -> dict[str, Any]:
    """The error object for a client: the upstream's own if it came in this dialect."""
    raw = failure.raw
    kind = _TYPES.get(failure.kind, "invalid_request_error")
    if _is_own(raw):
        error = raw["error"]
        typed = "type" not in error or error["type"] is not None
        return dict(raw) if typed else {**raw, "error": {**error, "type": kind}}
    return {
        "error": {
            "message": failure.message,
            "type": kind,
            "param": failure.param,
            "code": failure.code or _CODES.get(failure.kind),
        }
    }


def _is_own(raw: Any) -> bool:
    """Whether an upstream's body is an error in this dialect (Anthropic's has `"type": "error"` outside)."""
    if not isinstance(raw, dict) or raw.get("type") == "error" or "choices" in raw:
        return False
    error = raw.get("error")
    if not isinstance(error, dict) or not isinstance(error.get("message"), str):
        return False
    return "type" in error or not isinstance(error.get("status"), str)  # a word for a status is Google's way


def encode_error(failure: Failure, _request_id: str) -> ErrorReply:
    """Status, body and headers. Ids travel in the `x-request-id` header, which the server adds itself."""
    headers: list[tuple[str, str]] = []
    if failure.retry_after is not None:
        headers.append(("retry-after", str(max(1, round(failure.retry_after)))))
    status = failure.http_status
    if status == Kind.overloaded.status:
        status = Kind.unavailable.status  # 529 is Anthropic's alone
    return ErrorReply(status, encode(error_body(failure)), tuple(headers))


def encode_stream_error(failure: Failure, _request_id: str = "") -> bytes:
    """The event that official clients raise as an error."""
    return sse_frame(encode(error_body(failure)))
