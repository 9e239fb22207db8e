"""Streams: the same events from any cut, several answers at once, and the ways of hosts to end."""

import pytest

from counterpoint.canonical import ErrorEvent, Finish, Text, fold
from counterpoint.testing.conformance import cuts, decoded_stream, grammar_fault
from tests.unit.dialects.openai_completions.bodies import DIALECT, DONE, LOGPROBS, USAGE, choice, event

STREAM = (
    event(choice(text="Hi", logprobs=LOGPROBS), system_fingerprint="f")
    + event(choice(text="Ho", index=1))
    + event(choice(text=" there", finish_reason="length", stop_reason="x"))
    + event(choice(index=1, finish_reason="stop"))
    + event(usage=USAGE)
    + DONE
)


def test_the_same_from_any_cut() -> None:
    events = decoded_stream(DIALECT.stream_decoder(), [STREAM])
    assert grammar_fault(events) == ""
    for pieces in cuts(STREAM, "any"):
        assert decoded_stream(DIALECT.stream_decoder(), pieces) == events


def test_it_folds_to_the_whole_answer() -> None:
    answer = fold(decoded_stream(DIALECT.stream_decoder(), [STREAM]))
    first, second = answer.choices
    assert (first.parts, first.finish) == ((Text("Hi there"),), Finish("length", "length", "x"))
    assert (second.parts, second.finish) == ((Text("Ho"),), Finish("stop", "stop"))
    assert first.logprobs["content"][1]["token"] == " there"
    assert (answer.id, answer.created, answer.usage.output) == ("cmpl-1", 7, 4)


def test_a_stream_of_bare_values_ends_when_the_host_hangs_up() -> None:
    body = b'data: {"value":"Hi"}\n\ndata: {"value":" there"}\n\n'
    answer = fold(decoded_stream(DIALECT.stream_decoder(), [body]))
    assert answer.choices[0].parts == (Text("Hi there"),)


def test_the_end_may_be_missing_where_every_answer_has_ended() -> None:
    body = event(choice(text="Hi", finish_reason="stop"))
    assert not isinstance(decoded_stream(DIALECT.stream_decoder(), [body])[-1], ErrorEvent)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        event(choice(text="Hi")),
        event(choice(text="Hi")) + b"data: <html>\n\n",
        event(choice(text="Hi")) + b'data: {"error":{"message":"gone"}}\n\n',
        b'{"error":{"message":"gone"}}',
        b"data: []\n\n",
        DONE,
    ],
)
def test_an_early_end_is_an_error(body: bytes) -> None:
    events = decoded_stream(DIALECT.stream_decoder(), [body])
    assert [isinstance(item, ErrorEvent) for item in events].count(True) == 1
    assert isinstance(events[-1], ErrorEvent)
