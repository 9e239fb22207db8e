"""A stream folds to the same answer whatever its cuts; what breaks its grammar ends it with an error."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import (
    ChatResponse,
    ErrorEvent,
    FailureKind,
    Finish,
    Opaque,
    StreamEvent,
    Text,
    ToolCall,
    Usage,
    fold,
)
from counterpoint.dialects.anthropic_messages.streams import MessagesDecoder

START: dict[str, Any] = {
    "type": "message_start",
    "message": {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude",
        "content": [],
        "stop_reason": None,
        "usage": {
            "input_tokens": 9,
            "output_tokens": 1,
            "cache_creation_input_tokens": 8,
            "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 8},
        },
    },
}
STOP = {"type": "message_stop"}
END = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 30}}


def block(index: int, start: dict[str, Any], *deltas: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"type": "content_block_start", "index": index, "content_block": start},
        *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": index},
    ]


def text(words: str) -> dict[str, str]:
    return {"type": "text_delta", "text": words}


def piece(json_text: str) -> dict[str, str]:
    return {"type": "input_json_delta", "partial_json": json_text}


def sse(*events: dict[str, Any], named: bool = True) -> bytes:
    lines = [
        (b"event: %b\n" % event["type"].encode() if named else b"")
        + b"data: %b\n\n" % json.dumps(event, ensure_ascii=False).encode()
        for event in events
    ]
    return b"".join(lines)


WHOLE = sse(
    START,
    *block(0, {"type": "thinking", "thinking": "", "signature": ""},
           {"type": "thinking_delta", "thinking": "hm"}, {"type": "signature_delta", "signature": "S=="}),
    {"type": "ping"},
    *block(1, {"type": "text", "text": ""}, text("Été "), text("\u2028 à Nice"),
           {"type": "citations_delta", "citation": {"type": "page_location", "cited_text": "q"}}),
    *block(2, {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}}, piece('{"q":'), piece("1}")),
    *block(3, {"type": "web_search_tool_result", "tool_use_id": "s", "content": [{"x": 1}]}),
    *block(4, {"type": "tool_use", "id": "t1", "name": "f", "input": {}}, piece(""), piece('{"a"'), piece(":1}")),
    *block(5, {"type": "tool_use", "id": "t2", "name": "g", "input": {}}, piece("")),
    *block(6, {"type": "tool_use", "id": "t3", "name": "h", "input": {"all": True}}),
    {"type": "of_the_future"},
    {**END, "delta": {"stop_reason": "tool_use", "stop_sequence": None, "container": {"id": "c"}}},
    STOP,
)  # fmt: skip


def events_of(*chunks: bytes) -> list[StreamEvent]:
    decoder = MessagesDecoder()
    return [event for chunk in chunks for event in decoder.feed(chunk)] + decoder.close()


def answer_of(*chunks: bytes) -> ChatResponse:
    return fold(events_of(*chunks))


def failure_of(*chunks: bytes) -> ErrorEvent:
    last = events_of(*chunks)[-1]
    assert isinstance(last, ErrorEvent)
    return last


def test_the_whole_answer() -> None:
    answer = answer_of(WHOLE)
    thinking, words, search, found, *calls = answer.choices[0].parts
    assert (getattr(thinking, "text", ""), getattr(thinking, "signature", "")) == ("hm", "S==")
    assert isinstance(words, Text)
    assert words.text == "Été \u2028 à Nice"
    assert words.citations[0].quote == "q"
    assert isinstance(search, Opaque)
    assert search.value["input"] == {"q": 1}
    assert isinstance(found, Opaque)
    assert calls == [
        ToolCall("t1", "f", '{"a":1}'),
        ToolCall("t2", "g", "{}"),
        ToolCall("t3", "h", '{"all":true}'),
    ]
    assert answer.choices[0].finish == Finish("tool_calls", "tool_use")
    assert answer.usage == Usage(9, cache_write_1h=8, output=30)
    assert (answer.id, answer.model) == ("msg_1", "claude")


def test_it_is_complete_at_its_own_end_only() -> None:
    decoder = MessagesDecoder()
    decoder.feed(WHOLE[: WHOLE.index(b"event: message_stop")])
    assert not decoder.complete
    decoder.feed(WHOLE[WHOLE.index(b"event: message_stop") :])
    assert decoder.complete
    assert decoder.feed(b"more") == []
    assert decoder.close() == []


@given(st.lists(st.integers(0, len(WHOLE)), max_size=12))
def test_any_cut_folds_to_the_same(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(WHOLE)]
    chunks = [WHOLE[start:end] for start, end in itertools.pairwise(edges)]
    assert answer_of(*chunks) == answer_of(WHOLE)


def test_byte_by_byte_and_with_other_line_ends() -> None:
    assert answer_of(*(WHOLE[at : at + 1] for at in range(len(WHOLE)))) == answer_of(WHOLE)
    assert answer_of(WHOLE.replace(b"\n", b"\r\n")) == answer_of(WHOLE)


def test_events_without_names_are_read() -> None:
    events = [START, *block(0, {"type": "text", "text": "Hel"}, text("lo")), END, STOP]
    assert answer_of(sse(*events, named=False)).choices[0].parts == (Text("Hello"),)


def test_a_block_that_nobody_stopped_ends_with_the_message() -> None:
    started = block(0, {"type": "tool_use", "id": "t", "name": "f", "input": {}})[:1]
    assert answer_of(sse(START, *started, END, STOP)).choices[0].parts == (ToolCall("t", "f", "{}"),)


def test_an_error_event_ends_the_stream() -> None:
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Busy"}}
    event = failure_of(sse(START, error, END, STOP))
    assert (event.failure.kind, event.failure.message) == (FailureKind.overloaded, "Busy")


def test_an_early_end_is_a_failure() -> None:
    for chunks in ((), (sse(START),), (sse(START, END),), (WHOLE[:-40],)):
        assert failure_of(*chunks).failure.kind is FailureKind.upstream_error


@pytest.mark.parametrize(
    "events",
    [
        [{"type": "content_block_delta", "index": 0, "delta": text("x")}],
        [{"type": "content_block_stop", "index": 0}],
        [{"type": "content_block_stop"}],
        [{"type": "content_block_start", "index": 0}],
        [{"type": "content_block_start", "index": "0", "content_block": {"type": "text", "text": ""}}],
        [*block(0, {"type": "text", "text": ""})[:1], *block(0, {"type": "text", "text": ""})[:1]],
        block(0, {"type": "text", "text": ""}, piece("{}")),
        block(0, {"type": "text", "text": ""}, {"type": "text_delta", "text": 1}),
        block(0, {"type": "tool_use", "id": "t", "name": "f", "input": {}}, text("x")),
        block(0, {"type": "text", "text": ""}, {"type": "citations_delta", "citation": 1}),
        [{"type": "content_block_delta", "index": 0, "delta": None}],
        [{"type": "message_start", "message": 1}],
        [{"type": "message_delta", "delta": "x"}],
    ],
    ids=str,
)
def test_what_breaks_the_grammar_is_a_failure(events: list[dict[str, Any]]) -> None:
    assert failure_of(sse(*events)).failure.from_upstream


@given(st.lists(st.binary(max_size=30) | st.sampled_from([WHOLE[:200], WHOLE[200:900], b"data: {}\n\n"])))
def test_garbage_never_raises(chunks: list[bytes]) -> None:
    assert isinstance(events_of(*chunks)[-1], ErrorEvent) or b"message_stop" in b"".join(chunks)


def test_a_delta_of_the_future_changes_nothing() -> None:
    events = block(0, {"type": "text", "text": ""}, text("a"), {"type": "of_the_future", "x": 1}, text("b"))
    assert answer_of(sse(START, *events, END, STOP)).choices[0].parts == (Text("ab"),)
