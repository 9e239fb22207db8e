"""Events to streams."""

import json
from typing import Any

import pytest

from counterpoint.canonical import (
    Audio,
    Citation,
    ErrorEvent,
    Failure,
    FailureKind,
    Finish,
    FinishEvent,
    Media,
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
from counterpoint.dialects.gemini_generate.framing import Array
from counterpoint.dialects.gemini_generate.stream_encoding import GenerateEncoder
from counterpoint.wire.sse import SseReader
from tests.unit.dialects.gemini_generate.bodies import chunk, events_of, sse

STOP = FinishEvent(0, Finish("stop"))


def encoded(*events: StreamEvent) -> tuple[list[Any], list[str]]:
    encoder = GenerateEncoder("m")
    body = b"".join(map(encoder.encode, events)) + encoder.close()
    losses = [loss.code for loss in encoder.losses]
    return [json.loads(frame.data) for frame in SseReader().feed(body)], losses


def parts_of(chunks: list[Any]) -> list[Any]:
    """Of all but the last chunk, which says nothing."""
    assert chunks[-1]["candidates"][0]["content"]["parts"] == [{"text": ""}]
    return [part for one in chunks[:-1] for part in one["candidates"][0]["content"]["parts"]]


def test_words_go_out_as_they_come_and_the_reason_at_the_end() -> None:
    chunks, losses = encoded(
        StartEvent("r", "n"),
        PartStart(0, 0, Text("")),
        PartDelta(0, 0, "a"),
        PartDelta(0, 0, "b"),
        PartEnd(0, 0),
        STOP,
        UsageEvent(Usage(input=3, output=2)),
    )
    assert parts_of(chunks) == [{"text": "a"}, {"text": "b"}]
    assert {(one["modelVersion"], one["responseId"]) for one in chunks} == {("n", "r")}
    assert chunks[-1]["candidates"][0]["finishReason"] == "STOP"
    assert chunks[-1]["usageMetadata"]["totalTokenCount"] == 5
    assert losses == []


def test_a_call_goes_out_whole() -> None:
    chunks, losses = encoded(
        PartStart(0, 0, ToolCall("1", "f")),
        PartDelta(0, 0, '{"a"', "arguments"),
        PartDelta(0, 0, ":1}", "arguments"),
        PartEnd(0, 0),
        FinishEvent(0, Finish("tool_calls")),
    )
    assert parts_of(chunks) == [{"functionCall": {"id": "1", "name": "f", "args": {"a": 1}}}]
    assert losses == []


def test_what_has_no_word_is_declared_once() -> None:
    chunks, losses = encoded(
        PartStart(0, 0, Reasoning("hm")),
        PartDelta(0, 0, "!"),
        PartDelta(0, 0, "s", "signature"),
        PartDelta(0, 0, "t", "signature"),
        PartEnd(0, 0),
        PartStart(0, 1, Text("x")),
        PartDelta(0, 1, citation=Citation(url="u")),
        PartEnd(0, 1),
        PartStart(0, 2, Refusal("no")),
        PartEnd(0, 2),
        PartStart(0, 3, Audio(Media("data", "", "audio/wav"), "")),
        PartDelta(0, 3, "AA==", "data"),
        PartDelta(0, 3, "hello", "transcript"),
        PartEnd(0, 3),
        PartDelta(0, 9, "lost"),
        FinishEvent(0, Finish("refusal")),
    )
    assert parts_of(chunks) == [
        {"text": "hm", "thought": True},
        {"text": "!", "thought": True},
        {"text": "x"},
        {"text": "no"},
        {"inlineData": {"mimeType": "audio/wav", "data": "AA=="}},
    ]
    assert losses == ["reasoning.signature", "text.citations", "audio.transcript", "finish.reason"]


def test_a_stream_of_its_own_dialect_is_said_again() -> None:
    body = sse(
        chunk({"text": "hm", "thought": True, "thoughtSignature": "s"}, createTime="t"),
        chunk({"text": "x", "thoughtSignature": "t"}),
        chunk({"functionCall": {"name": "f"}}, reason="STOP"),
    )
    encoder = GenerateEncoder("m")
    events = events_of(body)
    again = b"".join(map(encoder.encode, events)) + encoder.close()
    assert encoder.losses == ()
    first, second = fold(events), fold(events_of(again))
    assert first.choices[0].parts == second.choices[0].parts
    assert first.extensions == second.extensions


@pytest.mark.parametrize("framing", [None, Array()])
def test_a_failure_ends_the_stream(framing: Any) -> None:
    encoder = GenerateEncoder("m", framing)
    failure = Failure(FailureKind.overloaded, "Busy.")
    body = encoder.encode(PartStart(0, 0, Text("a"))) + encoder.encode(ErrorEvent(failure))
    assert b"Busy." in body
    if framing is not None:
        assert json.loads(body)[-1]["error"]["status"] == "UNAVAILABLE"
    assert encoder.encode(STOP) + encoder.close() == b""


def test_a_stream_without_an_end_is_no_answer() -> None:
    assert b'"error"' in GenerateEncoder("m").close()
