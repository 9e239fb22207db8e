"""Amazon's event stream: what is written is read again from any cut, and what is damaged is refused."""

import struct
import uuid
from binascii import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoint.wire.eventstream import (
    MAX_HEADERS,
    MAX_PAYLOAD,
    BrokenFrame,
    Header,
    Message,
    MessageCutter,
    encode_message,
    event_message,
    exception_message,
    message_of,
)

VALUES = st.one_of(
    st.builds(Header, st.just("boolean"), st.booleans()),
    st.builds(Header, st.just("byte"), st.integers(-(2**7), 2**7 - 1)),
    st.builds(Header, st.just("short"), st.integers(-(2**15), 2**15 - 1)),
    st.builds(Header, st.just("integer"), st.integers(-(2**31), 2**31 - 1)),
    st.builds(Header, st.just("long"), st.integers(-(2**63), 2**63 - 1)),
    st.builds(Header, st.just("timestamp"), st.integers(-(2**63), 2**63 - 1)),
    st.builds(Header, st.just("bytes"), st.binary(max_size=40)),
    st.builds(Header, st.just("string"), st.text(max_size=20)),
    st.builds(Header, st.just("uuid"), st.uuids().map(str)),
)
MESSAGES = st.builds(
    Message, st.dictionaries(st.text(min_size=1, max_size=8), VALUES, max_size=4), st.binary(max_size=80)
)


def encoded(message: Message) -> bytes:
    return encode_message(message.headers, message.payload)


@given(st.lists(MESSAGES, max_size=5), st.lists(st.integers(1, 60), min_size=1, max_size=20))
@settings(max_examples=100)
def test_messages_are_read_again_from_any_cut(messages: list[Message], sizes: list[int]) -> None:
    stream = b"".join(map(encoded, messages))
    cutter, found, at = MessageCutter(), [], 0
    for turn in range(len(stream)):
        size = sizes[turn % len(sizes)]
        found += cutter.feed(stream[at : at + size])
        at += size
    assert b"".join(found) == stream
    assert [message_of(raw) for raw in found] == messages
    assert cutter.close() == b""


def read(stream: bytes) -> list[Message]:
    cutter = MessageCutter()
    found = [message_of(piece) for piece in cutter.feed(stream)]
    if cutter.broken:
        raise BrokenFrame("it cannot go on")
    return found


@given(MESSAGES, st.data())
@settings(max_examples=100)
def test_one_changed_bit_is_noticed(message: Message, data: st.DataObject) -> None:
    raw = bytearray(encoded(message))
    place = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[place // 8] ^= 1 << place % 8
    with pytest.raises(BrokenFrame):
        read(bytes(raw))


@given(st.binary(max_size=200))
def test_garbage_is_refused_or_waited_for(data: bytes) -> None:
    cutter = MessageCutter()
    try:
        for raw in cutter.feed(data):
            message_of(raw)
    except BrokenFrame:
        return
    assert len(cutter.rest) <= len(data)


@given(st.binary(max_size=60))
def test_hostile_headers_are_refused_or_read(head: bytes) -> None:
    lengths = struct.pack(">II", len(head) + 16, len(head))
    body = lengths + struct.pack(">I", crc32(lengths)) + head
    raw = body + struct.pack(">I", crc32(body))
    try:
        message = message_of(raw)
    except BrokenFrame:
        return
    assert message.payload == b""


def test_the_example_of_the_specification() -> None:
    """An empty message: its length, no headers, and both checksums."""
    raw = bytes.fromhex("000000100000000005c248eb7d98c8ff")
    assert message_of(raw) == Message({}, b"")
    assert encode_message({}, b"") == raw


def test_lengths_beyond_the_limits_are_refused_at_once() -> None:
    for total, headers in ((MAX_PAYLOAD + 17, 0), (MAX_HEADERS + 17, MAX_HEADERS + 1), (8, 0), (40, 30)):
        lengths = struct.pack(">II", total, headers)
        cutter = MessageCutter()
        assert cutter.feed(lengths + struct.pack(">I", crc32(lengths))) == []
        assert cutter.broken


def test_what_came_whole_before_the_damage_is_not_lost() -> None:
    raw, cutter = event_message("chunk", b"{}"), MessageCutter()
    assert cutter.feed(raw + b"no message at all") == [raw]
    assert cutter.broken
    assert cutter.feed(raw) == []
    assert cutter.rest.startswith(b"no message")


def test_what_is_too_large_is_not_written() -> None:
    for headers, payload in (
        ({}, bytes(MAX_PAYLOAD + 1)),
        ({"x" * 256: Header("boolean", True)}, b""),
        ({"x": Header("bytes", bytes(0x8000))}, b""),
        ({str(number): Header("bytes", bytes(0x7FFF)) for number in range(5)}, b""),
    ):
        with pytest.raises(BrokenFrame):
            encode_message(headers, payload)


def test_what_is_cut_off_can_be_told() -> None:
    cutter = MessageCutter()
    raw = event_message("chunk", b"{}")
    assert cutter.feed(raw + raw[:9]) == [raw]
    assert cutter.rest == cutter.close() == raw[:9]
    for piece in (raw[:-1], raw[:5]):
        with pytest.raises(BrokenFrame):
            message_of(piece)


def test_events_and_exceptions_say_what_they_are() -> None:
    event = message_of(event_message("messageStop", b'{"a":1}'))
    assert event.text(":event-type") == "messageStop"
    assert event.text(":message-type") == "event"
    assert event.text(":content-type") == "application/json"
    assert event.text(":exception-type") == ""
    failed = message_of(exception_message("throttlingException", b"{}"))
    assert (failed.text(":message-type"), failed.text(":exception-type")) == (
        "exception",
        "throttlingException",
    )
    number = Message({"a": Header("integer", 3), "u": Header("uuid", str(uuid.UUID(int=5)))}, b"")
    assert number.text("a") == ""
