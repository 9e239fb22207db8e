"""Failures of the API, read and shown."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Failure, FailureKind
from counterpoint.dialects.gemini_generate.errors import (
    decode_error,
    encode_body,
    encode_error,
    encode_stream_error,
    failure_in,
    failure_of,
)


def error(code: int, status: str, message: str = "It is so.", **more: Any) -> Any:
    return {"error": {"code": code, "message": message, "status": status, **more}}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, error(400, "INVALID_ARGUMENT"), FailureKind.bad_request),
        (400, error(400, "INVALID_ARGUMENT", "API key not valid. Pass one."), FailureKind.authentication),
        (
            400,
            error(400, "INVALID_ARGUMENT", "The input token count (9) exceeds the maximum number of tokens"),
            FailureKind.context_exceeded,
        ),
        (403, error(403, "PERMISSION_DENIED"), FailureKind.permission),
        (404, error(404, "NOT_FOUND"), FailureKind.not_found),
        (429, error(429, "RESOURCE_EXHAUSTED"), FailureKind.rate_limited),
        (503, error(503, "UNAVAILABLE"), FailureKind.unavailable),
        (418, {"error": "tea"}, FailureKind.bad_request),
        (500, [], FailureKind.upstream_error),
        (413, None, FailureKind.too_large),
    ],
)
def test_the_kind_of_an_error(status: int, body: Any, kind: FailureKind) -> None:
    failure = decode_error(status, {}, json.dumps(body).encode())
    assert (failure.kind, failure.http_status) == (kind, status)
    assert failure.message
    assert failure.from_upstream


def test_when_to_come_back() -> None:
    info = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "2.5s"}
    body = error(429, "RESOURCE_EXHAUSTED", details=[{"@type": "x"}, info])
    assert decode_error(429, {}, json.dumps(body).encode()).retry_after == 2.5
    assert decode_error(429, {"retry-after": "7"}, json.dumps(body).encode()).retry_after == 7
    assert decode_error(429, {"retry-after": "soon"}, b"").retry_after is None
    reply = encode_error(Failure(FailureKind.rate_limited, "Slow down.", retry_after=1.2), "")
    assert reply.headers == [("retry-after", "2")]


def test_an_error_is_passed_on_as_it_was() -> None:
    body = error(404, "NOT_FOUND", extra=1)
    assert json.loads(encode_error(decode_error(404, {}, json.dumps(body).encode()), "r").body) == body


def test_a_failure_of_ours() -> None:
    failure = Failure(FailureKind.bad_request, "Wrong.", code="invalid_type", param="contents")
    shown = json.loads(encode_body(failure, "r"))["error"]
    assert (shown["code"], shown["status"], shown["message"]) == (400, "INVALID_ARGUMENT", "Wrong.")
    assert shown["details"][0]["reason"] == "INVALID_TYPE"
    assert shown["details"][0]["metadata"] == {"param": "contents"}
    assert shown["details"][1]["requestId"] == "r"
    assert encode_stream_error(failure, "r").startswith(b"data: {")


def test_an_error_may_come_in_a_list_or_instead_of_a_stream() -> None:
    body = error(503, "UNAVAILABLE")
    assert failure_of([body], 503).kind is FailureKind.unavailable
    found = failure_in(json.dumps([body]).encode())
    assert found is not None
    assert found.kind is FailureKind.unavailable
    assert failure_in(b"data: x") is None
    assert failure_in(b"{}") is None


@given(st.binary(max_size=40), st.integers(400, 599))
def test_any_body_gives_a_failure(body: bytes, status: int) -> None:
    failure = decode_error(status, {}, body)
    assert failure.http_status == status
    assert failure.message
