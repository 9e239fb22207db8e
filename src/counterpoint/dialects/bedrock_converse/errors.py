"""Errors: a type in the header `x-amzn-errortype`, a `message` in the body; exceptions where a stream had begun.

https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html and the errors of each operation; the type may
be followed by an address, and some services put it into the body (`__type`):
https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization.
"""

import math
from collections.abc import Mapping
from typing import Any

from counterpoint.canonical import Failure, FailureKind
from counterpoint.dialects.base import ErrorReply
from counterpoint.dialects.failing import kind_of_status, wait_in
from counterpoint.dialects.jsonio import encode, parse
from counterpoint.i18n import say
from counterpoint.wire.eventstream import Message, exception_message

TYPE_HEADER = "x-amzn-errortype"

_KINDS = {
    "AccessDeniedException": FailureKind.permission,
    "ConflictException": FailureKind.bad_request,
    "ExpiredTokenException": FailureKind.authentication,
    "IncompleteSignatureException": FailureKind.authentication,
    "InternalServerException": FailureKind.upstream_error,
    "InvalidSignatureException": FailureKind.authentication,
    "MissingAuthenticationTokenException": FailureKind.authentication,
    "ModelErrorException": FailureKind.upstream_error,
    "ModelNotReadyException": FailureKind.unavailable,
    "ModelStreamErrorException": FailureKind.upstream_error,
    "ModelTimeoutException": FailureKind.timeout,
    "ResourceNotFoundException": FailureKind.not_found,
    "ServiceQuotaExceededException": FailureKind.rate_limited,
    "ServiceUnavailableException": FailureKind.unavailable,
    "ThrottlingException": FailureKind.rate_limited,
    "TooManyRequestsException": FailureKind.rate_limited,
    "UnrecognizedClientException": FailureKind.authentication,
    "ValidationException": FailureKind.bad_request,
}

_DEPENDENCY_FAILED = 424
"""Here the status of a model that failed."""

_TYPES = {
    FailureKind.authentication: "UnrecognizedClientException",
    FailureKind.budget_exhausted: "ServiceQuotaExceededException",
    FailureKind.permission: "AccessDeniedException",
    FailureKind.not_found: "ResourceNotFoundException",
    FailureKind.rate_limited: "ThrottlingException",
    FailureKind.internal: "InternalServerException",
    FailureKind.upstream_error: "InternalServerException",
    FailureKind.unavailable: "ServiceUnavailableException",
    FailureKind.overloaded: "ServiceUnavailableException",
    FailureKind.timeout: "ModelTimeoutException",
    FailureKind.request_timeout: "ModelTimeoutException",
}
"""Kinds that are not here are the caller's mistakes."""
_STATUS = {FailureKind.overloaded: 503, FailureKind.timeout: 408}
"""Where this API has another status than is usual."""

_TOO_LONG = ("Input Tokens Exceeded", "Input is too long", "prompt is too long", "exceeds maximum length")
"""How hosts word that a conversation does not fit; there is no type for it."""


def decode_error(status: int, headers: Mapping[str, str], body: bytes) -> Failure:
    """What an upstream answered with `status`. Header names are lower case. Never raises."""
    try:
        value = parse(body)
    except ValueError:
        value = None
    return failure_of(value, headers.get(TYPE_HEADER, ""), status, wait_in(headers))


def failure_of(value: Any, kind: str, status: int | None, retry_after: float | None = None) -> Failure:
    """The failure that a body and a type report, or that `status` alone does."""
    fields = value if type(value) is dict else {}
    told = kind or _text(fields.get("__type")) or _text(fields.get("code"))
    # The type may be `namespace#Name` and `Name:address`; in streams it begins with a small letter.
    word = told.rpartition("#")[2].partition(":")[0]
    word = word[:1].upper() + word[1:]
    message = next((text for name in _MESSAGES if (text := _text(fields.get(name)))), "")
    found = _kind(word, status)
    if found is FailureKind.bad_request and any(words in message for words in _TOO_LONG):
        found = FailureKind.context_exceeded
    return Failure(
        found,
        message or say("dialects.upstream.failed", lang="en", status=status or word or "200"),
        code=word or None,
        status=status,
        retry_after=retry_after,
        raw=value if type(value) is dict else None,
        from_upstream=True,
    )


_MESSAGES = ("message", "Message", "errorMessage", "originalMessage")


def exception_of(message: Message) -> Failure | None:
    """The failure that a message of a stream reports; `None`: it is an event."""
    kind = message.text(":message-type")
    if kind == "error":
        told = {"message": message.text(":error-message")}
        return failure_of(told, message.text(":error-code") or "InternalServerException", None)
    if kind != "exception":
        return None
    try:
        value = parse(message.payload)
    except ValueError:
        value = None
    return failure_of(value, message.text(":exception-type") or "InternalServerException", None)


def failure_in(body: bytes) -> Failure | None:
    """The failure in a plain body that came instead of a stream, if it tells one."""
    try:
        value = parse(body)
    except ValueError:
        return None
    return failure_of(value, "", None) if is_ours(value) else None


def _text(value: Any) -> str:
    return value if type(value) is str else ""


def _kind(word: str, status: int | None) -> FailureKind:
    if word in _KINDS:
        return _KINDS[word]
    return FailureKind.upstream_error if status == _DEPENDENCY_FAILED else kind_of_status(status)


def encode_error(failure: Failure, request_id: str) -> ErrorReply:
    """The answer to a call that failed. An upstream's error in this dialect is passed on as it was."""
    headers = [(TYPE_HEADER, _type(failure))]
    if failure.retry_after is not None:
        headers.append(("retry-after", str(math.ceil(failure.retry_after))))
    status = failure.status if failure.status is not None else _STATUS.get(failure.kind, failure.http_status)
    return ErrorReply(status, encode(_body(failure)), headers)


def encode_stream_error(failure: Failure, request_id: str) -> bytes:
    """The exception that ends a stream which has already begun."""
    return exception_message(_IN_STREAMS.get(failure.kind, "validationException"), encode(_body(failure)))


_IN_STREAMS = {
    FailureKind.rate_limited: "throttlingException",
    FailureKind.internal: "internalServerException",
    FailureKind.upstream_error: "modelStreamErrorException",
    FailureKind.timeout: "modelStreamErrorException",
    FailureKind.unavailable: "serviceUnavailableException",
    FailureKind.overloaded: "serviceUnavailableException",
}
"""The five exceptions of a stream of this dialect; what is not here is the caller's mistake."""


def _type(failure: Failure) -> str:
    if is_ours(failure.raw) and failure.code is not None and failure.code.endswith("Exception"):
        return failure.code
    if failure.code in _KINDS:  # as the gateway's own refusals of signatures have it
        return failure.code
    return _TYPES.get(failure.kind, "ValidationException")


def _body(failure: Failure) -> dict[str, Any]:
    return dict(failure.raw) if is_ours(failure.raw) else {"message": failure.message}


def is_ours(raw: Any) -> bool:
    """Whether an upstream's error body is one of this dialect: a message, and nothing that others wrap it in."""
    if type(raw) is not dict or {"error", "object", "detail", "type"} & raw.keys():
        return False
    return any(_text(raw.get(name)) for name in _MESSAGES)
