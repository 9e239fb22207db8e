"""What is read of answers and events that pass by."""

import pytest

from counterpoint.canonical import FailureKind, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.openai_operations.meters import PassingMeter


def test_an_answer_passes_and_is_read() -> None:
    meter = PassingMeter(Usage(characters=3))
    body = b'{"usage":{"input_tokens":2,"output_tokens":1}, "x":1}'
    assert meter.whole(body) is body
    assert meter.usage == Usage(input=2, output=1)


def test_what_the_answer_does_not_say_the_request_did() -> None:
    meter = PassingMeter(Usage(characters=3))
    meter.whole(b'{"results":[]}')
    assert meter.usage == Usage(characters=3)


def test_odd_fields_do_not_matter() -> None:
    meter = PassingMeter()
    meter.whole(b'{"data":"no list","usage":{"seconds":2}}')
    assert meter.usage == Usage(audio_seconds=2)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"error":{"message":"no","code":"nope"}}', b'{"error":"no"}']
)
def test_what_is_no_answer(body: bytes) -> None:
    with pytest.raises(Refused) as raised:
        PassingMeter().whole(body)
    assert raised.value.failure.message


def test_events() -> None:
    meter = PassingMeter()
    assert meter.event(b'{"type":"transcript.text.delta","delta":"x"}') is None
    assert (meter.ended, meter.complete) == (False, False)
    assert meter.event(b'{"type":"transcript.text.done","usage":{"seconds":1}}') is None
    assert (meter.ended, meter.complete, meter.usage) == (True, False, Usage(audio_seconds=1))
    assert meter.event(b"[DONE]") is None
    assert meter.complete


def test_an_event_that_tells_of_a_failure() -> None:
    failure = PassingMeter().event(
        b'{"type":"error","error":{"message":"busy","code":"rate_limit_exceeded"}}'
    )
    assert failure is not None
    assert failure.kind is FailureKind.rate_limited
    garbage = PassingMeter().event(b"{")
    assert garbage is not None
    assert garbage.kind is FailureKind.upstream_error
