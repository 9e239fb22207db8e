"""Whole answers there and back."""

import json
from typing import Any

import pytest

from counterpoint.canonical import ChatResponse, Choice, Citation, Finish, Text, ToolCall, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.gemini_generate.names import NAME
from counterpoint.dialects.gemini_generate.responses import (
    cited,
    decode_response,
    encode_response,
    read_answer,
    tier_of,
)
from tests.unit.dialects.gemini_generate.bodies import answered, candidate

GROUNDED = {
    "groundingChunks": [{"web": {"uri": "https://a", "title": "A"}}],
    "groundingSupports": [{"segment": {"endIndex": 2}, "groundingChunkIndices": [0]}],
}


@pytest.mark.parametrize(
    "body",
    [
        {"candidates": [candidate({"text": "a"}, avgLogprobs=-1)], "modelVersion": "m", "responseId": "r"},
        {"candidates": [{"finishReason": 3, "content": {"role": "model"}}], "usageMetadata": {"x": 1}},
        {"candidates": [{"finishReason": "NEW"}]},
        {"candidates": [{"content": {"parts": [{"text": "a"}]}}]},
        {"candidates": [{"content": {}, "finishReason": "STOP"}]},
        {"candidates": [], "usageMetadata": {"promptTokenCount": 1}},
        {"candidates": [candidate({"text": "déjà"}, groundingMetadata=GROUNDED)]},
        {"candidates": [candidate({"text": "a"}), candidate({"text": "b"}, index=1)]},
    ],
)
def test_an_answer_comes_back_as_it_was(body: Any) -> None:
    encoded = encode_response(decode_response(json.dumps(body).encode()), NAME)
    assert encoded.losses == ()
    assert json.loads(encoded.body) == body


def test_a_call_is_what_it_waits_for() -> None:
    answer = answered({"functionCall": {"name": "f"}}, {"functionCall": {"name": "f"}})
    choice = answer.choices[0]
    assert choice.finish == Finish("tool_calls", "STOP")
    assert [part.id for part in choice.parts if isinstance(part, ToolCall)] == ["call_0", "call_1"]


def test_a_blocked_prompt_keeps_its_reason() -> None:
    body = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": {"promptTokenCount": 4}}
    answer = decode_response(json.dumps(body).encode())
    assert answer.choices[0].finish is not None
    assert answer.choices[0].finish.reason == "content_filter"
    assert answer.extensions[NAME]["promptFeedback"] == body["promptFeedback"]
    assert json.loads(encode_response(answer, NAME).body) == body


def test_sources_become_citations() -> None:
    (part,) = answered({"text": "ab"}, groundingMetadata=GROUNDED).choices[0].parts
    assert isinstance(part, Text)
    assert [(one.url, one.title, one.start, one.end) for one in part.citations] == [("https://a", "A", 0, 2)]
    assert cited((Text("ab"),), None) == (Text("ab"),)


def test_an_answer_of_another_dialect() -> None:
    choice = Choice(0, (Text("a", (Citation(url="u"),)),), Finish("length", "length"))
    encoded = encode_response(ChatResponse("", "m", (choice,), Usage(input=3, output=2)), "openai-chat")
    body = json.loads(encoded.body)
    assert body["candidates"] == [candidate({"text": "a"}, reason="MAX_TOKENS")]
    assert body["usageMetadata"] == {"promptTokenCount": 3, "candidatesTokenCount": 2, "totalTokenCount": 5}
    assert body["responseId"]
    assert [loss.code for loss in encoded.losses] == ["text.citations"]


def test_the_tier_that_served() -> None:
    assert tier_of({"serviceTier": "STANDARD"}) == "default"
    assert tier_of({"serviceTier": "PRIORITY"}) == "priority"
    assert tier_of({}) is None
    assert tier_of(None) is None


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"3", b"{}", b'{"error":{"code":500,"message":"x","status":"INTERNAL"}}']
)
def test_what_is_no_answer(body: bytes) -> None:
    for reader in (read_answer, decode_response):
        with pytest.raises(Refused):
            reader(body)
