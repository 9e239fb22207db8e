"""Past the hub: every byte but the model's name, and the few facts that must be known."""

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import FailureKind, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.anthropic_messages.relay import MessagesRelay, peek, read, rewrite
from counterpoint.dialects.base import Peek, Target
from counterpoint.wire.sse import SseReader

STREAM = (
    b'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","model":"claude",'
    b'"usage":{"input_tokens":9,"output_tokens":1}}}\n\n'
    b'event: ping\ndata: {"type": "ping"}\n\n'
    b'event: content_block_start\ndata: {"type":"content_block_start","index":0}\n\n'
    b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0}\n\n'
    b'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"max_tokens"},'
    b'"usage":{"output_tokens":30}}\n\n'
    b'event: message_stop\ndata: {"type":"message_stop"}\n\n'
)
FIRST = STREAM[: STREAM.index(b"event: ping")]


def test_a_peek_reads_what_routing_needs() -> None:
    assert peek(b'{"messages":[{"role":"user","content":"x"}],"stream":true,"model":"m"}') == Peek("m", True)
    assert peek(b'{"model":"m","stream":null}') == Peek("m", False)


@pytest.mark.parametrize(
    ("body", "param"),
    [
        (b"", None),
        (b"[]", None),
        (b"{}", "model"),
        (b'{"model":null}', "model"),
        (b'{"model":7}', "model"),
        (b'{"model":"m","stream":"yes"}', "stream"),
        (b'{"model":"\xff"}', None),
        (b'{"model":"m"', None),
        (b'{"a":' * 100_000, None),
    ],
)
def test_without_a_model_there_is_no_way(body: bytes, param: str | None) -> None:
    with pytest.raises(Refused) as caught:
        peek(body)
    failure = caught.value.failure
    assert failure.http_status == 400
    assert failure.param == param


def test_only_the_models_name_is_rewritten() -> None:
    body = b'{ "model":"anthropic/claude", "messages": [ ] , "temperature":1.0}'
    assert rewrite(body, peek(body), Target("claude")) == body.replace(b"anthropic/claude", b"claude")
    assert rewrite(body, peek(body), Target("anthropic/claude")) is body


def test_thinking_that_nobody_signed_is_taken_out() -> None:
    unsigned = {"type": "thinking", "thinking": "hm", "signature": ""}
    signed = {"type": "thinking", "thinking": "hm", "signature": "S"}
    said = {"type": "text", "text": '"signature":""'}
    messages: list[dict[str, Any]] = [
        {"role": "user", "content": "x"},
        {"role": "assistant", "content": [unsigned]},
        {"role": "assistant", "content": [unsigned, signed, said]},
    ]
    body = json.dumps({"model": "m", "messages": messages}).encode()
    kept = json.loads(rewrite(body, peek(body), Target("claude")))
    assert kept["model"] == "claude"
    assert kept["messages"] == [messages[0], {"role": "assistant", "content": [signed, said]}]
    assert rewrite(body, peek(body), Target("m")) is body
    quoted = json.dumps({"model": "m", "messages": [{"role": "user", "content": '"signature":""'}]}).encode()
    assert rewrite(quoted, peek(quoted), Target("claude")) == quoted.replace(b'"m"', b'"claude"')


@pytest.mark.parametrize("messages", ["x", [1], [{"content": [2, {"type": "thinking", "signature": ""}]}]])
def test_a_strange_request_is_left_to_its_upstream(messages: Any) -> None:
    body = json.dumps({"model": "m", "messages": messages, "x": {"signature": ""}}).encode()
    assert json.loads(rewrite(body, peek(body), Target("claude")))["model"] == "claude"


def test_a_whole_answer_is_read() -> None:
    reading = read(
        b'{"id":"msg_1","model":"claude","content":[],"stop_reason":"end_turn","usage":{"input_tokens":3}}'
    )
    assert (reading.usage, reading.finish, reading.model, reading.id) == (Usage(3), "stop", "claude", "msg_1")
    sloppy = read(b'{"content":[{"text":"\\ud83d"}],"usage":{"output_tokens":3}}')
    assert (sloppy.usage, sloppy.finish) == (Usage(output=3), None)


@pytest.mark.parametrize(
    "body",
    [
        b'{"type":"error","error":{"type":"api_error","message":"x"}}',
        b'{"type":"error","content":[]}',
        b"{}",
        b"<html>",
    ],
)
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        read(body)
    assert caught.value.failure.from_upstream


@given(st.lists(st.integers(0, len(STREAM)), max_size=10))
def test_every_byte_passes_whatever_the_cuts(cuts: list[int]) -> None:
    relay = MessagesRelay()
    edges = [0, *sorted(cuts), len(STREAM)]
    out = [relay.feed(STREAM[start:end]) for start, end in itertools.pairwise(edges)]
    assert b"".join(out) + relay.close() == STREAM
    assert relay.complete
    assert relay.failure is None
    reading = relay.reading
    assert reading.usage == Usage(9, output=30)
    assert (reading.finish, reading.model, reading.id) == ("length", "claude", "msg_1")


def test_whole_events_are_not_copied() -> None:
    relay = MessagesRelay()
    assert relay.feed(FIRST) is FIRST


def test_nothing_is_begun_before_a_whole_first_event() -> None:
    relay = MessagesRelay()
    relay.feed(FIRST[:-1])
    assert not relay.begun
    relay.feed(b'\nevent: ping\ndata: {"type":"ping"}\n\n')
    assert relay.begun


def test_an_error_in_place_of_the_answer_leaves_room_for_another_try() -> None:
    relay = MessagesRelay()
    relay.feed(
        b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Busy"}}\n\n'
    )
    assert not relay.begun
    assert relay.failure is not None
    assert relay.failure.kind is FailureKind.overloaded


def test_an_early_end_is_told_to_the_client() -> None:
    relay = MessagesRelay()
    assert relay.feed(FIRST + b"event: content_bl") == FIRST
    last = relay.close()
    (frame,) = SseReader().feed(last)
    assert frame.event == "error"
    assert relay.failure is not None
    assert not relay.complete


def test_before_the_first_event_there_is_nothing_to_tell() -> None:
    relay = MessagesRelay()
    assert relay.close() == b""
    assert relay.failure is not None


def test_an_end_without_its_blank_line_counts() -> None:
    relay = MessagesRelay()
    out = relay.feed(STREAM.rstrip(b"\n")) + relay.close()
    assert relay.complete
    assert out == STREAM.rstrip(b"\n")


def test_an_error_amid_the_stream_is_passed_on() -> None:
    relay = MessagesRelay()
    error = b'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"x"}}'
    out = relay.feed(FIRST + error) + relay.close()
    assert out == FIRST + error + b"\n\n"
    assert relay.failure is not None
    assert relay.feed(b"more") == b""


def test_events_without_names_are_read() -> None:
    relay = MessagesRelay()
    lines = [line for line in STREAM.split(b"\n") if not line.startswith(b"event:")]
    relay.feed(b"\n".join(lines) + b"data: not json\n\ndata: [1]\n\n: comment\n\n")
    assert relay.complete
    assert relay.reading.usage.output == 30
