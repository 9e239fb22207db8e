"""Server-sent events: the same frames from any cut, in every spelling that the standard allows."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.wire import Frame, FrameTooLong, SseCutter, SseReader, frame_of, sse_frame

LINE = st.sampled_from(
    [
        b"data: a",
        b"data:b",
        b"data",
        b"event: x",
        b": note",
        b"id: 1",
        b"retry: 5",
        b"",
        b" data: no",
        b"data: {}",
    ]
)
END = st.sampled_from([b"\n", b"\r\n", b"\r"])
STREAMS = st.lists(st.tuples(LINE, END), max_size=30).map(
    lambda lines: b"".join(line + end for line, end in lines)
)


def frames(pieces: list[bytes]) -> list[Frame]:
    reader = SseReader()
    return [frame for piece in pieces for frame in reader.feed(piece)] + reader.close()


def split(body: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(body) + 1) for place in places), len(body)]
    return [body[start:end] for start, end in itertools.pairwise(edges)]


@given(STREAMS, st.lists(st.integers(0, 1000), max_size=12))
def test_cuts_do_not_matter(body: bytes, places: list[int]) -> None:
    whole = frames([body])
    assert frames(split(body, places)) == whole
    assert frames([body[index : index + 1] for index in range(len(body))]) == whole


@given(STREAMS, st.lists(st.integers(0, 1000), max_size=12))
def test_the_pieces_of_a_stream_are_the_stream(body: bytes, places: list[int]) -> None:
    cutter = SseCutter()
    pieces = [event for piece in split(body, places) for event in cutter.feed(piece)]
    assert b"".join(pieces) + cutter.close() == body


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"data: one\n\ndata: two\n\n", [Frame(b"one"), Frame(b"two")]),
        (b"data: one\r\n\r\ndata:two\r\n\r\n", [Frame(b"one"), Frame(b"two")]),
        (b"data: one\r\rdata: two\r\r", [Frame(b"one"), Frame(b"two")]),
        (b"event: error\ndata: x\n\n", [Frame(b"x", "error")]),
        (b"data: two\ndata: lines\n\n", [Frame(b"two\nlines")]),
        (b": keep-alive\n\ndata: x\n\n", [Frame(b"x")]),
        (b"\xef\xbb\xbfdata: x\n\n", [Frame(b"x")]),
        (b"\n\n\ndata: x\n\n\n", [Frame(b"x")]),
        (b"data:  two spaces\n\n", [Frame(b" two spaces")]),
        (b"data\n\n", [Frame(b"")]),
        (b"event: alone\n\n", []),
        (b" data: not a field\n\n", []),
        (b"data: the last one has no end", [Frame(b"the last one has no end")]),
    ],
)
def test_what_the_standard_allows_is_understood(body: bytes, expected: list[Frame]) -> None:
    assert frames([body]) == expected


def test_an_event_without_end_is_refused_in_time() -> None:
    reader = SseReader(limit=100)
    reader.feed(b"data: " + b"x" * 90)
    with pytest.raises(FrameTooLong):
        reader.feed(b"x" * 90)


@given(st.binary(max_size=40).filter(lambda data: not set(data) & {10, 13}), st.sampled_from(["", "ping"]))
def test_what_is_written_can_be_read(data: bytes, event: str) -> None:
    assert frame_of(sse_frame(data, event)) == Frame(data, event)
