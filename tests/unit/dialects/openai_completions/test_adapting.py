"""Settings that a completion has no place for."""

import json
from typing import Any

import pytest

from counterpoint.dialects.base import Target
from counterpoint.dialects.registry import CHAT
from tests.unit.dialects.openai_completions.bodies import DIALECT, dumped

TOOL = {"type": "function", "function": {"name": "f"}}


@pytest.mark.parametrize(
    ("fields", "lost"),
    [
        ({}, set()),
        (
            {"tools": [TOOL], "tool_choice": "auto", "parallel_tool_calls": False},
            {"tools", "tool_choice", "parallel_tool_calls"},
        ),
        ({"response_format": {"type": "json_object"}}, {"output"}),
        ({"reasoning_effort": "low"}, {"reasoning.unavailable"}),
        ({"stop": ["a", "b", "c", "d", "e"]}, {"stop.count"}),
        ({"metadata": {"a": "b"}, "service_tier": "flex"}, {"metadata", "service_tier"}),
    ],
)
def test_they_are_declared(fields: dict[str, Any], lost: set[str]) -> None:
    body = dumped({"model": "m", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 9, **fields})
    request = CHAT["openai-chat"].decode_request(body)
    encoded = DIALECT.encode_request(request, Target("m"), "openai-chat")
    assert {loss.code for loss in encoded.losses} == lost


def test_a_limit_is_said_as_the_dialects_own_is_low() -> None:
    request = CHAT["openai-chat"].decode_request(
        dumped({"model": "m", "messages": [{"role": "user", "content": "Hi"}]})
    )
    encoded = DIALECT.encode_request(request, Target("m", 512), "openai-chat")
    assert json.loads(encoded.body)["max_tokens"] == 512
    assert [loss.code for loss in encoded.losses] == ["max_output.default"]
