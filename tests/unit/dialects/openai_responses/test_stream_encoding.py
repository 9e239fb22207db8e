"""Canonical events to a stream that the official client reads."""

from typing import Any

import openai.types.responses
import pytest
from pydantic import TypeAdapter

from counterpoint.canonical import (
    Audio,
    Citation,
    ErrorEvent,
    Failure,
    FailureKind,
    Finish,
    FinishEvent,
    Opaque,
    PartDelta,
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
from counterpoint.dialects.openai_responses.stream_encoding import ResponsesEncoder
from tests.unit.dialects.openai_responses.bodies import decoded, events_of, part, told

EVENT: TypeAdapter[Any] = TypeAdapter(openai.types.responses.ResponseStreamEvent)
END = FinishEvent(0, Finish("stop"))


def stream(*events: StreamEvent, asked: Any = None) -> tuple[ResponsesEncoder, bytes]:
    encoder = ResponsesEncoder("m", asked, lambda: 99.9)
    body = b"".join(map(encoder.encode, events)) + encoder.close()
    for event in told(body):
        if event["type"] != "error":
            EVENT.validate_python(event, strict=True)
    return encoder, body


def kinds(body: bytes) -> list[str]:
    return [event["type"].removeprefix("response.") for event in told(body)]


def test_the_whole_protocol() -> None:
    encoder, body = stream(
        StartEvent("r1", "model-1", 5),
        *part(0, Reasoning(), PartDelta(0, 0, "hm")),
        *part(1, Text(""), PartDelta(0, 1, "h"), PartDelta(0, 1, "i")),
        *part(2, ToolCall("c", "f"), PartDelta(0, 2, "{}", "arguments")),
        FinishEvent(0, Finish("tool_calls")),
        UsageEvent(Usage(input=3, output=4)),
        asked=decoded(instructions="be brief"),
    )
    assert kinds(body) == [
        "created",
        "in_progress",
        "output_item.added",
        "reasoning_summary_part.added",
        "reasoning_summary_text.delta",
        "reasoning_summary_text.done",
        "reasoning_summary_part.done",
        "output_item.done",
        "output_item.added",
        "content_part.added",
        "output_text.delta",
        "output_text.delta",
        "output_text.done",
        "content_part.done",
        "output_item.done",
        "output_item.added",
        "function_call_arguments.delta",
        "function_call_arguments.done",
        "output_item.done",
        "completed",
    ]
    events = told(body)
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    whole = events[-1]["response"]
    assert (whole["id"], whole["model"], whole["created_at"]) == ("resp_r1", "model-1", 5)
    assert whole["instructions"] == "be brief"
    assert [item["type"] for item in whole["output"]] == ["reasoning", "message", "function_call"]
    assert whole["usage"]["output_tokens"] == 4
    assert encoder.losses == ()


def test_calls_that_are_written_in_parallel_grow_side_by_side() -> None:
    first, second = (
        part(0, ToolCall("a", "f"), PartDelta(0, 0, "{}", "arguments")),
        part(1, ToolCall("b", "g", kind="custom"), PartDelta(0, 1, "x", "arguments")),
    )
    mixed = [first[0], second[0], second[1], first[1], first[2], second[2]]
    _, body = stream(*mixed, FinishEvent(0, Finish("tool_calls")))
    calls = [value for value in fold(events_of(body)).choices[0].parts if isinstance(value, ToolCall)]
    assert [(call.id, call.arguments, call.kind) for call in calls] == [
        ("a", "{}", "function"),
        ("b", "x", "custom"),
    ]


def test_words_that_follow_each_other_are_one_message() -> None:
    _, body = stream(*part(0, Text("a")), *part(1, Text("b")), *part(2, Refusal("c")), END)
    (item,) = told(body)[-1]["response"]["output"]
    assert [piece["type"] for piece in item["content"]] == ["output_text", "output_text", "refusal"]


def test_what_is_silent_is_not_heard_of() -> None:
    _, body = stream(*part(0, Text("")), *part(1, Reasoning()), END)
    assert kinds(body) == ["created", "in_progress", "completed"]


def test_citations_and_probabilities_stand_with_the_words() -> None:
    cited = PartDelta(0, 0, citation=Citation(url="https://a", title="A"))
    entry = {"token": "a", "logprob": -1.0}
    encoder, body = stream(*part(0, Text(""), PartDelta(0, 0, "a", logprobs=[entry]), cited), END)
    (item,) = told(body)[-1]["response"]["output"]
    assert item["content"][0]["annotations"][0]["url"] == "https://a"
    assert item["content"][0]["logprobs"][0]["token"] == "a"
    assert "output_text.annotation.added" in kinds(body)
    assert encoder.losses == ()


@pytest.mark.parametrize(
    ("events", "code"),
    [
        (
            part(0, Reasoning(), PartDelta(0, 0, "a"), PartDelta(0, 0, "S", "signature")),
            "reasoning.signature",
        ),
        (part(0, Reasoning(encrypted="E")), "reasoning.signature"),
        (part(0, Text("a"), PartDelta(0, 0, citation=Citation(document=0))), "text.citations"),
        (part(0, Opaque("elsewhere", "search", {})), "part.search"),
        (part(0, Audio(transcript="a")), "audio"),
        ([PartStart(1, 0, Text("b"))], "n"),
        ([StartEvent(service_tier="on_demand")], "service_tier"),
    ],
)
def test_what_cannot_be_said_is_declared(events: list[StreamEvent], code: str) -> None:
    encoder, _ = stream(*events, END)
    assert [loss.code for loss in encoder.losses] == [code]


def test_a_failure_is_told_twice_so_that_every_client_sees_it() -> None:
    failure = Failure(FailureKind.overloaded, "too many")
    encoder, body = stream(StartEvent("r"), *part(0, Text("a")), ErrorEvent(failure))
    failed, error = told(body)[-2:]
    assert (failed["type"], failed["response"]["error"]["message"]) == ("response.failed", "too many")
    assert error["error"]["message"] == "too many"
    assert encoder.close() == b""
    assert encoder.encode(END) == b""


def test_an_end_without_a_reason_is_a_failure() -> None:
    _, body = stream(StartEvent("r"), *part(0, Text("a")))
    assert kinds(body)[-2:] == ["failed", "error"]


def test_a_limit_is_an_incomplete_answer() -> None:
    _, body = stream(PartStart(0, 0, Text("a")), FinishEvent(0, Finish("length")))
    last = told(body)[-1]
    assert last["type"] == "response.incomplete"
    assert last["response"]["incomplete_details"] == {"reason": "max_output_tokens"}
    assert last["response"]["output"][0]["content"][0]["text"] == "a"
