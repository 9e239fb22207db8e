"""What the relay reads of answers that pass by."""

import json
from typing import Any

import pytest

from counterpoint.canonical import FailureKind
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.gemini_generate.framing import Array, Events
from counterpoint.dialects.gemini_generate.relay import GenerateRelay, read
from tests.unit.dialects.gemini_generate.bodies import array, candidate, chunk, sse

USED = {"promptTokenCount": 3, "candidatesTokenCount": 2, "totalTokenCount": 5}
CALL = {"functionCall": {"name": "f"}}
STREAM = [chunk({"text": "a"}), chunk({"text": "b"}, reason="STOP", usageMetadata=USED)]
ERROR = {"error": {"code": 503, "message": "Busy.", "status": "UNAVAILABLE"}}


@pytest.mark.parametrize(
    ("body", "finish"),
    [
        ({"candidates": [candidate({"text": "a"})]}, "stop"),
        ({"candidates": [candidate(CALL)]}, "tool_calls"),
        ({"candidates": [{"finishReason": 2}]}, "length"),
        ({"candidates": [{}]}, None),
        ({"candidates": 3, "usageMetadata": {}}, None),
        ({"promptFeedback": {"blockReason": "SAFETY"}}, "content_filter"),
    ],
)
def test_a_whole_answer(body: Any, finish: str | None) -> None:
    told = {**body, "modelVersion": "m", "responseId": "r", "usageMetadata": USED}
    reading = read(json.dumps(told).encode())
    assert (reading.finish, reading.model, reading.id) == (finish, "m", "r")
    assert (reading.usage.input, reading.usage.output) == (3, 2)


def test_no_answer() -> None:
    for body in (b"", b"[]", b"{}", json.dumps(ERROR).encode()):
        with pytest.raises(Refused):
            read(body)


@pytest.mark.parametrize("body", [sse(*STREAM), array(*STREAM)])
def test_every_byte_passes(body: bytes) -> None:
    relay = GenerateRelay()
    passed = b"".join(relay.feed(body[place : place + 7]) for place in range(0, len(body), 7)) + relay.close()
    assert passed == body
    assert relay.begun
    assert relay.complete
    reading = relay.reading
    assert (reading.finish, reading.model, reading.id, reading.usage.output) == ("stop", "m", "r", 2)


@pytest.mark.parametrize("body", [sse(*STREAM), array(*STREAM)])
def test_in_the_form_that_the_client_wants(body: bytes) -> None:
    relay = GenerateRelay(Array())
    assert json.loads(relay.feed(body) + relay.close()) == STREAM
    relay = GenerateRelay(Events())
    assert (relay.feed(body) + relay.close()).count(b"data: ") == 2


def test_a_last_event_without_its_blank_line() -> None:
    relay = GenerateRelay(Array())
    assert json.loads(relay.feed(sse(*STREAM)[:-4]) + relay.close()) == STREAM


def test_every_candidate_must_end() -> None:
    relay = GenerateRelay()
    first = {"candidates": [candidate({"text": "a"}), candidate({"text": "b"}, reason=None, index=1)]}
    relay.feed(sse(first))
    assert not relay.complete
    relay.feed(sse({"candidates": [candidate({"text": "c"}, index=1)]}))
    assert relay.complete


def test_a_blocked_prompt_is_an_answer() -> None:
    relay = GenerateRelay()
    relay.feed(sse({"promptFeedback": {"blockReason": "SAFETY"}}))
    assert relay.complete
    assert relay.reading.finish == "content_filter"


@pytest.mark.parametrize("framing", [None, Array()])
def test_a_stream_that_is_cut_ends_in_an_error(framing: Any) -> None:
    relay = GenerateRelay(framing)
    passed = relay.feed(sse(STREAM[0])) + relay.close()
    assert relay.failure is not None
    assert relay.failure.kind is FailureKind.upstream_error
    assert b'"error"' in passed
    if framing is not None:
        assert "error" in json.loads(passed)[-1]


@pytest.mark.parametrize("framing", [None, Array()])
def test_an_error_within(framing: Any) -> None:
    relay = GenerateRelay(framing)
    passed = relay.feed(sse(STREAM[0], ERROR)) + relay.close()
    assert relay.failure is not None
    assert relay.failure.kind is FailureKind.unavailable
    assert b"Busy." in passed
    assert relay.feed(b"data: {}\n\n") == b""


def test_an_error_instead_of_a_stream() -> None:
    for framing in (None, Array()):
        relay = GenerateRelay(framing)
        assert relay.feed(json.dumps(ERROR).encode()) + relay.close() == b""
        assert relay.failure is not None
        assert relay.failure.kind is FailureKind.unavailable


def test_garbage_passes() -> None:
    relay = GenerateRelay()
    assert relay.feed(b"data: {no\n\ndata: 3\n\n") == b"data: {no\n\ndata: 3\n\n"
    assert not relay.begun
