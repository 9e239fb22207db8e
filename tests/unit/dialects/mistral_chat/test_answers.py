"""Answers of Mistral, whole and streamed, both ways."""

import json
from typing import Any

from counterpoint.canonical import (
    ChatResponse,
    Choice,
    Finish,
    FinishEvent,
    Opaque,
    PartDelta,
    PartEnd,
    PartStart,
    Reasoning,
    Refusal,
    StartEvent,
    StreamEvent,
    Text,
    ToolCall,
    Usage,
    UsageEvent,
    fold,
)
from counterpoint.dialects.mistral_chat.answers import (
    MistralStreamDecoder,
    MistralStreamEncoder,
    decode_response,
    encode_response,
)
from counterpoint.dialects.mistral_chat.names import NAME
from counterpoint.testing.conformance import decoded_stream
from counterpoint.wire.sse import SseReader

THOUGHT = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm"}]}
ANSWER: dict[str, Any] = {
    "id": "a",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": [
                    THOUGHT,
                    {"type": "text", "text": "Hi"},
                    {"type": "reference", "reference_ids": [1]},
                ],
                "tool_calls": [{"id": "abcdefghi", "function": {"name": "f", "arguments": "{}"}, "index": 0}],
            },
            "finish_reason": "tool_calls",
        }
    ],
    "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5, "num_cached_tokens": 1},
}


def test_an_answer_comes_back_as_it_was() -> None:
    response = decode_response(json.dumps(ANSWER).encode())
    assert json.loads(encode_response(response, NAME, 9).body) == ANSWER
    thought, text, reference, call = response.choices[0].parts
    assert isinstance(thought, Reasoning)
    assert isinstance(text, Text)
    assert isinstance(reference, Opaque)
    assert isinstance(call, ToolCall)
    assert (reference.dialect, reference.kind) == (NAME, "reference")
    assert response.usage == Usage(input=2, cache_read=1, output=2)


def test_an_answer_of_another_dialect() -> None:
    parts = (Reasoning("Hm"), Text("Hi"), Refusal(" No."), ToolCall("c", "f", "x", "custom"))
    encoded = encode_response(ChatResponse("a", "m", (Choice(0, parts, Finish("stop")),)), "openai-chat", 9)
    body = json.loads(encoded.body)
    message = body["choices"][0]["message"]
    assert message["content"] == [THOUGHT, {"type": "text", "text": "Hi No."}]
    assert message["tool_calls"][0]["function"] == {"name": "f", "arguments": '{"input":"x"}'}
    assert body["usage"] == {}
    assert [loss.code for loss in encoded.losses] == ["tool_call.custom"]


def told(*events: StreamEvent) -> tuple[list[Any], MistralStreamEncoder]:
    encoder = MistralStreamEncoder("m", lambda: 9.0)
    body = b"".join(map(encoder.encode, events)) + encoder.close()
    frames = SseReader().feed(body)
    assert frames[-1].data == b"[DONE]"
    return [json.loads(frame.data) for frame in frames[:-1]], encoder


def test_a_stream_has_a_choice_in_every_chunk_and_usage_in_the_last() -> None:
    chunks, encoder = told(
        StartEvent("a", "m"),
        PartStart(0, 0, Reasoning("")),
        PartDelta(0, 0, "Hm"),
        PartEnd(0, 0),
        PartStart(0, 1, Text("")),
        PartDelta(0, 1, "Hi"),
        PartEnd(0, 1),
        PartStart(0, 2, ToolCall("c", "f")),
        PartStart(0, 3, ToolCall("d", "g", "", "custom")),
        PartDelta(0, 2, "{", "arguments"),
        PartDelta(0, 3, "x", "arguments"),
        PartDelta(0, 2, "}", "arguments"),
        PartEnd(0, 2),
        PartEnd(0, 3),
        PartStart(0, 4, Refusal("No.")),
        PartEnd(0, 4),
        FinishEvent(0, Finish("tool_calls")),
        UsageEvent(Usage(input=3, output=2)),
    )
    assert all(chunk["choices"] for chunk in chunks)
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert {"content": [THOUGHT]} in deltas
    assert {"content": "Hi"} in deltas
    calls = [call["function"] for delta in deltas for call in delta.get("tool_calls", [])]
    assert calls == [{"name": "f", "arguments": "{}"}, {"name": "g", "arguments": '{"input":"x"}'}]
    assert chunks[-1]["choices"][0]["finish_reason"] == "tool_calls"
    assert chunks[-1]["usage"]["total_tokens"] == 5
    assert [loss.code for loss in encoder.losses] == ["tool_call.custom"]


def test_a_stream_is_said_again() -> None:
    choice = {"index": 0, "delta": {"role": "assistant", "content": [THOUGHT]}, "finish_reason": None}
    last = {"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}
    body = b"".join(
        b"data: %b\n\n" % json.dumps({"id": "a", "model": "m", "p": "x", "choices": [item]}).encode()
        for item in (choice, last)
    )
    events = decoded_stream(MistralStreamDecoder(), [body, b"data: [DONE]\n\n"])
    encoder = MistralStreamEncoder("m", lambda: 9.0)
    again = b"".join(map(encoder.encode, events)) + encoder.close()
    first, second = fold(events), fold(decoded_stream(MistralStreamDecoder(), [again]))
    assert [type(part) for part in first.choices[0].parts] == [Reasoning, Text]
    assert first.choices[0].parts == second.choices[0].parts
    assert first.extensions == {NAME: {"p": "x"}}


def test_nothing_is_said_of_usage_that_nobody_knows() -> None:
    chunks, _ = told(
        StartEvent("a", "m"), PartStart(0, 0, Text("Hi")), PartEnd(0, 0), FinishEvent(0, Finish("stop"))
    )
    assert "usage" not in chunks[-1]
