"""What stands around chunks."""

import json

from counterpoint.dialects.gemini_generate.framing import Array, Events


def test_events() -> None:
    events = Events()
    assert events.frame(b"{}") == b"data: {}\n\n"
    assert events.end() == b""


def test_an_array() -> None:
    array = Array()
    assert json.loads(array.frame(b"1") + array.frame(b"2") + array.end()) == [1, 2]


def test_an_array_of_nothing() -> None:
    assert json.loads(Array().end()) == []
