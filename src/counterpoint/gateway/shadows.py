"""The way out for answers that nobody reads."""

from counterpoint.gateway.ports import Headers

MOST_SHADOWS = 64
"""That a worker makes at a time: what is more is not made, for they must not weigh on callers."""


class Nowhere:
    """An outlet. It is among `others` as long as its answer is being made."""

    def __init__(self, others: "set[Nowhere]") -> None:
        self._others = others
        others.add(self)

    def respond(self, status: int, headers: Headers, body: bytes) -> None:
        """A whole answer."""
        self._others.discard(self)

    def begin(self, status: int, headers: Headers) -> None:
        """The head of a streamed one."""

    def send(self, data: bytes) -> None:
        """More of it."""

    def finish(self, data: bytes = b"") -> None:
        """The end of it."""
        self._others.discard(self)

    def abort(self) -> None:
        """It breaks off."""
        self._others.discard(self)
