"""Errors in Cohere's shape, whatever an upstream sends."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Failure, FailureKind
from counterpoint.dialects.cohere_chat.errors import decode_error, encode_error, encode_stream_error


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"message": "too many tokens: size limit exceeded"}, FailureKind.context_exceeded),
        (400, {"message": "no", "error_type": "TOO_MANY_TOKENS"}, FailureKind.context_exceeded),
        (400, {"message": "no"}, FailureKind.bad_request),
        (401, {"message": "invalid api token"}, FailureKind.authentication),
        (404, {"message": "model 'x' not found"}, FailureKind.not_found),
        (418, {}, FailureKind.bad_request),
        (429, {"data": "string"}, FailureKind.rate_limited),
        (500, {"message": "oops"}, FailureKind.upstream_error),
        (503, None, FailureKind.unavailable),
    ],
)
def test_a_status_tells_the_kind(status: int, body: object, kind: FailureKind) -> None:
    failure = decode_error(status, {"retry-after": "2"}, json.dumps(body).encode())
    assert (failure.kind, failure.http_status, failure.retry_after) == (kind, status, 2.0)
    assert failure.message


@given(st.integers(400, 599), st.binary(max_size=60))
def test_no_body_is_too_odd(status: int, body: bytes) -> None:
    failure = decode_error(status, {"retry-after": "soon"}, body)
    reply = encode_error(failure, "r")
    assert reply.status == status
    assert decode_error(status, {}, reply.body).message == failure.message


def test_an_upstreams_own_error_is_passed_on() -> None:
    raw = {"id": "a", "message": "no", "error_type": "X"}
    failure = decode_error(400, {}, json.dumps(raw).encode())
    assert json.loads(encode_error(failure, "r").body) == raw


def test_ours_has_a_message_and_the_id() -> None:
    failure = Failure(FailureKind.rate_limited, "Wait.", retry_after=0.2)
    reply = encode_error(failure, "r")
    assert json.loads(reply.body) == {"id": "r", "message": "Wait."}
    assert (reply.status, list(reply.headers)) == (429, [("retry-after", "1")])


def test_a_stream_ends_in_its_own_words() -> None:
    event = encode_stream_error(Failure(FailureKind.upstream_error, "Cut."), "r")
    assert event.startswith(b"event: message-end\ndata: ")
    assert b'"error":"Cut."' in event
    assert b'"finish_reason":"ERROR"' in event
