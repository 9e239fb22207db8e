"""The way out of an answer whose last bytes wait until its ledger entry is where the operator wants it to be.

The driver puts it before the true outlet when it settles, and only where there is something to wait for.
"""

from collections.abc import Callable
from functools import partial

from counterpoint.gateway.ports import Headers, Outlet


class HeldBack:
    """An outlet before another one: what it is told passes on, in the same order, once `release` was called."""

    __slots__ = ("_held", "_outlet")

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet
        self._held: list[Callable[[], None]] | None = []

    def release(self) -> None:
        """From now on nothing is held back."""
        held, self._held = self._held, None
        for call in held or ():
            call()

    def _pass(self, call: Callable[[], None]) -> None:
        if self._held is None:
            call()
        else:
            self._held.append(call)

    def respond(self, status: int, headers: Headers, body: bytes) -> None:
        """The whole answer."""
        self._pass(partial(self._outlet.respond, status, headers, body))

    def begin(self, status: int, headers: Headers) -> None:
        """The head of a streamed one."""
        self._pass(partial(self._outlet.begin, status, headers))

    def send(self, data: bytes) -> None:
        """More of it."""
        self._pass(partial(self._outlet.send, data))

    def finish(self, data: bytes = b"") -> None:
        """The end of it."""
        self._pass(partial(self._outlet.finish, data))

    def abort(self) -> None:
        """Breaks it off."""
        self._pass(self._outlet.abort)
