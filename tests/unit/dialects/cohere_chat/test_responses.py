"""Whole answers, both ways."""

import json
from typing import Any

import pytest

from counterpoint.canonical import ChatResponse, Choice, Finish, Opaque, Reasoning, Text, ToolCall, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.cohere_chat.names import NAME
from counterpoint.dialects.cohere_chat.responses import decode_response, encode_response

CITATION = {
    "start": 0,
    "end": 2,
    "text": "Hi",
    "sources": [{"type": "document", "id": "d"}],
    "content_index": 1,
}
ANSWER: dict[str, Any] = {
    "id": "a",
    "finish_reason": "TOOL_CALL",
    "message": {
        "role": "assistant",
        "tool_plan": "I look.",
        "content": [{"type": "thinking", "thinking": "Hm"}, {"type": "text", "text": "Hi"}],
        "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
        "citations": [CITATION, {"type": "PLAN", "start": 0, "end": 1, "text": "I", "sources": []}],
        "new": 1,
    },
    "usage": {"billed_units": {"input_tokens": 3, "output_tokens": 2}, "cached_tokens": 1},
    "logprobs": [{"text": "Hi"}],
    "newer": 2,
}


def test_an_answer_comes_back_as_it_was() -> None:
    response = decode_response(json.dumps(ANSWER).encode())
    assert json.loads(encode_response(response, NAME).body) == ANSWER
    plan, thought, text, call = response.choices[0].parts
    assert isinstance(plan, Reasoning)
    assert isinstance(thought, Reasoning)
    assert isinstance(text, Text)
    assert isinstance(call, ToolCall)
    assert [(item.start, item.end) for item in text.citations] == [(0, 2)]
    assert response.usage == Usage(input=3, output=2)


@pytest.mark.parametrize(
    "message", [{"role": "assistant"}, {"content": []}, {"content": "Hi"}, {"content": None, "tool_plan": ""}]
)
def test_odd_messages_come_back_too(message: dict[str, Any]) -> None:
    body = {**ANSWER, "message": {"role": "assistant", **message}}
    response = decode_response(json.dumps(body).encode())
    assert json.loads(encode_response(response, NAME).body) == body


def test_what_is_no_call_stays_whole() -> None:
    body = {**ANSWER, "message": {"role": "assistant", "tool_calls": [{"id": "x"}]}}
    (part,) = decode_response(json.dumps(body).encode()).choices[0].parts
    assert part == Opaque(NAME, "tool_call", {"id": "x"})


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"message": "no"}', b"\xff"])
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        decode_response(body)


def test_an_answer_of_another_dialect() -> None:
    choice = Choice(0, (Reasoning("Hm"), Text("Hi")), Finish("length"))
    encoded = encode_response(
        ChatResponse("a", "m", (choice,), Usage(input=3, cache_read=4, output=2)), "openai-chat"
    )
    body = json.loads(encoded.body)
    assert body["message"]["content"] == ANSWER["message"]["content"]
    assert body["finish_reason"] == "MAX_TOKENS"
    assert body["usage"]["tokens"] == {"input_tokens": 7, "output_tokens": 2}
    assert body["usage"]["cached_tokens"] == 4
    assert encoded.losses == ()
