"""The relay passes whole messages on, and reads the end."""

import pytest

from counterpoint.canonical import FailureKind, Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Peek
from counterpoint.wire.eventstream import MessageCutter, exception_message, message_of
from tests.unit.dialects.bedrock_converse.bodies import CONVERSE, answer
from tests.unit.dialects.bedrock_converse.test_streams import BEGIN, STREAM, delta


def test_every_byte_is_passed_on() -> None:
    for size in (1, 7, len(STREAM)):
        relay = CONVERSE.relay(Peek("m", stream=True))
        passed = (
            b"".join(relay.feed(STREAM[at : at + size]) for at in range(0, len(STREAM), size)) + relay.close()
        )
        assert passed == STREAM
        assert (relay.begun, relay.complete, relay.failure) == (True, True, None)
        assert (relay.reading.usage, relay.reading.finish) == (Usage(input=3, output=2), "stop")


def test_a_cut_stream_ends_in_an_exception() -> None:
    relay = CONVERSE.relay(Peek("m", stream=True))
    begun = BEGIN + delta(0, text="a")
    passed = relay.feed(begun + STREAM[:20]) + relay.close()
    messages = [message_of(raw) for raw in MessageCutter().feed(passed)]
    assert messages[-1].text(":exception-type") == "modelStreamErrorException"
    assert relay.failure is not None


def test_an_exception_is_a_failure_and_passes() -> None:
    relay = CONVERSE.relay(Peek("m", stream=True))
    failed = exception_message("throttlingException", b'{"message":"slow"}')
    assert relay.feed(BEGIN + delta(0, text="a") + failed).endswith(failed)
    assert relay.failure is not None
    assert relay.failure.kind is FailureKind.rate_limited
    assert relay.feed(b"more") == relay.close() == b""


@pytest.mark.parametrize("body", [b"garbage", b'{"message": "no"}', b""])
def test_nothing_is_sent_before_something_of_the_answer_came(body: bytes) -> None:
    relay = CONVERSE.relay(Peek("m", stream=True))
    assert relay.feed(body) + relay.close() == b""
    assert relay.failure is not None


def test_damage_amid_a_stream_is_told() -> None:
    relay = CONVERSE.relay(Peek("m", stream=True))
    passed = relay.feed(BEGIN + delta(0, text="a")) + relay.feed(b"garbage without an end")
    assert message_of(MessageCutter().feed(passed)[-1]).text(":message-type") == "exception"


def test_whole_answers_are_read() -> None:
    assert CONVERSE.read(answer({"text": "Hi"})).usage == Usage(input=3, output=2)
    assert CONVERSE.read(answer({"text": "\ud800"})).finish == "stop"
    with pytest.raises(Refused):
        CONVERSE.read(b"{}")
