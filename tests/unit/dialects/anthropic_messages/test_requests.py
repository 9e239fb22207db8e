"""Requests come back as they were, and each of their settings is understood."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from counterpoint.canonical import ChatRequest, Message, Text, Tool
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.anthropic_messages.requests import decode_request, encode_request
from counterpoint.dialects.base import Target

USER = {"role": "user", "content": "Hi"}
FULL: dict[str, Any] = {
    "model": "m",
    "max_tokens": 1024,
    "system": [{"type": "text", "text": "Be kind.", "cache_control": {"type": "ephemeral"}}],
    "messages": [
        USER,
        {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "f", "input": {"a": 1}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "2"}]},
        {"role": "system", "content": [{"type": "text", "text": "Now be brief."}]},
    ],
    "tools": [{"name": "f", "input_schema": {"type": "object"}}],
    "tool_choice": {"type": "any", "disable_parallel_tool_use": True},
    "temperature": 0,
    "top_p": 0.9,
    "top_k": 5,
    "stop_sequences": ["END"],
    "stream": True,
    "metadata": {"user_id": "u", "tag": "x"},
    "service_tier": "auto",
    "thinking": {"type": "enabled", "budget_tokens": 2048},
    "output_config": {"effort": "high", "format": {"type": "json_schema", "schema": {}}, "task_budget": {}},
    "container": "c1",
    "mcp_servers": [{"type": "url", "url": "https://a", "name": "n"}],
    "context_management": {"edits": []},
    "of_the_future": {"x": [1]},
}


def bytes_of(value: Any) -> bytes:
    return json.dumps(value).encode()


def through(value: dict[str, Any]) -> dict[str, Any]:
    encoded = encode_request(decode_request(bytes_of(value)), Target(value["model"]), NAME)
    assert encoded.losses == ()
    body: dict[str, Any] = json.loads(encoded.body)
    return body


def test_everything_comes_back() -> None:
    assert through(FULL) == FULL


@pytest.mark.parametrize(
    "change",
    [
        {"system": "Be kind."},
        {"system": ""},
        {"system": []},
        {"system": [{"type": "text", "text": "Be kind."}]},
        {"stream": False},
        {"stream": None, "temperature": None, "system": None, "stop_sequences": None, "tools": None},
        {"tools": [], "tool_choice": {"type": "none"}},
        {"stop_sequences": []},
        {"metadata": {}},
        {"metadata": {"user_id": None}},
        {"output_config": {}},
        {"output_config": {"effort": None}},
        {"output_config": {"format": {"type": "json_schema", "schema": {}}}, "output_format": None},
        {"output_format": {"type": "json_schema", "schema": {}}, "output_config": {"effort": "low"}},
        {"thinking": {"type": "adaptive"}},
        {"messages": []},
        {"messages": [{"role": "system", "content": "first"}, USER]},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}], "extra": 1}]},
        {"messages": [USER, USER]},
        {"cache_control": {"type": "ephemeral"}, "speed": "fast"},
    ],
    ids=str,
)
def test_every_way_of_writing_comes_back(change: dict[str, Any]) -> None:
    request = {"model": "m", "max_tokens": 1, "messages": [USER], **change}
    assert through(request) == request
    assert through({**request, "system": "s"}) == {**request, "system": "s"}


def test_what_the_hub_understands() -> None:
    request = decode_request(bytes_of(FULL))
    assert [message.role for message in request.messages] == [
        "system",
        "user",
        "assistant",
        "user",
        "system",
    ]
    assert (request.model, request.max_output, request.stop, request.user) == ("m", 1024, ("END",), "u")
    assert (request.temperature, request.top_p, request.top_k) == (0, 0.9, 5)
    assert request.tool_choice is not None
    assert (request.tool_choice.mode, request.parallel_tool_calls) == ("required", False)
    assert request.reasoning is not None
    assert (request.reasoning.mode, request.reasoning.budget, request.reasoning.effort) == (
        "on",
        2048,
        "high",
    )
    assert request.output is not None
    assert request.output.kind == "json_schema"
    assert request.stream
    assert request.include_usage
    assert set(request.extensions[NAME]) >= {"container", "mcp_servers", "of_the_future"}


def test_the_targets_model_is_asked_for() -> None:
    encoded = encode_request(decode_request(bytes_of(FULL)), Target("other"), NAME)
    assert json.loads(encoded.body)["model"] == "other"


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"model": None}, "model"),
        ({"model": 3}, "model"),
        ({"messages": None}, "messages"),
        ({"messages": {}}, "messages"),
        ({"messages": ["hi"]}, "messages[0]"),
        ({"messages": [{"content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages[0].content"),
        (
            {"messages": [USER, {"role": "user", "content": [{"type": "text"}]}]},
            "messages[1].content[0].text",
        ),
        ({"system": 1}, "system"),
        ({"system": [{"type": "text", "text": []}]}, "system[0].text"),
        ({"max_tokens": "many"}, "max_tokens"),
        ({"max_tokens": True}, "max_tokens"),
        ({"temperature": "hot"}, "temperature"),
        ({"stop_sequences": "END"}, "stop_sequences"),
        ({"stop_sequences": [1]}, "stop_sequences[0]"),
        ({"stream": "yes"}, "stream"),
        ({"metadata": []}, "metadata"),
        ({"thinking": {"budget_tokens": 1}}, "thinking.type"),
        ({"output_config": {"format": "json"}}, "output_config.format"),
        ({"tools": {}}, "tools"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_with_its_path(change: dict[str, Any], param: str) -> None:
    with pytest.raises(Refused) as caught:
        decode_request(bytes_of({**FULL, **change}))
    assert caught.value.failure.param == param
    assert caught.value.failure.kind.value == "bad_request"


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"x"', b"{", b"\xff\xfe", b'{"a":' * 200_000])
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        decode_request(body)


def nested(depth: int) -> bytes:
    """A result in a result in a result."""
    opened = b'{"type":"tool_result","tool_use_id":"t","content":['
    return b'{"model":"m","messages":[{"role":"user","content":[%b%b]}]}' % (opened * depth, b"]}" * depth)


def deep_tool(depth: int) -> Tool:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(depth):
        schema = {"type": "object", "properties": {"a": schema}}
    return Tool("f", parameters=schema, strict=True)


def outcome(attempt: Callable[[], Any]) -> str:
    try:
        attempt()
    except Refused as refused:
        return refused.failure.kind.value
    return "read"


@pytest.mark.parametrize("depth", [5, 100, 200, 300, 400, 480, 10_000])
def test_depth_is_read_or_refused(depth: int) -> None:
    def there_and_back() -> None:
        encode_request(decode_request(nested(depth)), Target("m"), NAME)

    assert outcome(there_and_back) in ("read", "bad_request")
    request = ChatRequest("m", (Message("user", (Text("Hi"),)),), (deep_tool(min(depth, 5000)),))
    assert outcome(lambda: encode_request(request, Target("m"), "openai-chat")) in ("read", "bad_request")


def test_what_is_not_deep_is_read() -> None:
    assert outcome(lambda: decode_request(nested(50))) == "read"


def test_thinking_of_another_model_does_not_go_to_the_maker() -> None:
    unsigned = {"type": "thinking", "thinking": "hm", "signature": ""}
    answer = {"role": "assistant", "content": [unsigned, {"type": "text", "text": "Yes"}]}
    silent = {"role": "assistant", "content": [unsigned]}
    claude = Target("claude-opus-5")
    request = decode_request(bytes_of({"model": "m", "messages": [USER, answer, silent, USER]}))
    encoded = encode_request(request, claude, NAME)
    assert json.loads(encoded.body)["messages"] == [
        USER,
        {"role": "assistant", "content": "Yes"},
        USER,
    ]
    assert [loss.path for loss in encoded.losses] == ["messages[1].content[0]", "messages[2].content[0]"]
    kept = encode_request(request, Target("m"), NAME)
    assert json.loads(kept.body)["messages"][1] == answer


def test_a_limit_is_always_sent_for_a_request_of_another_dialect() -> None:
    request = ChatRequest("m", (Message("user", (Text("Hi"),)),))
    encoded = encode_request(request, Target("m", max_output_default=77), "openai-chat")
    assert json.loads(encoded.body) == {"model": "m", "max_tokens": 77, "messages": [USER]}
    assert [loss.code for loss in encoded.losses] == ["max_output.default"]
