"""Streams to events, in any cut and however they break."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoint.canonical import ErrorEvent, FinishEvent, Reasoning, Text, ToolCall, Usage, fold
from counterpoint.dialects.cohere_chat.streams import CohereStreamDecoder, failure_in
from counterpoint.testing.conformance import decoded_stream, grammar_fault
from counterpoint.wire.sse import MAX_FRAME


def frames(*events: dict[str, Any]) -> bytes:
    return b"".join(b"event: %b\ndata: %b\n\n" % (e["type"].encode(), json.dumps(e).encode()) for e in events)


def said(kind: str, index: int | None = None, **message: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"type": kind, "delta": {"message": message}}
    return body if index is None else {**body, "index": index}


START = {"type": "message-start", "id": "a", "delta": {"message": {"role": "assistant"}}}
END = {
    "type": "message-end",
    "delta": {
        "finish_reason": "TOOL_CALL",
        "usage": {"billed_units": {"input_tokens": 3, "output_tokens": 2}},
    },
}
CITATION = {"start": 0, "end": 2, "text": "Hi", "sources": []}
CALL = {"id": "c", "type": "function", "function": {"name": "f", "arguments": ""}}
STREAM = (
    START,
    said("tool-plan-delta", tool_plan="I "),
    said("tool-plan-delta", tool_plan="look."),
    said("content-start", 0, content={"type": "thinking", "thinking": ""}),
    said("content-delta", 0, content={"thinking": "Hm"}),
    {"type": "content-end", "index": 0},
    said("content-start", 1, content={"type": "text", "text": ""}),
    said("content-delta", 1, content={"text": "Hi"}),
    said("citation-start", 0, citations={**CITATION, "content_index": 1}),
    {"type": "citation-end", "index": 0},
    said("citation-start", 1, citations={**CITATION, "type": "PLAN"}),
    {"type": "content-end", "index": 1},
    said("tool-call-start", 0, tool_calls=CALL),
    said("tool-call-delta", 0, tool_calls={"function": {"arguments": "{}"}}),
    {"type": "tool-call-end", "index": 0},
    {"type": "debug", "prompt": "x"},
    END,
)
NAMES = (
    "message",
    "content",
    "text",
    "tool_calls",
    "function",
    "citations",
    "type",
    "finish_reason",
    "error",
    "usage",
)
BODY = frames(*STREAM) + b"data: [DONE]\n\n"


def test_a_stream_folds_to_its_answer() -> None:
    events = decoded_stream(CohereStreamDecoder(), [BODY])
    assert grammar_fault(events) == ""
    answer = fold(events)
    plan, thought, text, call = answer.choices[0].parts
    assert isinstance(plan, Reasoning)
    assert isinstance(thought, Reasoning)
    assert isinstance(text, Text)
    assert isinstance(call, ToolCall)
    assert (plan.text, thought.text, text.text, call.arguments) == ("I look.", "Hm", "Hi", "{}")
    assert len(text.citations) == 1
    assert (answer.id, answer.usage) == ("a", Usage(input=3, output=2))
    finish = next(event for event in events if isinstance(event, FinishEvent))
    assert finish.finish.reason == "tool_calls"
    assert finish.extensions["cohere-chat"]["citations"] == [{**CITATION, "type": "PLAN"}]


@settings(max_examples=60)
@given(st.lists(st.integers(0, len(BODY)), max_size=8))
def test_any_cut_gives_the_same(places: list[int]) -> None:
    whole = decoded_stream(CohereStreamDecoder(), [BODY])
    cuts = [0, *sorted(places), len(BODY)]
    pieces = [BODY[start:end] for start, end in itertools.pairwise(cuts)]
    assert decoded_stream(CohereStreamDecoder(), pieces) == whole


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_garbage_ends_in_an_error(data: bytes) -> None:
    events = decoded_stream(CohereStreamDecoder(), [data])
    assert isinstance(events[-1], ErrorEvent)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(STREAM), max_size=12))
def test_events_in_any_order_keep_to_the_grammar(events: list[dict[str, Any]]) -> None:
    assert grammar_fault(decoded_stream(CohereStreamDecoder(), [frames(*events)])) == ""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (frames(START), "ended before"),
        (frames(START) + b"data: nonsense\n\n", "not valid JSON"),
        (b"data: 3\n\n", "not valid JSON"),
        (b'{"message": "model not found"}', "model not found"),
        (
            frames(START, {"type": "message-end", "delta": {"error": "No.", "finish_reason": "ERROR"}}),
            "No.",
        ),
        (b"data: " + b"x" * (MAX_FRAME + 2), "too long"),
    ],
)
def test_a_break_is_told(body: bytes, words: str) -> None:
    decoder = CohereStreamDecoder()
    last = decoded_stream(decoder, [body])[-1]
    assert isinstance(last, ErrorEvent)
    assert words in last.failure.message
    assert not decoder.complete
    assert decoder.feed(frames(START)) == decoder.close() == []


def test_pieces_that_nobody_began() -> None:
    body = frames(START, said("content-delta", 0, content={"text": "Hi"}), {**END, "delta": {}})
    answer = fold(decoded_stream(CohereStreamDecoder(), [body]))
    assert answer.choices[0].parts == (Text("Hi"),)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=100)
@given(st.sampled_from(STREAM), st.sampled_from(["delta", "index", "id"]), ANYTHING)
def test_events_may_hold_anything(event: dict[str, Any], name: str, value: Any) -> None:
    body = frames(START, {**event, name: value}, END)
    assert grammar_fault(decoded_stream(CohereStreamDecoder(), [body])) == ""


def test_an_ordinary_event_is_no_failure() -> None:
    assert failure_in(END) is None
    assert failure_in(START) is None
