"""What a relay reads of what passes by."""

import pytest

from counterpoint.canonical import Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.cohere_chat.relay import CohereRelay, read
from counterpoint.wire.sse import MAX_FRAME
from tests.unit.dialects.cohere_chat.test_streams import BODY, END, START, frames

WHOLE = (
    b'{"id": "a", "message": {"content": []}, "finish_reason": "COMPLETE",'
    b' "usage": {"tokens": {"input_tokens": 3, "output_tokens": 2}}}'
)


def test_a_whole_answer_is_read() -> None:
    reading = read(WHOLE)
    assert (reading.id, reading.finish, reading.usage) == ("a", "stop", Usage(input=3, output=2))
    odd = read(WHOLE.replace(b'"COMPLETE"', b"7").replace(b'"a"', b"7"))
    assert (odd.id, odd.finish, odd.usage) == (None, None, Usage(input=3, output=2))


@pytest.mark.parametrize("body", [b"", b"{}", b'{"message": "no"}', b"[1]"])
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        read(body)


def test_a_stream_passes_untouched_and_is_read() -> None:
    relay = CohereRelay()
    passed = b"".join(relay.feed(BODY[at : at + 7]) for at in range(0, len(BODY), 7)) + relay.close()
    assert passed == BODY
    assert (relay.begun, relay.complete, relay.failure) == (True, True, None)
    reading = relay.reading
    assert (reading.id, reading.finish, reading.usage) == ("a", "tool_calls", Usage(input=3, output=2))


def test_nothing_has_begun_with_the_first_event() -> None:
    relay = CohereRelay()
    assert relay.feed(frames(START))
    assert not relay.begun
    relay.feed(frames(END))
    assert relay.begun


def test_a_cut_ends_in_an_error_event() -> None:
    relay = CohereRelay()
    relay.feed(BODY[: len(BODY) // 2])
    assert b'"finish_reason":"ERROR"' in relay.close()
    assert relay.failure is not None


def test_a_plain_body_tells_its_failure() -> None:
    relay = CohereRelay()
    assert relay.feed(b'{"message": "model not found"}') == relay.close() == b""
    assert relay.failure is not None
    assert relay.failure.message == "model not found"


def test_a_failing_end_is_a_failure() -> None:
    relay = CohereRelay()
    relay.feed(frames(START, {"type": "message-end", "delta": {"error": "No.", "finish_reason": "ERROR"}}))
    assert relay.close() == b""
    assert relay.failure is not None
    assert relay.feed(b"more") == b""


def test_an_endless_event_is_a_failure() -> None:
    relay = CohereRelay()
    assert relay.feed(b"data: " + b"x" * (MAX_FRAME + 2)) == b""
    assert relay.failure is not None
