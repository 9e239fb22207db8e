"""Streams: the same events from any cut, and an end that is said."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import ErrorEvent, PartDelta, Text, ToolCall, fold
from counterpoint.testing.conformance import decoded_stream, grammar_fault
from tests.unit.dialects.ollama.bodies import CALL, DIALECT, END, line, said

STREAM = (
    line(**said(thinking="Hm"))
    + line(**said(thinking="."))
    + line(**said(content="Hi"), logprobs=[{"token": "Hi", "logprob": -0.1}])
    + line(**said(content=" there"))
    + line(**said(tool_calls=[CALL]))
    + line(**said(), **END)
)


@given(st.lists(st.integers(0, len(STREAM)), max_size=9))
def test_the_same_from_any_cut(places: list[int]) -> None:
    edges = [0, *sorted(places), len(STREAM)]
    pieces = [STREAM[start:end] for start, end in itertools.pairwise(edges)]
    events = decoded_stream(DIALECT.stream_decoder(), pieces)
    assert events == decoded_stream(DIALECT.stream_decoder(), [STREAM])
    assert grammar_fault(events) == ""


def test_it_folds_to_the_whole_answer() -> None:
    decoder = DIALECT.stream_decoder()
    events = decoded_stream(decoder, [STREAM])
    assert decoder.complete
    answer = fold(events)
    _, text, call = answer.choices[0].parts
    assert text == Text("Hi there")
    assert isinstance(call, ToolCall)
    assert answer.choices[0].finish is not None
    assert answer.choices[0].finish.reason == "tool_calls"
    assert answer.choices[0].logprobs == {"content": [{"token": "Hi", "logprob": -0.1}]}
    assert answer.usage.output == 5


@pytest.mark.parametrize(
    "body",
    [
        b"",
        line(**said(content="Hi")),
        line(**said(content="Hi")) + b"<html>\n",
        line(**said(content="Hi")) + b'{"error":"gone"}\n',
        b'{"error":"gone"}',
        b"[]\n",
        b"{" * 100_000 + b"\n",
    ],
)
def test_an_early_end_is_an_error(body: bytes) -> None:
    events = decoded_stream(DIALECT.stream_decoder(), [body])
    assert isinstance(events[-1], ErrorEvent)
    assert sum(isinstance(event, ErrorEvent) for event in events) == 1


@given(st.binary(max_size=300))
def test_garbage_is_never_more_than_an_error(body: bytes) -> None:
    events = decoded_stream(DIALECT.stream_decoder(), [STREAM[:200], body])
    assert isinstance(events[-1], ErrorEvent) or any(isinstance(event, PartDelta) for event in events)
