"""A client's request, understood, and what is wrong with it told by its path."""

import json
from typing import Any

import pytest

from counterpoint.canonical import Document, OpaqueTool, Reasoning, ToolCall, ToolResult
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Target
from counterpoint.dialects.cohere_chat.names import NAME
from counterpoint.dialects.cohere_chat.request_encoding import encode_request
from counterpoint.dialects.cohere_chat.requests import decode_request

FULL: dict[str, Any] = {
    "model": "command-a",
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
        {
            "role": "assistant",
            "tool_plan": "I look.",
            "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
            "citations": [{"start": 0, "end": 1, "text": "I", "sources": [], "type": "PLAN"}],
        },
        {
            "role": "tool",
            "tool_call_id": "c",
            "content": [{"type": "document", "document": {"data": {"a": "b"}}}],
        },
        {"role": "user", "content": "And?"},
    ],
    "documents": ["one", {"id": "d", "data": {"text": "two"}}],
    "citation_options": {"mode": "FAST"},
    "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
    "strict_tools": True,
    "tool_choice": "REQUIRED",
    "response_format": {"type": "json_object", "schema": {"type": "object"}},
    "thinking": {"type": "enabled", "token_budget": 100},
    "safety_mode": "STRICT",
    "max_tokens": 5,
    "temperature": 0.5,
    "p": 0.9,
    "k": 3,
    "seed": 7,
    "frequency_penalty": 0.1,
    "presence_penalty": 0,
    "stop_sequences": ["x"],
    "logprobs": True,
    "stream": False,
}


def sent(body: dict[str, Any]) -> Any:
    request = decode_request(json.dumps(body).encode())
    encoded = encode_request(request, Target(request.model), NAME)
    assert encoded.losses == ()
    return json.loads(encoded.body)


def test_everything_comes_back_as_it_was() -> None:
    assert sent(FULL) == FULL


@pytest.mark.parametrize(
    "change",
    [
        {"stop_sequences": []},
        {"tools": []},
        {"messages": [{"role": "assistant", "content": "Hi"}], "documents": ["no turn of the user's"]},
        {"messages": [{"role": "user"}]},
        {"messages": [{"role": "assistant", "content": None, "tool_plan": ""}]},
        {"messages": [{"role": "assistant", "content": [], "tool_calls": []}]},
        {"response_format": {"type": "text"}},
        {"response_format": {"type": "json_object"}},
        {"response_format": {"type": "new"}},
        {"thinking": {"type": "disabled"}},
        {"thinking": {"type": "new"}},
        {"tool_choice": "SOMETIMES"},
        {"tools": [{"type": "search", "x": 1}], "strict_tools": None},
        {"max_tokens": None, "unknown": {"a": None}},
    ],
)
def test_unusual_requests_come_back_too(change: dict[str, Any]) -> None:
    assert sent({**FULL, **change}) == {**FULL, **change}


def test_the_hub_understands_it() -> None:
    request = decode_request(json.dumps(FULL).encode())
    first = request.messages[-1].parts[0]
    assert isinstance(first, Document)
    assert (first.source.value, first.cite) == ("one", True)
    plan, call = request.messages[2].parts
    assert isinstance(plan, Reasoning)
    assert isinstance(call, ToolCall)
    assert isinstance(request.messages[3].parts[0], ToolResult)
    assert request.reasoning is not None
    assert (request.reasoning.mode, request.reasoning.budget) == ("on", 100)
    assert request.output is not None
    assert request.output.kind == "json_schema"
    assert (request.top_p, request.top_k, request.max_output) == (0.9, 3, 5)


def test_a_tool_of_the_host_stays_whole() -> None:
    request = decode_request(json.dumps({**FULL, "tools": [{"type": "search"}]}).encode())
    assert request.tools == (OpaqueTool(NAME, "search", {"type": "search"}),)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"model": ""}, "model"),
        ({"model": 3}, "model"),
        ({"messages": "x"}, "messages"),
        ({"messages": [3]}, "messages[0]"),
        ({"messages": [{"role": "king", "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "messages[0].tool_call_id"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages[0].content"),
        ({"documents": [3]}, "documents[0]"),
        ({"tools": [{"type": "function"}]}, "tools[0].function"),
        ({"p": "x"}, "p"),
        ({"stop_sequences": [1]}, "stop_sequences[0]"),
        ({"stream": "yes"}, "stream"),
    ],
)
def test_a_mistake_is_refused_with_its_path(change: dict[str, Any], path: str) -> None:
    with pytest.raises(Refused) as refused:
        decode_request(json.dumps({**FULL, **change}).encode())
    assert refused.value.failure.param == path
