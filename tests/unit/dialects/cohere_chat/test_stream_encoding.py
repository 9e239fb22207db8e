"""Events to a stream that Cohere's clients read."""

import json
from typing import Any

from counterpoint.canonical import (
    Audio,
    Citation,
    ErrorEvent,
    Failure,
    FailureKind,
    Finish,
    FinishEvent,
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
from counterpoint.dialects.cohere_chat.stream_encoding import CohereStreamEncoder
from counterpoint.dialects.cohere_chat.streams import CohereStreamDecoder
from counterpoint.testing.conformance import decoded_stream
from counterpoint.wire.sse import SseReader
from tests.unit.dialects.cohere_chat.test_streams import BODY


def told(*events: StreamEvent) -> tuple[list[Any], list[str]]:
    encoder = CohereStreamEncoder()
    body = b"".join(map(encoder.encode, events)) + encoder.close()
    values = [json.loads(f.data) for f in SseReader().feed(body) if f.data != b"[DONE]"]
    return values, [loss.code for loss in encoder.losses]


STOP = FinishEvent(0, Finish("stop"))


def test_a_stream_is_said_again() -> None:
    events = decoded_stream(CohereStreamDecoder(), [BODY])
    encoder = CohereStreamEncoder()
    again = b"".join(map(encoder.encode, events)) + encoder.close()
    assert fold(decoded_stream(CohereStreamDecoder(), [again])) == fold(events)
    assert encoder.losses == ()


def test_contents_and_calls_are_numbered_apart() -> None:
    values, losses = told(
        StartEvent("a", "m"),
        PartStart(0, 0, Reasoning("Hm")),
        PartEnd(0, 0),
        PartStart(0, 1, Text("")),
        PartDelta(0, 1, "Hi"),
        PartStart(0, 2, ToolCall("c", "f")),
        PartStart(0, 3, ToolCall("d", "g", "{")),
        PartDelta(0, 3, "}", "arguments"),
        PartDelta(0, 1, citation=Citation(url="https://a.example", start=0, end=2)),
        PartEnd(0, 1),
        PartEnd(0, 2),
        PartEnd(0, 3),
        STOP,
        UsageEvent(Usage(input=3, output=2)),
    )
    kinds = [(value["type"], value.get("index")) for value in values]
    assert kinds[0] == ("message-start", None)
    assert ("content-start", 0) in kinds
    assert ("content-end", 1) in kinds
    assert ("tool-call-end", 1) in kinds
    cited = next(value for value in values if value["type"] == "citation-start")
    assert cited["delta"]["message"]["citations"]["text"] == "Hi"
    assert values[-1]["delta"]["usage"]["billed_units"] == {"input_tokens": 3, "output_tokens": 2}
    assert losses == []


def test_what_clients_do_not_know_is_adapted_or_lost() -> None:
    values, losses = told(
        PartStart(0, 0, Refusal("")),
        PartDelta(0, 0, "No."),
        PartEnd(0, 0),
        PartStart(0, 1, ToolCall("c", "f", "", "custom")),
        PartDelta(0, 1, "x = 1", "arguments"),
        PartEnd(0, 1),
        PartStart(0, 2, Audio()),
        PartEnd(0, 2),
        PartStart(0, 3, Reasoning("Hm")),
        PartDelta(0, 3, "s", "signature"),
        PartEnd(0, 3),
        PartStart(1, 0, Text("second")),
        FinishEvent(0, Finish("pause")),
    )
    assert "".join(str(value) for value in values).count("No.") == 1
    begun = next(value for value in values if value["type"] == "tool-call-start")
    assert json.loads(begun["delta"]["message"]["tool_calls"]["function"]["arguments"]) == {"input": "x = 1"}
    assert set(losses) == {"tool_call.custom", "part.audio", "reasoning.signature", "n", "finish.reason"}


def test_a_failure_ends_it() -> None:
    encoder = CohereStreamEncoder()
    encoder.encode(PartStart(0, 0, Text("Hi")))
    end = encoder.encode(ErrorEvent(Failure(FailureKind.upstream_error, "Cut.")))
    assert b'"finish_reason":"ERROR"' in end
    assert encoder.encode(STOP) == encoder.close() == b""


def test_a_stream_without_an_end_is_a_failure() -> None:
    encoder = CohereStreamEncoder()
    assert b"ended before" in encoder.close()
