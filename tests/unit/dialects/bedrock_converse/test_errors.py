"""Errors: types in a header, exceptions in streams."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Failure, FailureKind
from counterpoint.dialects.bedrock_converse.errors import (
    TYPE_HEADER,
    decode_error,
    encode_error,
    encode_stream_error,
    exception_of,
    failure_in,
)
from counterpoint.wire.eventstream import Header, encode_message, message_of

ADDRESS = "ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/"


@pytest.mark.parametrize(
    ("status", "headers", "body", "kind"),
    [
        (429, {TYPE_HEADER: "ThrottlingException"}, {"message": "slow"}, FailureKind.rate_limited),
        (400, {TYPE_HEADER: ADDRESS}, {"message": "no"}, FailureKind.bad_request),
        (400, {}, {"message": "Input is too long for it"}, FailureKind.context_exceeded),
        (403, {}, {"__type": "com.amazon#ExpiredTokenException", "message": "x"}, FailureKind.authentication),
        (424, {}, {"message": "it failed"}, FailureKind.upstream_error),
        (503, {}, {"Message": "busy"}, FailureKind.unavailable),
    ],
)
def test_an_upstreams_error_is_understood_and_shown_again(
    status: int, headers: dict[str, str], body: dict[str, str], kind: FailureKind
) -> None:
    failure = decode_error(status, headers, json.dumps(body).encode())
    assert failure.kind is kind
    assert failure.message in body.values()
    reply = encode_error(failure, "r")
    assert (reply.status, json.loads(reply.body)) == (status, body)


@given(st.binary(max_size=60), st.integers(400, 599))
def test_any_body_gives_a_failure(body: bytes, status: int) -> None:
    failure = decode_error(status, {}, body)
    assert failure.message
    assert failure.http_status == status


def test_a_failure_of_ours_has_a_type() -> None:
    reply = encode_error(Failure(FailureKind.not_found, "no such model", retry_after=1.2), "r")
    assert (reply.status, json.loads(reply.body)) == (404, {"message": "no such model"})
    assert dict(reply.headers) == {TYPE_HEADER: "ResourceNotFoundException", "retry-after": "2"}
    assert encode_error(Failure(FailureKind.overloaded, "busy"), "r").status == 503


def test_an_error_of_another_dialect_is_said_in_its_own_words() -> None:
    raw = {"error": {"message": "busy", "type": "x"}}
    reply = encode_error(Failure(FailureKind.rate_limited, "busy", status=429, raw=raw), "r")
    assert json.loads(reply.body) == {"message": "busy"}


def test_exceptions_end_streams() -> None:
    for kind in FailureKind:
        message = message_of(encode_stream_error(Failure(kind, "why"), "r"))
        failure = exception_of(message)
        assert failure is not None
        assert failure.message == "why"
    told = {":message-type": "error", ":error-code": "InternalServerException", ":error-message": "oh"}
    raw = encode_message({name: Header("string", value) for name, value in told.items()}, b"")
    failure = exception_of(message_of(raw))
    assert failure is not None
    assert (failure.kind, failure.message) == (FailureKind.upstream_error, "oh")


def test_a_plain_body_in_place_of_a_stream() -> None:
    failure = failure_in(b'{"message": "no"}')
    assert failure is not None
    assert failure.message == "no"
    assert failure_in(b"no json") is None
    assert failure_in(b'{"output": {}}') is None
