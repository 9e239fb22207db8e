"""What relays of streams have in common: how far the answer has come, and what a client reads when it breaks off."""

from abc import ABC, abstractmethod

from counterpoint.canonical import Failure


class StreamRelay(ABC):
    """One stream that is passed on while what must be known of it is read. `begun`: something of the answer was.
    `complete`: its end was. `failure`: what the stream reported, or how it broke."""

    def __init__(self) -> None:
        self.begun = False
        self.complete = False
        self.failure: Failure | None = None

    def _error(self) -> bytes:
        """Nothing, before anything was sent on: the exchange may then try elsewhere, or answer with a status."""
        return self._told(self.failure) if self.failure is not None and self.begun else b""

    @abstractmethod
    def _told(self, failure: Failure) -> bytes:
        """What stands at the end of a stream that broke off."""
