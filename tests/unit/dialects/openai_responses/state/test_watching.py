"""An answer on its way to the client."""

import json
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.dialects.openai_responses.state.watching import Watch, object_in
from tests.unit.dialects.openai_responses.bodies import completed, created, event, said, sse

STREAM = sse(created(), event("output_text.delta", delta="response.completed"), completed(said("hi")))


def events(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line[6:]) for line in data.split(b"\n") if line.startswith(b"data: {")]


def test_what_is_only_watched_passes_untouched() -> None:
    watch = Watch()
    out = watch.feed(STREAM)
    assert b"".join(out) == STREAM
    assert watch.end is not None
    assert watch.end.kind == "response.completed"
    assert watch.end.answer["output"]
    assert b"response.completed" in out[watch.at]


def test_an_amended_answer_says_so_wherever_it_is_told() -> None:
    watch = Watch({"store": True, "previous_response_id": "r"})
    told = events(b"".join(watch.feed(STREAM)))
    answers = [item["response"] for item in told if "response" in item]
    assert len(answers) >= 2
    assert all(answer["previous_response_id"] == "r" for answer in answers)
    assert [item["type"] for item in told] == [item["type"] for item in events(STREAM)]


def test_a_stream_in_the_background_is_numbered_anew_without_its_beginning() -> None:
    watch = Watch({"id": "mine"}, 2)
    told = events(b"".join(watch.feed(STREAM)))
    assert [item["sequence_number"] for item in told] == list(range(2, 2 + len(told)))
    assert "response.created" not in [item["type"] for item in told]
    assert watch.end is not None
    assert watch.end.answer["id"] == "mine"


@given(st.lists(st.integers(1, len(STREAM) - 1), max_size=8), st.booleans())
def test_cuts_change_nothing(cuts: list[int], amended: bool) -> None:
    amend = {"store": True} if amended else None
    whole = b"".join(Watch(amend).feed(STREAM))
    watch = Watch(amend)
    places = [0, *sorted(set(cuts)), len(STREAM)]
    out = [piece for a, b in pairwise(places) for piece in watch.feed(STREAM[a:b])]
    out += watch.close()
    if amended:
        assert b"".join(out) == whole
        assert watch.end is not None
    else:
        assert b"".join(out) == STREAM


@given(st.binary(max_size=200))
def test_whatever_passes_is_not_lost(data: bytes) -> None:
    watch = Watch()
    assert b"".join([*watch.feed(data), *watch.close()]) == data
    amending = Watch({"a": 1}, 5)
    amending.feed(b"event: x\ndata: " + data + b"\n\n")
    amending.close()


def test_only_answers_are_answers() -> None:
    assert object_in(b'{"output":[]}') == {"output": []}
    for body in (b"", b"[]", b"{}", b'{"output":5}', b"\xff"):
        assert object_in(body) is None
