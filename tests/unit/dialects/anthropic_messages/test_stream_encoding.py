"""Events become a stream that the maker's SDK reads: one open block at a time, not a byte lost."""

import json
from typing import Any

import anthropic
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import (
    Audio,
    Citation,
    ErrorEvent,
    Failure,
    FailureKind,
    Finish,
    FinishEvent,
    Image,
    Media,
    Opaque,
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
from counterpoint.dialects.anthropic_messages.names import NAME
from counterpoint.dialects.anthropic_messages.stream_encoding import MessagesEncoder
from counterpoint.dialects.anthropic_messages.streams import MessagesDecoder
from counterpoint.wire.sse import SseReader

DONE = FinishEvent(0, Finish("stop", "stop"))


def bytes_of(*events: StreamEvent) -> bytes:
    encoder = MessagesEncoder("m")
    return b"".join(map(encoder.encode, events)) + encoder.close()


def frames(raw: bytes) -> list[dict[str, Any]]:
    found = []
    for frame in SseReader().feed(raw):
        value = json.loads(frame.data)
        assert frame.event == value["type"]
        found.append(value)
    return found


def check_grammar(raw: bytes) -> list[dict[str, Any]]:
    """The events of a good stream; fails where it breaks the API's grammar."""
    events = frames(raw)
    assert events[0]["type"] == "message_start"
    assert [event["type"] for event in events[-2:]] == ["message_delta", "message_stop"]
    is_open, index = False, -1
    for event in events[1:-2]:
        if event["type"] == "content_block_start":
            assert not is_open
            index += 1
        is_open = event["type"] != "content_block_stop"
        assert event["index"] == index
    assert not is_open
    return events


def sdk_message(raw: bytes) -> Any:
    """What the maker's SDK makes of the stream."""

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=raw, headers={"content-type": "text/event-stream"})

    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    client = anthropic.Anthropic(api_key="k", http_client=http, max_retries=0)
    with client, client.messages.stream(model="m", max_tokens=1, messages=[]) as stream:
        return stream.get_final_message()


def part(index: int, value: Any, *deltas: PartDelta) -> list[StreamEvent]:
    return [PartStart(0, index, value), *deltas, PartEnd(0, index)]


def test_an_answer_as_the_sdk_reads_it() -> None:
    raw = bytes_of(
        StartEvent("id1", "claude"),
        *part(0, Reasoning(), PartDelta(0, 0, "hm"), PartDelta(0, 0, "sealed", "signature")),
        *part(1, Text("He"), PartDelta(0, 1, "llo")),
        *part(
            2,
            ToolCall("fn:0", "f"),
            PartDelta(0, 2, '{"a"', "arguments"),
            PartDelta(0, 2, ":1}", "arguments"),
        ),
        *part(3, ToolCall("c2", "g")),
        DONE,
        UsageEvent(Usage(3, cache_read=4, output=5)),
    )
    check_grammar(raw)
    message = sdk_message(raw)
    thinking, text, call, bare = message.content
    assert (thinking.thinking, thinking.signature) == ("hm", "")
    assert text.text == "Hello"
    assert (call.id, call.name, call.input) == ("cpx_666e3a30", "f", {"a": 1})
    assert bare.input == {}
    assert (message.id, message.model, message.stop_reason) == ("id1", "claude", "tool_use")
    assert (message.usage.input_tokens, message.usage.cache_read_input_tokens) == (3, 4)
    assert message.usage.output_tokens == 5


def test_a_stream_of_this_dialect_keeps_its_seals_and_blocks() -> None:
    own = {NAME: {"~maker": True}}
    events: list[StreamEvent] = [
        StartEvent("id1", "claude"),
        *part(0, Reasoning("", "", extensions=own), PartDelta(0, 0, "S", "signature")),
        *part(1, Reasoning(encrypted="E", extensions=own)),
        *part(2, Opaque(NAME, "server_tool_use", {"type": "server_tool_use", "id": "s", "input": {"q": 1}})),
        *part(
            3,
            Text("x"),
            PartDelta(0, 3, citation=Citation("q", extensions={NAME: {"~type": "page_location"}})),
        ),
        FinishEvent(0, Finish("pause", "pause_turn"), {NAME: {"container": {"id": "c"}}}),
        UsageEvent(Usage(1, output=2)),
    ]
    raw = bytes_of(*events)
    check_grammar(raw)
    decoder = MessagesDecoder()
    again = decoder.feed(raw) + decoder.close()
    wanted = fold(events)
    answer = fold(again)
    assert answer.choices[0].parts == wanted.choices[0].parts
    assert answer.usage == wanted.usage
    last = frames(raw)[-2]
    assert (last["delta"]["stop_reason"], last["delta"]["container"]) == ("pause_turn", {"id": "c"})


def test_text_goes_out_at_once_and_overlapping_calls_follow_each_other() -> None:
    encoder = MessagesEncoder("m")
    encoder.encode(StartEvent())
    assert b"Let me" in encoder.encode(PartStart(0, 0, Text("Let me")))
    encoder.encode(PartEnd(0, 0))
    assert b"tool_use" in encoder.encode(PartStart(0, 1, ToolCall("a", "f")))
    assert encoder.encode(PartStart(0, 2, ToolCall("b", "g"))) == b""
    assert b'{\\"x\\"' in encoder.encode(PartDelta(0, 1, '{"x"', "arguments"))
    assert encoder.encode(PartDelta(0, 2, "{}", "arguments")) == b""
    assert encoder.encode(PartEnd(0, 2)) == b""
    out = encoder.encode(PartEnd(0, 1))
    assert [event["type"].removeprefix("content_block_") for event in frames(out)] == [
        "stop",
        "start",
        "delta",
        "stop",
    ]


@given(st.data())
def test_no_byte_is_lost_however_parts_overlap(data: st.DataObject) -> None:
    kinds = data.draw(st.lists(st.sampled_from(["text", "call", "thinking"]), min_size=1, max_size=5))
    pieces = {
        index: data.draw(st.lists(st.text(min_size=1, max_size=4), max_size=4)) for index in range(len(kinds))
    }
    streams = []
    for index, kind in enumerate(kinds):
        field: Any = "arguments" if kind == "call" else "text"
        value = {"text": Text(""), "call": ToolCall(f"c{index}", "f"), "thinking": Reasoning()}[kind]
        streams.append(part(index, value, *(PartDelta(0, index, piece, field) for piece in pieces[index])))
    events: list[StreamEvent] = [StartEvent("i", "m")]
    while any(streams):
        chosen = data.draw(st.sampled_from([stream for stream in streams if stream]))
        events.append(chosen.pop(0))
    raw = bytes_of(*events, DONE)
    check_grammar(raw)
    decoder = MessagesDecoder()
    answer = fold(decoder.feed(raw) + decoder.close())
    got: dict[str, list[str]] = {"text": [], "thinking": []}
    calls: dict[str, str] = {}
    for value in answer.choices[0].parts:
        match value:
            case Text(text):
                got["text"].append(text)
            case Reasoning(text):
                got["thinking"].append(text)
            case ToolCall(call_id, _, arguments):
                calls[call_id] = arguments
    joined = {index: "".join(words) for index, words in pieces.items()}
    for kind in ("text", "thinking"):
        wanted = [joined[index] for index, other in enumerate(kinds) if other == kind and joined[index]]
        assert sorted(got[kind]) == sorted(wanted)
    assert calls == {f"c{i}": joined[i] or "{}" for i, kind in enumerate(kinds) if kind == "call"}


def test_parts_without_words_are_not_heard_of() -> None:
    raw = bytes_of(StartEvent(), *part(0, Text("")), *part(1, Reasoning()), *part(2, Text("x")), DONE)
    assert [block.text for block in sdk_message(raw).content] == ["x"]


def test_parts_that_nobody_ended_end_with_the_answer() -> None:
    raw = bytes_of(PartStart(0, 0, ToolCall("a", "f")), PartStart(0, 1, ToolCall("b", "g", "{}")), DONE)
    check_grammar(raw)
    assert [block.id for block in sdk_message(raw).content] == ["a", "b"]


def test_a_refusal_is_text_and_a_reason() -> None:
    message = sdk_message(bytes_of(*part(0, Refusal("No"), PartDelta(0, 0, ", thanks")), DONE))
    assert (message.content[0].text, message.stop_reason) == ("No, thanks", "refusal")


def test_free_text_of_a_custom_tool_becomes_an_object() -> None:
    call = ToolCall("a", "f", 'say "hi"', "custom")
    message = sdk_message(bytes_of(*part(0, call, PartDelta(0, 0, "\n!", "arguments")), DONE))
    assert message.content[0].input == {"input": 'say "hi"\n!'}


def test_what_has_no_block_is_left_out() -> None:
    raw = bytes_of(
        *part(0, Image(Media("url", "https://a"))),
        *part(1, Reasoning(encrypted="of another maker")),
        *part(2, Opaque("other", "x", {})),
        *part(3, Audio(), PartDelta(0, 3, "AAAA", "data"), PartDelta(0, 3, "Hi", "transcript")),
        PartDelta(0, 9, "of no part"),
        PartStart(1, 0, Text("another choice")),
        PartDelta(1, 0, "x"),
        PartEnd(1, 0),
        FinishEvent(1, Finish("length")),
        DONE,
    )
    check_grammar(raw)
    assert [block.text for block in sdk_message(raw).content] == ["Hi"]


def test_the_clients_name_for_the_model_is_shown_where_there_is_none() -> None:
    start = check_grammar(bytes_of(DONE))[0]["message"]
    assert start["model"] == "m"
    assert start["id"].startswith("msg_")


def test_a_failure_ends_the_stream_with_an_error_event() -> None:
    encoder = MessagesEncoder("m")
    encoder.encode(StartEvent())
    out = encoder.encode(ErrorEvent(Failure(FailureKind.overloaded, "Busy")))
    (event,) = frames(out)
    assert event["error"] == {"type": "overloaded_error", "message": "Busy"}
    assert encoder.encode(PartStart(0, 0, Text("late"))) == b""
    assert encoder.close() == b""


def test_an_end_without_a_reason_is_an_error() -> None:
    raw = bytes_of(StartEvent(), *part(0, Text("x")))
    assert frames(raw)[-1]["type"] == "error"
    with pytest.raises(anthropic.APIStatusError):
        sdk_message(raw)


def test_what_it_cannot_say_is_declared_once() -> None:
    encoder = MessagesEncoder("m")
    for event in (
        PartStart(0, 0, Text("")),
        PartDelta(0, 0, "a", logprobs=[{"token": "a"}]),
        PartDelta(0, 0, "b", logprobs=[{"token": "b"}]),
        PartDelta(0, 0, citation=Citation(url="https://x")),
        PartStart(1, 0, Text("other")),
        PartStart(0, 1, Opaque("elsewhere", "odd", {})),
        FinishEvent(0, Finish("stop")),
    ):
        encoder.encode(event)
    encoder.close()
    assert [(loss.code, loss.path) for loss in encoder.losses] == [
        ("logprobs", "choices[0].logprobs"),
        ("text.citations", "choices[0].parts[0].citations"),
        ("n", "choices[1]"),
        ("part.odd", "choices[0].parts[1]"),
    ]
