"""Streams: the grammar, what hosts make of it, and its breaches."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import (
    ErrorEvent,
    FailureKind,
    FinishEvent,
    Refusal,
    StartEvent,
    Text,
    ToolCall,
    Usage,
    fold,
)
from counterpoint.dialects.openai_responses.streams import ResponsesDecoder
from counterpoint.testing.conformance import grammar_fault
from tests.unit.dialects.openai_responses.bodies import (
    answer,
    call,
    completed,
    created,
    event,
    events_of,
    said,
    sse,
)

STREAM = sse(
    created(),
    event("output_item.added", item={"type": "message", "id": "msg_1", "role": "assistant", "content": []}),
    event("content_part.added", item_id="msg_1", content_index=0, part={"type": "output_text", "text": ""}),
    event("output_text.delta", item_id="msg_1", content_index=0, delta="h"),
    event("output_text.delta", item_id="msg_1", content_index=0, delta="é"),
    event("output_item.done", item=said("hé")),
    event("output_item.added", item=call(""), output_index=1),
    event("function_call_arguments.delta", delta="{}", output_index=1),
    event("output_item.done", item=call("{}"), output_index=1),
    completed(said("hé"), call("{}")),
)


def test_a_stream_is_understood() -> None:
    events = events_of(STREAM)
    assert grammar_fault(events) == ""
    whole = fold(events)
    assert (whole.id, whole.model, whole.created) == ("resp_1", "m", 7)
    text, tool = whole.choices[0].parts
    assert isinstance(text, Text)
    assert isinstance(tool, ToolCall)
    assert (text.text, tool.id, tool.arguments) == ("hé", "c1", "{}")
    assert whole.usage == Usage(input=3, output=2)
    assert whole.choices[0].finish is not None
    assert whole.choices[0].finish.reason == "tool_calls"


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_any_cut_gives_the_same(places: list[int]) -> None:
    decoder = ResponsesDecoder()
    cuts = [0, *sorted(places), len(STREAM)]
    pieces = [STREAM[start:end] for start, end in pairwise(cuts)]
    events = [found for piece in pieces for found in decoder.feed(piece)]
    assert events + decoder.close() == events_of(STREAM)
    assert decoder.complete


def test_the_whole_answer_tells_what_no_event_did() -> None:
    events = events_of(sse(created(), completed(said("hi"), call("{}"))))
    assert grammar_fault(events) == ""
    assert [type(part) for part in fold(events).choices[0].parts] == [Text, ToolCall]


def test_a_refusal_and_an_early_end() -> None:
    refusal = {"type": "message", "id": "m", "content": [{"type": "refusal", "refusal": "no"}]}
    cut = answer(refusal, status="incomplete", incomplete_details={"reason": "max_output_tokens"})
    body = sse(
        created(), event("refusal.delta", content_index=0, delta="no"), event("incomplete", response=cut)
    )
    whole = fold(events_of(body))
    (part,) = whole.choices[0].parts
    assert isinstance(part, Refusal)
    assert whole.choices[0].finish is not None
    assert whole.choices[0].finish.reason == "length"


def test_progress_of_the_hosts_tools_says_nothing() -> None:
    body = sse(created(), event("web_search_call.searching", item_id="ws"), completed())
    assert isinstance(events_of(body)[0], StartEvent)
    assert isinstance(events_of(body)[-1], FinishEvent)
    assert fold(events_of(body)).choices[0].parts == ()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (STREAM[:-200], "upstream_error"),
        (b"", "upstream_error"),
        (b"data: {nonsense\n\n", "upstream_error"),
        (b"data: []\n\n", "upstream_error"),
        (b'{"error":{"message":"slow","code":"rate_limit_exceeded"}}', "rate_limited"),
        (sse(created(), {"type": "error", "code": "rate_limit_exceeded", "message": "x"}), "rate_limited"),
        (sse(event("failed", response=answer(status="failed", error={"code": "x"}))), "upstream_error"),
        (sse(event("completed", response="odd")), "upstream_error"),
    ],
)
def test_a_breach_ends_in_an_error(body: bytes, kind: str) -> None:
    last = events_of(body)[-1]
    assert isinstance(last, ErrorEvent)
    assert last.failure.kind is FailureKind(kind)


def test_after_the_end_nothing_counts() -> None:
    decoder = ResponsesDecoder()
    decoder.feed(STREAM)
    assert decoder.feed(sse(created(), event("output_text.delta", delta="x"))) == []
    assert decoder.close() == []


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["type", "item", "part", "delta", "output_index", "response", "output"]),
                inner,
            )
        ),
    )
)
def test_hostile_events_never_raise(value: Any) -> None:
    for kind in (
        "output_item.added",
        "output_item.done",
        "content_part.added",
        "output_text.delta",
        "completed",
    ):
        fields = value if isinstance(value, dict) else {"item": value, "response": value, "part": value}
        events_of(sse(created(), {**fields, "type": f"response.{kind}"}))
