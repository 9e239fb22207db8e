"""Requests written for a target: as they came in, but for what a host wants otherwise."""

import json
from typing import Any

import pytest

from counterpoint.dialects.base import Target
from counterpoint.dialects.openai_chat.request_encoding import encode_request
from tests.unit.dialects.openai_chat.bodies import asked, back, decoded

FUNCTION = {"name": "f", "parameters": {"type": "object"}}

AS_WRITTEN: list[dict[str, Any]] = [
    {},
    {"max_tokens": 5},
    {"max_completion_tokens": 5},
    {"max_tokens": 5, "max_completion_tokens": 6},
    {"max_tokens": None, "n": None, "tools": None, "stop": None, "stream": None},
    {"stop": "x"},
    {"stop": ["x"]},
    {"stop": []},
    {"stream": False},
    {"stream": True},
    {"stream": True, "stream_options": {"include_usage": True}},
    {"stream": True, "stream_options": {"include_usage": False}},
    {"stream": True, "stream_options": {"include_usage": True, "include_obfuscation": False}},
    {"stream_options": {}},
    {"tools": []},
    {"tools": [{"type": "function", "function": FUNCTION}]},
    {"tools": [{"type": "function", "function": {**FUNCTION, "strict": None, "x": 1}, "cache_control": {}}]},
    {"tools": [{"function": FUNCTION}]},
    {
        "tools": [
            {"type": "custom", "custom": {"name": "g", "format": {"type": "text"}}},
            {"type": "web_search"},
        ]
    },
    {"functions": [{**FUNCTION, "x": 1}], "function_call": "auto"},
    {"functions": [], "function_call": {"name": "f"}},
    {"tool_choice": "any"},
    {"tool_choice": "validated"},
    {"tool_choice": {"type": "function", "function": {"name": "f", "x": 1}, "y": 2}},
    {"tool_choice": {"type": "custom", "custom": {"name": "f"}}},
    {"tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": []}}},
    {"tool_choice": {"type": "mcp"}},
    {"response_format": {"type": "text"}},
    {"response_format": {"type": "json_object", "schema": {"type": "object"}}},
    {
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "n", "schema": {}, "strict": None, "x": 1},
        }
    },
    {"response_format": {"type": "regex", "pattern": "a"}},
    {"reasoning_effort": "minimal"},
    {"reasoning": {"effort": "high", "enabled": True, "x": 1}},
    {"reasoning_effort": "low", "reasoning": {"effort": "low"}},
    {"thinking": {"type": "enabled", "budget_tokens": 9, "x": 1}},
    {"thinking": "odd", "enable_thinking": True},
    {"logprobs": 2, "seed": 10570679248326920000, "temperature": 1, "top_p": 1.0},
    {"unknown": {"deep": [1, {"a": None}]}, "~mine": 1},
]


@pytest.mark.parametrize("fields", AS_WRITTEN)
def test_every_request_goes_out_as_it_came_in(fields: dict[str, Any]) -> None:
    body = asked(**fields)
    assert back(body) == json.loads(body)


def _sent(quirks: set[str], **fields: Any) -> tuple[Any, list[tuple[str, str]]]:
    encoded = encode_request(decoded(**fields), Target("t", quirks=frozenset(quirks)), "openai-chat")
    return json.loads(encoded.body), [(loss.code, loss.path) for loss in encoded.losses]


def test_the_target_names_the_model() -> None:
    assert _sent(set())[0]["model"] == "t"


@pytest.mark.parametrize(
    ("quirks", "fields", "sent"),
    [
        ({"max_tokens"}, {"max_completion_tokens": 5}, {"max_tokens": 5}),
        ({"max_completion_tokens"}, {"max_tokens": 5}, {"max_completion_tokens": 5}),
        (
            {"no_stream_options"},
            {"stream": True, "stream_options": {"include_usage": True}},
            {"stream": True},
        ),
    ],
)
def test_hosts_get_their_own_words_for_the_same(quirks: set[str], fields: Any, sent: Any) -> None:
    body, losses = _sent(quirks, **fields)
    assert {name: value for name, value in body.items() if name not in {"model", "messages"}} == sent
    assert losses == []


def test_what_a_host_refuses_is_left_out_and_declared() -> None:
    body, losses = _sent({"no_seed", "no_user"}, seed=7)
    assert "seed" not in body
    assert losses == [("field.seed", "seed")]


def test_a_host_without_schemas_gets_json_and_the_loss_is_declared() -> None:
    form = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}
    body, losses = _sent({"no_json_schema"}, response_format=form)
    assert body["response_format"] == {"type": "json_object"}
    assert losses == [("output.schema", "response_format")]


def test_a_target_whose_address_names_the_model_gets_none() -> None:
    encoded = encode_request(decoded(), Target(""), "openai-chat")
    assert "model" not in json.loads(encoded.body)
