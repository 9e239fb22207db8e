"""Streams to events: the same from every cut, an error for whatever breaks the grammar."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoint.canonical import ErrorEvent, FailureKind, Opaque, Reasoning, Text, ToolCall, Usage, fold
from counterpoint.testing.conformance import decoded_stream, grammar_fault
from counterpoint.wire.eventstream import event_message, exception_message
from tests.unit.dialects.bedrock_converse.bodies import CONVERSE


def event(kind: str, **value: Any) -> bytes:
    return event_message(kind, json.dumps({**value, "p": "abc"}).encode())


def delta(index: int, **value: Any) -> bytes:
    return event("contentBlockDelta", contentBlockIndex=index, delta=value)


def start(index: int, **value: Any) -> bytes:
    return event("contentBlockStart", contentBlockIndex=index, start=value)


def stop(index: int) -> bytes:
    return event("contentBlockStop", contentBlockIndex=index)


BEGIN = event("messageStart", role="assistant")
END = event("messageStop", stopReason="end_turn")
USAGE = event(
    "metadata", usage={"inputTokens": 3, "outputTokens": 2, "totalTokens": 5}, metrics={"latencyMs": 1}
)
USE = {"toolUseId": "t", "name": "f"}
STREAM = b"".join(
    [
        BEGIN,
        delta(0, reasoningContent={"text": "hm"}),
        delta(0, reasoningContent={"signature": "sig"}),
        stop(0),
        delta(1, text="Hi"),
        delta(1, citation={"title": "t"}),
        stop(1),
        start(2, toolUse=USE),
        delta(2, toolUse={"input": '{"a":'}),
        delta(2, toolUse={"input": "1}"}),
        stop(2),
        start(3, toolUse={**USE, "type": "server_tool_use"}),
        delta(3, toolUse={"input": "{}"}),
        stop(3),
        start(4, toolResult={"toolUseId": "t", "type": "x"}),
        delta(4, toolResult=[{"text": "r"}]),
        stop(4),
        delta(5, reasoningContent={"redactedContent": "AA=="}),
        delta(5, reasoningContent={"redactedContent": "AQ=="}),
        stop(5),
        END,
        USAGE,
    ]
)


def test_every_kind_of_block_is_understood() -> None:
    events = decoded_stream(CONVERSE.stream_decoder(), [STREAM])
    assert grammar_fault(events) == ""
    answer = fold(events)
    assert answer.usage == Usage(input=3, output=2)
    thought, text, call, served, result, hidden = answer.choices[0].parts
    assert isinstance(thought, Reasoning)
    assert (thought.text, thought.signature) == ("hm", "sig")
    assert isinstance(text, Text)
    assert (text.text, text.citations[0].title) == ("Hi", "t")
    assert isinstance(call, ToolCall)
    assert (call.id, call.arguments) == ("t", '{"a":1}')
    assert isinstance(served, Opaque)
    assert served.value["toolUse"]["input"] == {}
    assert isinstance(result, Opaque)
    assert result.value["toolResult"]["content"] == [{"text": "r"}]
    assert isinstance(hidden, Reasoning)
    assert hidden.encrypted == "AAE="


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
@settings(max_examples=50)
def test_every_cut_gives_the_same(places: list[int]) -> None:
    edges = [0, *sorted(places), len(STREAM)]
    pieces = [STREAM[edges[index] : edges[index + 1]] for index in range(len(edges) - 1)]
    whole = decoded_stream(CONVERSE.stream_decoder(), [STREAM])
    assert decoded_stream(CONVERSE.stream_decoder(), pieces) == whole


@pytest.mark.parametrize(
    ("stream", "kind"),
    [
        (BEGIN + delta(0, text="a"), FailureKind.upstream_error),
        (b"garbage that is no event stream", FailureKind.upstream_error),
        (b'{"message": "Input is too long for it"}', FailureKind.upstream_error),
        (BEGIN + exception_message("throttlingException", b'{"message":"x"}'), FailureKind.rate_limited),
        (BEGIN + start(0, toolUse=USE) + delta(0, text="a"), FailureKind.upstream_error),
        (BEGIN + event("contentBlockDelta", delta={"text": "a"}), FailureKind.upstream_error),
        (BEGIN + event_message("messageStop", b"no json"), FailureKind.upstream_error),
        (BEGIN[:-1] + b"x", FailureKind.upstream_error),
        (b"", FailureKind.upstream_error),
    ],
)
def test_what_breaks_the_grammar_ends_in_an_error(stream: bytes, kind: FailureKind) -> None:
    events = decoded_stream(CONVERSE.stream_decoder(), [stream])
    last = events[-1]
    assert isinstance(last, ErrorEvent)
    assert last.failure.kind is kind
    one_by_one = [stream[place : place + 1] for place in range(len(stream))]
    assert decoded_stream(CONVERSE.stream_decoder(), one_by_one) == events


def test_usage_may_be_missing_but_a_reason_may_not() -> None:
    answer = fold(decoded_stream(CONVERSE.stream_decoder(), [BEGIN + delta(0, text="a") + stop(0) + END]))
    assert not answer.usage.reported
    assert answer.choices[0].parts == (Text("a"),)


def test_a_call_without_arguments_has_none() -> None:
    stream = BEGIN + start(0, toolUse=USE) + stop(0) + END + USAGE
    (call,) = fold(decoded_stream(CONVERSE.stream_decoder(), [stream])).choices[0].parts
    assert isinstance(call, ToolCall)
    assert call.arguments == "{}"
