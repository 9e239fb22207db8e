"""Failures: understood from bodies of every shape, told in one."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Failure, FailureKind
from counterpoint.dialects.openai_chat.errors import (
    decode_error,
    encode_error,
    encode_stream_error,
    failure_in,
)

KIND = FailureKind


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, {"type": "invalid_request_error"}, KIND.bad_request),
        (400, {"code": "context_length_exceeded"}, KIND.context_exceeded),
        (400, {"message": "This model's maximum context length is 8192 tokens."}, KIND.context_exceeded),
        (400, {"code": "unsupported_parameter"}, KIND.unsupported),
        (400, {"code": "invalid_api_key"}, KIND.authentication),
        (401, {"type": "invalid_request_error", "code": "invalid_api_key"}, KIND.authentication),
        (402, {"message": "Insufficient Balance"}, KIND.budget_exhausted),
        (403, {}, KIND.permission),
        (404, {"code": "model_not_found"}, KIND.not_found),
        (404, {"type": "invalid_request_error"}, KIND.not_found),
        (408, {}, KIND.request_timeout),
        (413, {}, KIND.too_large),
        (415, {}, KIND.media_type),
        (422, {}, KIND.unprocessable),
        (429, {"type": "tokens", "code": "rate_limit_exceeded"}, KIND.rate_limited),
        (429, {"code": "insufficient_quota"}, KIND.budget_exhausted),
        (500, {"type": "server_error"}, KIND.upstream_error),
        (500, {"type": "invalid_request_error"}, KIND.upstream_error),
        (502, {}, KIND.upstream_error),
        (503, {}, KIND.unavailable),
        (503, {"type": "server_error"}, KIND.unavailable),
        (504, {}, KIND.timeout),
        (529, {}, KIND.overloaded),
        (529, {"type": "server_error"}, KIND.overloaded),
        (418, {}, KIND.bad_request),
        (599, {}, KIND.upstream_error),
    ],
)
def test_status_and_words_make_the_kind(status: int, error: Any, kind: FailureKind) -> None:
    failure = decode_error(status, {}, json.dumps({"error": error}).encode())
    assert (failure.kind, failure.http_status, failure.from_upstream) == (kind, status, True)
    assert failure.message


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "said"}},
        {"error": "said"},
        {"message": "said"},
        {"detail": "said"},
        {"detail": [{"msg": "said", "loc": []}]},
        {"errors": [{"message": "said"}]},
        {"object": "error", "message": "said"},
        [{"error": {"message": "said"}}],
    ],
)
def test_the_message_is_found_in_every_shape(body: Any) -> None:
    assert decode_error(400, {}, json.dumps(body).encode()).message == "said"


@given(st.sampled_from([400, 429, 500]), st.binary(max_size=60))
def test_any_body_gives_a_failure(status: int, body: bytes) -> None:
    failure = decode_error(status, {}, body)
    assert failure.http_status == status
    assert failure.message


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "1e99"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert decode_error(429, headers, b"{}").retry_after == seconds


@pytest.mark.parametrize(
    ("kind", "status", "error_type", "code"),
    [
        (KIND.bad_request, 400, "invalid_request_error", None),
        (KIND.context_exceeded, 400, "invalid_request_error", "context_length_exceeded"),
        (KIND.authentication, 401, "invalid_request_error", "invalid_api_key"),
        (KIND.permission, 403, "permission_error", None),
        (KIND.budget_exhausted, 402, "insufficient_quota", "insufficient_quota"),
        (KIND.not_found, 404, "invalid_request_error", None),
        (KIND.rate_limited, 429, "rate_limit_error", "rate_limit_exceeded"),
        (KIND.internal, 500, "server_error", None),
        (KIND.overloaded, 503, "server_error", None),
        (KIND.timeout, 504, "server_error", None),
    ],
)
def test_a_failure_of_ours_has_the_official_shape(
    kind: FailureKind, status: int, error_type: str, code: str | None
) -> None:
    reply = encode_error(Failure(kind, "said", param="messages[0]"), "req")
    assert reply.status == status
    assert json.loads(reply.body) == {
        "error": {"message": "said", "type": error_type, "param": "messages[0]", "code": code}
    }
    assert reply.headers == ()


def test_waiting_is_told_in_whole_seconds() -> None:
    failure = Failure(KIND.rate_limited, "slow", code="too_fast", retry_after=0.2)
    reply = encode_error(failure, "req")
    assert list(reply.headers) == [("retry-after", "1")]
    assert json.loads(reply.body)["error"]["code"] == "too_fast"


def test_an_upstreams_own_error_is_passed_on() -> None:
    body = {"error": {"message": "said", "type": "x", "failed_generation": "{"}}
    failure = decode_error(400, {}, json.dumps(body).encode())
    assert json.loads(encode_error(failure, "req").body) == body
    assert encode_stream_error(failure) == b"data: " + encode_error(failure, "req").body + b"\n\n"


@pytest.mark.parametrize(
    "raw",
    [
        {"type": "error", "error": {"type": "x", "message": "said"}},
        {"error": "said"},
        {"detail": "said"},
        [1],
    ],
)
def test_an_error_of_another_shape_is_told_in_this_dialects(raw: Any) -> None:
    reply = encode_error(Failure(KIND.bad_request, "said", raw=raw, status=422), "req")
    assert reply.status == 422
    assert json.loads(reply.body)["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    "value", [None, 3, [], {}, {"error": None}, {"object": "list"}, {"choices": [], "error": {}}]
)
def test_what_tells_of_no_failure_is_none(value: Any) -> None:
    assert failure_in(value) is None


def test_an_error_of_another_dialect_gets_this_ones_form() -> None:
    google = {"error": {"code": 429, "message": "Slow down.", "status": "RESOURCE_EXHAUSTED"}}
    reply = encode_error(Failure(KIND.rate_limited, "Slow down.", raw=google), "r1")
    error = json.loads(reply.body)["error"]
    assert (error["type"], error["message"]) == ("rate_limit_error", "Slow down.")


def test_an_error_without_a_type_gets_one() -> None:
    told = {"error": {"message": "boom", "type": None, "code": "server_error", "param": None}}
    reply = encode_error(Failure(KIND.upstream_error, "boom", raw=told), "r1")
    assert json.loads(reply.body)["error"] == {**told["error"], "type": "server_error"}
