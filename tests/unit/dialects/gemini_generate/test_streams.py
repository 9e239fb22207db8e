"""Streams to events."""

import json

import pytest

from counterpoint.canonical import (
    ErrorEvent,
    FailureKind,
    Finish,
    FinishEvent,
    PartDelta,
    Reasoning,
    StartEvent,
    Text,
    ToolCall,
    Usage,
    UsageEvent,
    fold,
)
from counterpoint.dialects.gemini_generate.streams import GenerateDecoder, broken
from tests.unit.dialects.gemini_generate.bodies import array, candidate, chunk, events_of, sse

USED = {"promptTokenCount": 3, "candidatesTokenCount": 2}
ERROR = {"error": {"code": 429, "message": "Slow down.", "status": "RESOURCE_EXHAUSTED"}}


def test_words_grow() -> None:
    events = events_of(
        sse(chunk({"text": "a"}), chunk({"text": "b"}), chunk(reason="STOP", usageMetadata=USED))
    )
    assert events[0] == StartEvent("r", "m")
    assert PartDelta(0, 0, "b") in events
    answer = fold(events)
    assert answer.choices[0].parts == (Text("ab"),)
    assert answer.choices[0].finish == Finish("stop", "STOP")
    assert answer.usage == Usage(input=3, output=2)


def test_an_array_is_the_same_as_events() -> None:
    chunks = [chunk({"text": "a"}), chunk({"text": "b"}, reason="STOP")]
    assert events_of(sse(*chunks)) == events_of(array(*chunks))


def test_thoughts_words_and_calls_are_parts_of_their_own() -> None:
    events = events_of(
        sse(
            chunk({"text": "hm", "thought": True}),
            chunk({"text": " so", "thought": True}),
            chunk({"text": "x"}),
            chunk({"text": ""}),
            chunk({"functionCall": {"name": "f", "args": {"a": 1}}, "thoughtSignature": "s"}),
            chunk({"functionCall": {"name": "f"}}, reason="STOP"),
        )
    )
    thought, words, first, second = fold(events).choices[0].parts
    assert isinstance(thought, Reasoning)
    assert thought.text == "hm so"
    assert words == Text("x")
    assert isinstance(first, ToolCall)
    assert isinstance(second, ToolCall)
    assert json.loads(first.arguments) == {"a": 1}
    assert first.id != second.id
    assert first.extensions["gemini-generate"]["thoughtSignature"] == "s"
    assert [event.finish.reason for event in events if isinstance(event, FinishEvent)] == ["tool_calls"]


def test_several_candidates() -> None:
    body = sse(
        {
            "candidates": [
                candidate({"text": "a"}, reason=None),
                candidate({"text": "b"}, reason=None, index=1),
            ]
        },
        {"candidates": [candidate(), candidate({"text": "c"}, reason="MAX_TOKENS", index=1)]},
    )
    first, second = fold(events_of(body)).choices
    assert (first.parts, second.parts) == ((Text("a"),), (Text("bc"),))
    assert second.finish == Finish("length", "MAX_TOKENS")


def test_a_blocked_prompt() -> None:
    decoder = GenerateDecoder()
    events = decoder.feed(sse({"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": USED}))
    assert decoder.complete
    assert decoder.close() == []
    assert fold(events).choices[0].finish == Finish("content_filter", "PROMPT_BLOCKED")
    assert any(isinstance(event, UsageEvent) for event in events)


def test_sources_are_told_at_the_end() -> None:
    grounded = {
        "groundingChunks": [{"web": {"uri": "https://a"}}],
        "groundingSupports": [{"segment": {"endIndex": 2}, "groundingChunkIndices": [0]}],
    }
    last = {"candidates": [candidate(groundingMetadata=grounded)]}
    answer = fold(events_of(sse(chunk({"text": "ab"}), last)))
    (part,) = answer.choices[0].parts
    assert isinstance(part, Text)
    assert part.citations[0].url == "https://a"
    assert answer.choices[0].extensions["gemini-generate"]["groundingMetadata"] == grounded


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (sse(chunk({"text": "a"})), FailureKind.upstream_error),
        (sse(chunk({"text": "a"}), ERROR), FailureKind.rate_limited),
        (sse([]), FailureKind.upstream_error),
        (b"data: {\n\n", FailureKind.upstream_error),
        (b"", FailureKind.upstream_error),
        (b'data: {"candidates":[3]}\n\n', FailureKind.upstream_error),
        (json.dumps(ERROR).encode(), FailureKind.rate_limited),
        (json.dumps([ERROR]).encode(), FailureKind.rate_limited),
    ],
)
def test_a_stream_that_fails_ends_in_an_error(body: bytes, kind: FailureKind) -> None:
    decoder = GenerateDecoder()
    events = decoder.feed(body) + decoder.close()
    assert isinstance(events[-1], ErrorEvent)
    assert events[-1].failure.kind is kind
    assert not decoder.complete
    assert decoder.feed(sse(chunk({"text": "b"}))) == []
    assert decoder.close() == []


def test_what_is_broken_is_the_upstreams_fault() -> None:
    failure = broken("dialects.upstream.cut")
    assert failure.from_upstream
    assert failure.message
