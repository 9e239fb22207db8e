"""Bodies that are nearly those of another dialect."""

import json
from typing import Any

import pytest

from counterpoint.canonical import Text
from counterpoint.dialects.base import Target
from counterpoint.dialects.registry import CHAT

INVOKE, ANTHROPIC, OPENAI = CHAT["bedrock-invoke"], CHAT["anthropic-messages"], CHAT["openai-chat"]
VERSION = "bedrock-2023-05-31"
TURN = {"role": "user", "content": "a"}
BODIES: list[dict[str, Any]] = [
    {
        "anthropic_version": VERSION,
        "max_tokens": 5,
        "messages": [TURN],
        "anthropic_beta": ["x"],
        "unknown": 1,
    },
    {"anthropic_version": VERSION, "max_tokens": 5, "messages": [TURN], "stream": True},
    {
        "schemaVersion": "messages-v1",
        "messages": [{"role": "user", "content": [{"text": "a"}]}],
        "inferenceConfig": {"max_new_tokens": 5, "topK": 20, "stopSequences": ["x"]},
    },
    {"messages": [{"role": "user", "content": [{"text": "a"}]}], "system": [{"text": "s"}]},
    {"messages": [TURN], "max_tokens": 5, "temperature": 0.5},
]


@pytest.mark.parametrize("body", BODIES)
def test_every_body_comes_back(body: dict[str, Any]) -> None:
    request = INVOKE.decode_request(json.dumps(body).encode())
    encoded = INVOKE.encode_request(request, Target(""), INVOKE.name)
    assert json.loads(encoded.body) == body
    assert encoded.losses == ()


def test_what_nova_calls_otherwise_is_understood() -> None:
    request = INVOKE.decode_request(json.dumps(BODIES[2]).encode())
    assert (request.max_output, request.top_k, request.stop) == (5, 20, ("x",))


def test_a_body_for_claude_loses_nothing_from_the_messages_api() -> None:
    body = {"model": "claude-sonnet-4-5", "max_tokens": 5, "stream": True, "messages": [TURN], "top_k": 3}
    request = ANTHROPIC.decode_request(json.dumps(body).encode())
    encoded = INVOKE.encode_request(request, Target("anthropic.claude-sonnet-4-5"), ANTHROPIC.name)
    assert encoded.losses == ()
    assert json.loads(encoded.body) == {
        "anthropic_version": VERSION,
        "max_tokens": 5,
        "messages": [TURN],
        "top_k": 3,
    }


def test_pictures_by_address_are_declared() -> None:
    picture = {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}
    content = [{"type": "text", "text": "a"}, picture]
    body = {"model": "m", "messages": [{"role": "user", "content": content}]}
    request = OPENAI.decode_request(json.dumps(body).encode())
    encoded = INVOKE.encode_request(request, Target("anthropic.claude-sonnet-4-5"), OPENAI.name)
    assert "part.image" in {loss.code for loss in encoded.losses}


def test_nova_is_asked_in_its_own_words() -> None:
    body = {"model": "m", "messages": [TURN], "max_tokens": 5}
    request = OPENAI.decode_request(json.dumps(body).encode())
    encoded = INVOKE.encode_request(request, Target("amazon.nova-lite-v1:0"), OPENAI.name)
    assert json.loads(encoded.body) == {
        "schemaVersion": "messages-v1",
        "messages": [{"role": "user", "content": [{"text": "a"}]}],
        "inferenceConfig": {"maxTokens": 5},
    }


def test_claudes_answer_comes_back() -> None:
    body = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude",
        "content": [{"type": "text", "text": "b"}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }
    response = INVOKE.decode_response(json.dumps(body).encode())
    assert response.choices[0].parts == (Text("b"),)
    assert json.loads(INVOKE.encode_response(response, INVOKE.name).body) == body


def test_a_body_of_chat_completions_is_one_for_hosts_of_chat_completions() -> None:
    """Names, marks and grammars are the maker's own words in either envelope."""
    said = [{"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}}]
    grammar = {"type": "custom", "custom": {"name": "t", "format": {"type": "text"}}}
    result = {"role": "tool", "tool_call_id": "1", "name": "f", "content": "b"}
    call = {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    messages = [{"role": "user", "content": said}, {"role": "assistant", "tool_calls": [call]}, result]
    body = {"messages": messages, "tools": [grammar], "max_tokens": 5}
    encoded = OPENAI.encode_request(
        INVOKE.decode_request(json.dumps(body).encode()), Target("m"), INVOKE.name
    )
    assert encoded.losses == ()
    assert json.loads(encoded.body) == {**body, "model": "m"}
