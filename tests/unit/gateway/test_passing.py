"""Answers of relayed operations: gathered, or passed on as they come."""

import pytest

from counterpoint.canonical import FailureKind, Usage
from counterpoint.dialects.base import Target
from counterpoint.dialects.registry import CHAT, RELAYED
from counterpoint.gateway.passing import Passed


def answer(name: str = "openai-speech", body: bytes = b'{"input":"abc"}') -> Passed:
    meter = RELAYED[name].meter(body, "application/json", Target("m"))
    return Passed(meter, CHAT["openai-chat"])


def test_nothing_is_charged_before_the_host_answers() -> None:
    passed = answer()
    assert not passed.usage.reported
    passed.head({"content-type": "audio/mpeg"})
    assert passed.usage == Usage(characters=3)


def test_json_is_gathered() -> None:
    passed = answer("openai-transcriptions")
    passed.head({"content-type": "Application/JSON; charset=utf-8"})
    assert (passed.data(b'{"text":'), passed.data(b'"x"}'), passed.streamed) == (b"", b"", False)
    assert passed.end() == b'{"text":"x"}'
    assert passed.media_type == b"Application/JSON; charset=utf-8"


def test_bytes_pass_as_they_come_and_can_only_be_broken_off() -> None:
    passed = answer()
    passed.head({"content-type": "audio/mpeg"})
    assert (passed.data(b"\x00\xff"), passed.begun, passed.breaks) == (b"\x00\xff", True, True)
    assert (passed.end(), passed.failure) == (b"", None)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_events_pass_in_any_cut(size: int) -> None:
    stream = (
        b'event: x\r\ndata: {"type":"speech.audio.delta","audio":"aa"}\r\n\r\n: hi\n\n'
        b'data: {"type":"speech.audio.done","usage":{"input_tokens":1,"output_tokens":2}}\n\ndata: [DONE]\n\n'
    )
    passed = answer()
    passed.head({"content-type": "text/event-stream"})
    pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
    assert b"".join(map(passed.data, pieces)) + passed.end() == stream
    assert (passed.usage, passed.complete, passed.failure) == (Usage(input=1, audio_out=2), True, None)
    assert not passed.breaks


def test_events_without_an_end() -> None:
    passed = answer()
    passed.head({"content-type": "text/event-stream"})
    passed.data(b'data: {"type":"speech.audio.delta"}\n\n')
    assert b'"error"' in passed.end()
    assert passed.failure is not None
    assert passed.failure.kind is FailureKind.upstream_error


def test_an_event_of_an_error_is_the_failure() -> None:
    passed = answer()
    passed.head({"content-type": "text/event-stream"})
    passed.data(b'data: {"error":{"message":"busy","type":"rate_limit_error"}}\n\n')
    assert passed.failure is not None
    assert passed.failure.kind is FailureKind.rate_limited


def test_json_that_is_no_answer() -> None:
    passed = answer()
    passed.head({})
    passed.data(b"nothing")
    assert passed.end() == b""
    assert passed.failure is not None
