"""Lines of JSON: whole whatever the cuts, and never a byte lost."""

import itertools
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.wire.ndjson import LineCutter, ndjson_line
from counterpoint.wire.sse import FrameTooLong

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def cut(body: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(body) + 1) for place in places), len(body)]
    return [body[start:end] for start, end in itertools.pairwise(edges)]


@given(st.lists(VALUES, max_size=6), st.lists(st.integers(0, 10_000), max_size=8))
def test_values_come_out_as_they_went_in_whatever_the_cuts(values: list[Any], places: list[int]) -> None:
    body = b"".join(ndjson_line(msgspec.json.encode(value)) for value in values)
    cutter = LineCutter()
    lines = [line for piece in cut(body, places) for line in cutter.feed(piece)]
    assert [json.loads(line) for line in lines] == values
    assert cutter.close() == b""


@given(st.binary(max_size=200), st.lists(st.integers(0, 300), max_size=8))
def test_no_byte_is_lost_and_the_cuts_do_not_matter(body: bytes, places: list[int]) -> None:
    whole, cutter = LineCutter(), LineCutter()
    lines = [line for piece in cut(body, places) for line in cutter.feed(piece)]
    assert lines == whole.feed(body)
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in lines)
    assert cutter.rest == whole.rest
    assert b"".join(lines) + cutter.close() == body


def test_a_line_without_an_end_is_bounded() -> None:
    cutter = LineCutter(limit=10)
    assert cutter.feed(b"0123456789\n01234") == [b"0123456789\n"]
    with pytest.raises(FrameTooLong):
        cutter.feed(b"567890")
