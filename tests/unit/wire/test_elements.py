import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.wire.elements import ElementCutter, element_of
from counterpoint.wire.sse import FrameTooLong

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='ab"\\{}[],é '),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.text(max_size=3), VALUES, max_size=3), max_size=4), st.data())
def test_elements_are_the_same_in_any_cut(elements: list[object], data: st.DataObject) -> None:
    body = json.dumps(elements, indent=data.draw(st.sampled_from([None, 2])), ensure_ascii=False).encode()
    edges = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=10)))
    cutter = ElementCutter()
    pieces = [
        piece
        for start, end in itertools.pairwise([0, *edges, len(body)])
        for piece in cutter.feed(body[start:end])
    ]
    assert b"".join(pieces) + cutter.rest == body
    assert [json.loads(element_of(piece)) for piece in pieces] == elements
    assert cutter.close().strip() in {b"]", b"[]"}
    assert cutter.rest == b""


def test_an_element_without_an_end_is_refused() -> None:
    cutter = ElementCutter(limit=100)
    with pytest.raises(FrameTooLong):
        cutter.feed(b'[{"text": "' + b"a" * 100)
