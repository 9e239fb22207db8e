"""A stream that breaks off says so once something of it was sent on, and never before."""

from counterpoint.canonical import Failure, FailureKind
from counterpoint.dialects.relaying import StreamRelay


class Relayed(StreamRelay):
    """Words; silence breaks it."""

    def feed(self, data: bytes) -> bytes:
        if not data:
            self.failure = Failure(FailureKind.upstream_error, "silence")
            return self._error()
        self.begun = True
        return data

    def _told(self, failure: Failure) -> bytes:
        return failure.message.encode()


def test_a_stream_that_began_says_that_it_broke() -> None:
    relay = Relayed()
    assert relay.feed(b"word") + relay.feed(b"") == b"wordsilence"


def test_nothing_is_said_of_a_stream_that_did_not_begin() -> None:
    relay = Relayed()
    assert relay.feed(b"") == b""
    assert relay.failure is not None
    assert not relay.complete
