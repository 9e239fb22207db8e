"""Errors in Mistral's shape, whatever an upstream sends."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Failure, FailureKind
from counterpoint.dialects.mistral_chat.errors import decode_error, encode_error, encode_stream_error

DETAIL = {"detail": [{"type": "extra", "loc": ["body", "seed"], "msg": "Extra inputs"}, {"msg": "And this"}]}


@pytest.mark.parametrize(
    ("status", "body", "kind", "message"),
    [
        (422, DETAIL, FailureKind.unprocessable, "seed: Extra inputs; And this"),
        (
            422,
            {"object": "error", "message": DETAIL, "type": "x"},
            FailureKind.unprocessable,
            "seed: Extra inputs; And this",
        ),
        (401, {"detail": "Unauthorized"}, FailureKind.authentication, "Unauthorized"),
        (
            400,
            {"object": "error", "message": "Invalid model", "code": "1500"},
            FailureKind.bad_request,
            "Invalid model",
        ),
        (429, {"message": "Slow down"}, FailureKind.rate_limited, "Slow down"),
    ],
)
def test_an_upstreams_error_is_understood_and_passed_on(
    status: int, body: dict[str, Any], kind: FailureKind, message: str
) -> None:
    failure = decode_error(status, {}, json.dumps(body).encode())
    assert (failure.kind, failure.message, failure.http_status) == (kind, message, status)
    if "object" in body or "detail" in body:
        assert json.loads(encode_error(failure, "r").body) == body


@given(st.integers(400, 599), st.binary(max_size=60))
def test_no_body_is_too_odd(status: int, body: bytes) -> None:
    failure = decode_error(status, {}, body)
    assert json.loads(encode_error(failure, "r").body)


def test_ours_says_what_it_is() -> None:
    failure = Failure(
        FailureKind.not_found, "No such model.", code="model_not_found", param="model", retry_after=2
    )
    reply = encode_error(failure, "r")
    assert json.loads(reply.body) == {
        "object": "error",
        "message": "No such model.",
        "type": "invalid_model",
        "param": "model",
        "code": "model_not_found",
        "raw_status_code": 404,
    }
    assert list(reply.headers) == [("retry-after", "2")]
    assert encode_stream_error(failure, "r").startswith(b'data: {"object":"error"')
