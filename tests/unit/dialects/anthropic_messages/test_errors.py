"""Errors are understood, told with the right type and status, and passed on as they were."""

import json
from typing import Any

import anthropic
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Failure, FailureKind
from counterpoint.dialects.anthropic_messages.errors import decode_error, encode_error, encode_stream_error
from counterpoint.wire.sse import SseReader

OVERLOADED = {
    "type": "error",
    "error": {"type": "overloaded_error", "message": "Overloaded"},
    "request_id": "r9",
}


@pytest.mark.parametrize(
    ("kind", "word", "status"),
    [
        (FailureKind.bad_request, "invalid_request_error", 400),
        (FailureKind.context_exceeded, "invalid_request_error", 400),
        (FailureKind.authentication, "authentication_error", 401),
        (FailureKind.budget_exhausted, "billing_error", 402),
        (FailureKind.permission, "permission_error", 403),
        (FailureKind.not_found, "not_found_error", 404),
        (FailureKind.too_large, "request_too_large", 413),
        (FailureKind.rate_limited, "rate_limit_error", 429),
        (FailureKind.internal, "api_error", 500),
        (FailureKind.timeout, "timeout_error", 504),
        (FailureKind.overloaded, "overloaded_error", 529),
    ],
)
def test_each_kind_has_its_type_and_status(kind: FailureKind, word: str, status: int) -> None:
    reply = encode_error(Failure(kind, "It failed."), "r1")
    assert reply.status == status
    assert json.loads(reply.body) == {
        "type": "error",
        "error": {"type": word, "message": "It failed."},
        "request_id": "r1",
    }
    back = decode_error(status, {}, reply.body)
    assert back.message == "It failed."
    assert encode_error(back, "r2").status == status


def test_the_sdk_raises_the_right_exception() -> None:
    reply = encode_error(
        Failure(FailureKind.rate_limited, "Slow down.", code="budget", retry_after=1.2), "r1"
    )
    assert reply.headers == [("retry-after", "2")]

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(reply.status, content=reply.body, headers={"content-type": "application/json"})

    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    client = anthropic.Anthropic(api_key="k", http_client=http, max_retries=0)
    with client, pytest.raises(anthropic.RateLimitError) as caught:
        client.messages.create(model="m", max_tokens=1, messages=[{"role": "user", "content": "x"}])
    assert caught.value.api_message == "Slow down."
    assert caught.value.error_code == "budget"


def test_an_upstreams_error_of_this_dialect_is_passed_on() -> None:
    failure = decode_error(529, {"retry-after": "7"}, json.dumps(OVERLOADED).encode())
    assert (failure.kind, failure.retry_after, failure.from_upstream) == (FailureKind.overloaded, 7, True)
    reply = encode_error(failure, "ours")
    assert (reply.status, json.loads(reply.body)) == (529, OVERLOADED)


def test_an_upstreams_error_of_another_dialect_is_told_anew() -> None:
    raw = {"error": {"message": "No such model.", "type": "invalid_request_error", "code": "model_not_found"}}
    failure = Failure(FailureKind.not_found, "No such model.", code="model_not_found", raw=raw)
    assert json.loads(encode_error(failure, "r").body)["error"] == {
        "type": "not_found_error",
        "message": "No such model.",
        "details": {"error_code": "model_not_found"},
    }


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, b'{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9"}}',
         FailureKind.context_exceeded),
        (502, b"<html>bad gateway</html>", FailureKind.upstream_error),
        (503, b"", FailureKind.unavailable),
        (429, b'{"detail":"slow"}', FailureKind.rate_limited),
        (418, b'{"error":"teapot"}', FailureKind.bad_request),
        (500, b'{"type":"error","error":{"type":"overloaded_error","message":"x"}}', FailureKind.overloaded),
    ],
)  # fmt: skip
def test_any_body_gives_a_failure(status: int, body: bytes, kind: FailureKind) -> None:
    failure = decode_error(status, {}, body)
    assert (failure.kind, failure.http_status) == (kind, status)
    assert failure.message


@given(st.integers(400, 599), st.binary(max_size=40), st.text(max_size=12))
def test_nothing_raises(status: int, body: bytes, after: str) -> None:
    failure = decode_error(status, {"retry-after": after, "retry-after-ms": after, "date": after}, body)
    assert encode_error(failure, "r").status == status


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3.0),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        (
            {"retry-after": "Sat, 21 Nov 2026 10:00:30 GMT", "date": "Sat, 21 Nov 2026 10:00:00 GMT"},
            30.0,
        ),
        ({"retry-after": "Sat, 21 Nov 2026 10:00:30 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "inf"}, None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert decode_error(429, headers, b"{}").retry_after == seconds


def test_a_stream_ends_with_an_error_event() -> None:
    raw = encode_stream_error(Failure(FailureKind.overloaded, "Busy."), "")
    (frame,) = SseReader().feed(raw)
    value: dict[str, Any] = json.loads(frame.data)
    assert (frame.event, value["error"]["type"]) == ("error", "overloaded_error")
    assert "request_id" not in value
