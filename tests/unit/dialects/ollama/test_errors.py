"""Errors, a server's and our own."""

import json

import pytest

from counterpoint.canonical import Failure, FailureKind
from tests.unit.dialects.ollama.bodies import DIALECT


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (404, b'{"error":"model not found"}', FailureKind.not_found),
        (400, b'{"error":"the input length exceeds the context length"}', FailureKind.context_exceeded),
        (400, b'{"error":"bad"}', FailureKind.bad_request),
        (401, b"unauthorized", FailureKind.authentication),
        (500, b"", FailureKind.upstream_error),
        (503, b'{"error":{"message":"busy"}}', FailureKind.unavailable),
        (418, b"[]", FailureKind.bad_request),
    ],
)
def test_a_servers_error_is_understood(status: int, body: bytes, kind: FailureKind) -> None:
    failure = DIALECT.decode_error(status, {"retry-after": "2"}, body)
    assert (failure.kind, failure.http_status, failure.retry_after) == (kind, status, 2)
    assert failure.message


def test_its_own_body_is_passed_on() -> None:
    failure = DIALECT.decode_error(404, {}, b'{"error":"gone","hint":1}')
    assert json.loads(DIALECT.encode_error(failure, "r").body) == {"error": "gone", "hint": 1}


def test_ours_is_one_sentence() -> None:
    reply = DIALECT.encode_error(Failure(FailureKind.overloaded, "Busy.", retry_after=1.2), "r")
    assert (reply.status, json.loads(reply.body)) == (503, {"error": "Busy."})
    assert dict(reply.headers) == {"retry-after": "2"}
    assert DIALECT.encode_stream_error(Failure(FailureKind.internal, "Oh."), "r") == b'{"error":"Oh."}\n'
