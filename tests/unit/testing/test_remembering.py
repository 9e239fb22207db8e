"""Exchanges about conversations, held against ours."""

import json
from typing import Any

import pytest

from counterpoint.dialects.registry import STATE
from counterpoint.testing.checking import outcome
from counterpoint.testing.recordings import Recording
from counterpoint.testing.remembering import answer_fault, request_fault

(STATEFUL,) = STATE.values()


def recorded(request: Any, answer: Any) -> Recording:
    return Recording(
        file="f",
        repo="r",
        dialect="openai-conversations",
        endpoint="/v1/conversations",
        request_body=b"" if request is None else json.dumps(request).encode(),
        response_body=json.dumps(answer).encode(),
    )


@pytest.mark.parametrize(
    ("request_body", "answer"),
    [
        ({}, {"id": "c", "object": "conversation", "created_at": 1, "metadata": {}}),
        ({"metadata": {"a": "b"}}, {"id": "c", "object": "conversation", "created_at": 1, "metadata": {}}),
        (None, {"id": "c", "object": "conversation.deleted", "deleted": True}),
        (None, {"object": "list", "data": [], "first_id": "a", "last_id": "a", "has_more": False}),
        (None, {"type": "message", "role": "user", "content": "x", "id": "m"}),
    ],
)
def test_what_we_can_say_too_is_exact(request_body: Any, answer: Any) -> None:
    assert outcome(recorded(request_body, answer)).bucket == "exact"


def test_a_field_that_ours_lacks_is_told() -> None:
    answer = {"id": "c", "object": "conversation", "created_at": 1, "metadata": {}, "mood": "good"}
    assert answer_fault(STATEFUL, recorded({}, answer)) == "ours lacks mood"
    assert outcome(recorded({}, answer)).bucket == "failed"
    assert request_fault(STATEFUL, recorded({"items": [{"role": "user", "content": "x"}]}, {})) == ""
