"""Events to streams: one block after the other, everything that cannot be said declared."""

import json
from collections.abc import Sequence

from counterpoint.canonical import (
    ErrorEvent,
    Failure,
    FailureKind,
    Finish,
    FinishEvent,
    Image,
    Media,
    PartDelta,
    PartEnd,
    PartStart,
    Reasoning,
    StartEvent,
    StreamEvent,
    Text,
    ToolCall,
    Usage,
    UsageEvent,
    fold,
)
from counterpoint.dialects.base import StreamEncoder
from counterpoint.testing.conformance import decoded_stream
from counterpoint.wire.eventstream import MessageCutter, message_of
from tests.unit.dialects.bedrock_converse.bodies import CONVERSE
from tests.unit.dialects.bedrock_converse.test_streams import STREAM

DONE: list[StreamEvent] = [FinishEvent(0, Finish("stop", "stop")), UsageEvent(Usage(input=3, output=2))]


def said(events: Sequence[StreamEvent]) -> tuple[list[tuple[str, dict[str, object]]], StreamEncoder]:
    encoder = CONVERSE.stream_encoder("m", include_usage=True)
    stream = b"".join(map(encoder.encode, events)) + encoder.close()
    messages = [message_of(raw) for raw in MessageCutter().feed(stream)]
    return [(item.text(":event-type"), json.loads(item.payload)) for item in messages], encoder


def test_its_own_stream_is_said_again() -> None:
    events = decoded_stream(CONVERSE.stream_decoder(), [STREAM])
    encoder = CONVERSE.stream_encoder("m", include_usage=True)
    again = b"".join(map(encoder.encode, events)) + encoder.close()
    assert encoder.losses == ()
    assert fold(decoded_stream(CONVERSE.stream_decoder(), [again])).choices == fold(events).choices


def test_parallel_calls_come_one_after_the_other() -> None:
    told, _ = said(
        [
            StartEvent(),
            PartStart(0, 0, ToolCall("a", "f")),
            PartStart(0, 1, ToolCall("b", "g")),
            PartDelta(0, 1, "{}", "arguments"),
            PartDelta(0, 0, '{"x":1}', "arguments"),
            PartEnd(0, 1),
            PartEnd(0, 0),
            *DONE,
        ]
    )
    kinds = [(kind, value.get("contentBlockIndex")) for kind, value in told]
    assert kinds == [
        ("messageStart", None),
        ("contentBlockStart", 0),
        ("contentBlockDelta", 0),
        ("contentBlockStop", 0),
        ("contentBlockStart", 1),
        ("contentBlockDelta", 1),
        ("contentBlockStop", 1),
        ("messageStop", None),
        ("metadata", None),
    ]
    assert told[-2][1] == {"stopReason": "tool_use"}


def test_a_part_that_says_nothing_is_not_heard_of() -> None:
    told, _ = said(
        [PartStart(0, 0, Text("")), PartEnd(0, 0), PartStart(0, 1, Text("Hi")), PartEnd(0, 1), *DONE]
    )
    assert [value["contentBlockIndex"] for kind, value in told if kind == "contentBlockStop"] == [0]


def test_free_text_becomes_an_object() -> None:
    events: list[StreamEvent] = [
        PartStart(0, 0, ToolCall("a", "f", kind="custom")),
        PartDelta(0, 0, 'say "x"', "arguments"),
    ]
    told, encoder = said([*events, PartEnd(0, 0), *DONE])
    pieces = [value["delta"]["toolUse"]["input"] for kind, value in told if kind == "contentBlockDelta"]  # type: ignore[index]
    assert json.loads("".join(pieces)) == {"input": 'say "x"'}
    assert [loss.code for loss in encoder.losses] == ["tool_call.custom"]


def test_seals_of_another_maker_are_declared() -> None:
    _, encoder = said(
        [PartStart(0, 0, Reasoning("hm")), PartDelta(0, 0, "sig", "signature"), PartEnd(0, 0), *DONE]
    )
    assert [loss.code for loss in encoder.losses] == ["reasoning.signature"]


def test_a_picture_is_said_when_it_is_whole() -> None:
    told, _ = said([PartStart(0, 0, Image(Media("data", "AAAA", "image/png"))), PartEnd(0, 0), *DONE])
    assert told[1][1]["start"] == {"image": {"format": "png"}}
    assert told[2][1]["delta"] == {"image": {"source": {"bytes": "AAAA"}}}


def test_a_stream_without_an_end_ends_in_an_exception() -> None:
    told, _ = said([StartEvent(), PartStart(0, 0, Text("Hi"))])
    assert told[-1][1]["message"]
    failed, _ = said([StartEvent(), ErrorEvent(Failure(FailureKind.overloaded, "busy"))])
    assert failed[-1][1] == {"message": "busy"}


def test_only_the_first_answer_is_heard() -> None:
    _, encoder = said([PartStart(0, 0, Text("a")), PartStart(1, 0, Text("b")), *DONE])
    assert [loss.code for loss in encoder.losses] == ["n"]
