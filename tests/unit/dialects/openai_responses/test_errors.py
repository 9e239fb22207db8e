"""Failures in answers and streams, there and back."""

import json
from typing import Any

import pytest

from counterpoint.canonical import Failure, FailureKind
from counterpoint.dialects.openai_responses.errors import (
    answer_error,
    encode_stream_error,
    error_event,
    failure_of,
    failure_told,
)
from tests.unit.dialects.openai_responses.bodies import answer, told

LIMITED = Failure(FailureKind.rate_limited, "Slow down.", param="input")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (answer(status="failed", error={"code": "rate_limit_exceeded", "message": "slow"}), "rate_limited"),
        (answer(status="failed", error=None), "upstream_error"),
        ({"error": {"message": "no", "code": "model_not_found"}}, "not_found"),
        ({"error": "plain words"}, "upstream_error"),
        ({"object": "error", "message": "no"}, "upstream_error"),
    ],
)
def test_a_body_tells_of_its_failure(body: Any, kind: str) -> None:
    failure = failure_of(body)
    assert failure is not None
    assert failure.kind.value == kind
    assert failure_of(answer()) is None


@pytest.mark.parametrize(
    "event",
    [
        {"type": "error", "code": "server_error", "message": "oops", "param": None, "sequence_number": 3},
        {"type": "error", "error": {"type": "server_error", "code": None, "message": "oops"}},
    ],
)
def test_an_event_tells_of_it_flat_or_in_an_object(event: Any) -> None:
    failure = failure_told(event)
    assert (failure.message, failure.kind) == ("oops", FailureKind.upstream_error)


def test_a_client_finds_it_where_either_description_says() -> None:
    (event,) = told(error_event(LIMITED, 4))
    assert (event["message"], event["code"], event["sequence_number"]) == (
        "Slow down.",
        "rate_limit_exceeded",
        4,
    )
    assert event["error"]["message"] == "Slow down."
    assert failure_told(event).kind is FailureKind.rate_limited
    assert json.loads(encode_stream_error(LIMITED).split(b"data: ")[1])["type"] == "error"


def test_an_answer_that_failed_has_a_code() -> None:
    assert answer_error(LIMITED) == {"code": "rate_limit_exceeded", "message": "Slow down."}
    assert answer_error(Failure(FailureKind.timeout, "late"))["code"] == "server_error"
