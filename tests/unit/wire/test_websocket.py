"""Frames are read in any cut, and what is no frame is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from counterpoint.wire.websocket import (
    BINARY,
    CLOSE,
    TEXT,
    Message,
    MessageReader,
    WebSocketError,
    accept_of,
    closing,
    frame,
)

PAYLOADS = st.binary(max_size=300) | st.integers(120, 70_000).map(lambda size: b"x" * size)


@given(st.lists(PAYLOADS, max_size=4), st.booleans(), st.integers(1, 50_000))
def test_messages_come_out_as_they_went_in(payloads: list[bytes], masked: bool, cut: int) -> None:
    stream = b"".join(Frame(Opcode.BINARY, payload).serialize(mask=masked) for payload in payloads)
    reader = MessageReader()
    found = [message for at in range(0, len(stream), cut) for message in reader.feed(stream[at : at + cut])]
    assert found == [Message(BINARY, payload) for payload in payloads]


@given(PAYLOADS, st.booleans())
def test_what_we_write_is_read(payload: bytes, masked: bool) -> None:
    assert MessageReader().feed(frame(TEXT, payload, masked=masked)) == [Message(TEXT, payload)]


def test_fragments_are_one_message_and_pings_may_come_between() -> None:
    stream = (
        Frame(Opcode.TEXT, b"Hel", fin=False).serialize(mask=True)
        + Frame(Opcode.PING, b"?").serialize(mask=True)
        + Frame(Opcode.CONT, b"lo").serialize(mask=True)
        + closing(1001, "é" * 100, masked=True)
    )
    hello, end = MessageReader().feed(stream)
    assert hello == Message(TEXT, b"Hello")
    assert (end.opcode, end.data[:2], len(end.data) <= 125) == (CLOSE, (1001).to_bytes(2, "big"), True)
    assert end.data[2:].decode() == "é" * 61


@pytest.mark.parametrize(
    "stream",
    [
        b"\xc1\x00",  # an extension's bit
        Frame(Opcode.CONT, b"x").serialize(mask=False),
        Frame(Opcode.TEXT, b"x", fin=False).serialize(mask=False) * 2,
        b"\x82\x7f" + (2**40).to_bytes(8, "big"),
    ],
)
def test_what_is_no_websocket(stream: bytes) -> None:
    with pytest.raises(WebSocketError):
        MessageReader().feed(stream)


def test_fragments_count_together() -> None:
    reader = MessageReader(limit=10)
    reader.feed(Frame(Opcode.TEXT, b"123456", fin=False).serialize(mask=False))
    with pytest.raises(WebSocketError):
        reader.feed(Frame(Opcode.CONT, b"123456").serialize(mask=False))


def test_the_proof_of_section_1_3() -> None:
    assert accept_of(b"dGhlIHNhbXBsZSBub25jZQ==") == b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
