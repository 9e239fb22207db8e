"""Answers come back as they were; answers of other dialects are ones that the maker's SDK reads."""

import json
from typing import Any

import pytest
from anthropic.types import Message as SdkMessage

from counterpoint.canonical import (
    ChatResponse,
    Choice,
    Finish,
    Opaque,
    Reasoning,
    Text,
    ToolCall,
    Usage,
)
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.anthropic_messages.responses import decode_response, encode_response

ANSWER: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude",
    "content": [
        {"type": "thinking", "thinking": "hm", "signature": "S"},
        {"type": "text", "text": "Hi", "citations": None},
        {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}},
        {"type": "tool_use", "id": "t", "name": "f", "input": {"a": 1}},
    ],
    "stop_reason": "tool_use",
    "stop_sequence": None,
    "stop_details": None,
    "container": {"id": "c", "expires_at": "2026-01-01T00:00:00Z"},
    "usage": {"input_tokens": 3, "output_tokens": 5, "service_tier": "standard", "inference_geo": "eu"},
    "of_the_future": [1],
}


def test_an_answer_comes_back() -> None:
    response = decode_response(json.dumps(ANSWER).encode())
    assert json.loads(encode_response(response, NAME).body) == ANSWER


def test_what_the_hub_understands() -> None:
    response = decode_response(json.dumps(ANSWER).encode())
    (choice,) = response.choices
    thinking, text, opaque, call = choice.parts
    assert isinstance(thinking, Reasoning)
    assert (thinking.text, thinking.signature) == ("hm", "S")
    assert isinstance(text, Text)
    assert isinstance(opaque, Opaque)
    assert call == ToolCall("t", "f", '{"a":1}')
    assert choice.finish == Finish("tool_calls", "tool_use")
    assert response.usage == Usage(3, output=5)
    assert (response.id, response.model, response.service_tier) == ("msg_1", "claude", "default")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"content":"x"}',
        b'{"type":"error","error":{"type":"overloaded_error","message":"Busy"}}',
        b'{"error":{"message":"no"}}',
    ],
)
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        decode_response(body)
    assert caught.value.failure.from_upstream


def test_a_sloppy_answer_is_still_read() -> None:
    body = b'{"content":[{"type":"text"},7,{"type":"tool_use","id":1}],"usage":{"input_tokens":"x"},"id":5}'
    (choice,) = decode_response(body).choices
    assert [type(part).__name__ for part in choice.parts] == ["Text", "ToolCall"]
    assert choice.finish is None


def test_an_answer_from_elsewhere_is_one_that_the_sdk_reads() -> None:
    parts = (Reasoning("hm"), Text("Hi"), ToolCall("fn:0", "f", "{}"))
    response = ChatResponse(
        "", "m", (Choice(0, parts, Finish("stop", "stop")),), Usage(3, cache_read=4, output=5)
    )
    encoded = encode_response(response, "openai-chat")
    message = SdkMessage.model_validate_json(encoded.body)
    assert message.id.startswith("msg_")
    assert [block.type for block in message.content] == ["thinking", "text", "tool_use"]
    assert message.stop_reason == "tool_use"
    assert (message.usage.input_tokens, message.usage.cache_read_input_tokens) == (3, 4)
    assert encoded.losses == ()


def test_nothing_said_is_an_empty_answer() -> None:
    message = SdkMessage.model_validate_json(encode_response(ChatResponse(model="m"), "local").body)
    assert (message.content, message.stop_reason) == ([], "end_turn")
