"""A stream in either form is cut into chunks, whatever pieces it comes in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.dialects.gemini_generate.chunks import ChunkCutter
from tests.unit.dialects.gemini_generate.bodies import array, chunk, sse

CHUNKS = [chunk({"text": 'a } "quoted" \\ ['}), chunk({"text": "b"}, reason="STOP")]


@given(st.data())
@pytest.mark.parametrize("body", [sse(*CHUNKS), array(*CHUNKS), b"\n " + array(*CHUNKS)])
def test_cut_anywhere(body: bytes, data: st.DataObject) -> None:
    places = sorted(data.draw(st.sets(st.integers(0, len(body)), max_size=8)))
    cutter = ChunkCutter()
    pieces = []
    for start, end in zip([0, *places], [*places, len(body)], strict=True):
        pieces += cutter.feed(body[start:end])
    read = [json.loads(found) for piece in pieces if (found := cutter.chunk(piece)) is not None]
    assert read == CHUNKS
    assert b"".join(pieces) + cutter.close() == body


def test_nothing_has_come_yet() -> None:
    cutter = ChunkCutter()
    assert cutter.feed(b" \n") == []
    assert not cutter.listed
    assert cutter.rest == b" \n"
    assert cutter.close() == b" \n"


def test_an_event_may_lack_its_blank_line_but_an_element_not_its_end() -> None:
    cutter = ChunkCutter()
    cutter.feed(b'data: {"a":1}\n')
    assert cutter.last(cutter.close()) == b'{"a":1}'
    cutter = ChunkCutter()
    cutter.feed(b'[{"a":')
    assert cutter.listed
    assert cutter.last(cutter.close()) is None
