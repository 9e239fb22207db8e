"""Events as chunks."""

import json
from typing import Any

from counterpoint.canonical import (
    ErrorEvent,
    Failure,
    FailureKind,
    Finish,
    FinishEvent,
    PartDelta,
    PartEnd,
    PartStart,
    Reasoning,
    StartEvent,
    StreamEvent,
    Text,
    Usage,
    UsageEvent,
)
from counterpoint.dialects.openai_completions.logprobs import decode_logprobs
from counterpoint.wire import SseReader
from tests.unit.dialects.openai_completions.bodies import DIALECT, LOGPROBS, USAGE, asked

EVENTS: list[StreamEvent] = [
    StartEvent("id", "model", 7),
    PartStart(0, 0, Reasoning()),
    PartDelta(0, 0, "Hm."),
    PartEnd(0, 0),
    PartStart(0, 1, Text("")),
    PartDelta(0, 1, "Hi there", logprobs=decode_logprobs(LOGPROBS)),
    PartEnd(0, 1),
    FinishEvent(0, Finish("stop")),
    UsageEvent(Usage(input=3, output=4)),
]


def chunks(events: list[StreamEvent], **fields: Any) -> tuple[list[dict[str, Any]], list[str]]:
    request = DIALECT.decode_request(asked(**fields))
    encoder = DIALECT.stream_encoder("m", include_usage=True, asked=request)
    frames = SseReader().feed(b"".join(map(encoder.encode, events)) + encoder.close())
    told = [frame.data for frame in frames if frame.data != b"[DONE]"]
    return [json.loads(data) for data in told], [loss.code for loss in encoder.losses]


def test_text_grows_and_thinking_is_declared() -> None:
    told, lost = chunks(EVENTS)
    assert "".join(choice["text"] for chunk in told for choice in chunk["choices"]) == "Hi there"
    assert told[0]["choices"][0]["logprobs"]["text_offset"] == [0, 2]
    assert told[-2]["choices"][0]["finish_reason"] == "stop"
    assert told[-1]["usage"] == USAGE
    assert lost == ["part.reasoning"]


def test_an_echo_comes_first() -> None:
    told, _ = chunks(EVENTS, echo=True)
    assert told[0]["choices"][0]["text"] == "OnceHi there"
    assert told[0]["choices"][0]["logprobs"]["text_offset"] == [4, 6]


def test_a_failure_ends_it() -> None:
    told, _ = chunks([*EVENTS[:6], ErrorEvent(Failure(FailureKind.upstream_error, "gone"))])
    assert told[-1]["error"]["message"] == "gone"
