"""One connection to a host: sends a request, frames its answer, goes back to the pool."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, cast

from counterpoint.transport.framing import FramingError, ResponseFramer

if TYPE_CHECKING:
    from counterpoint.transport.pool import Sending, _Lane


class Receiver(Protocol):
    """Takes one upstream answer: a head, data in any number of pieces, then an end or a failure, once."""

    def upstream_head(self, status: int, headers: Mapping[str, str]) -> None: ...

    def upstream_data(self, data: bytes) -> None: ...

    def upstream_end(self) -> None: ...

    def upstream_lost(self, reason: str, *, connecting: bool) -> None:
        """`connecting`: the request cannot have reached the host. `reason`: a clause in English."""


class UpstreamConnection(asyncio.Protocol):
    """Carries one request at a time."""

    __slots__ = ("_framer", "_headed", "_lane", "idle_since", "sending", "transport", "used")

    def __init__(self, lane: "_Lane") -> None:
        self._lane = lane
        self.transport: asyncio.Transport = cast("asyncio.Transport", None)
        self.sending: Sending | None = None
        self._framer: ResponseFramer | None = None
        self._headed = False
        self.idle_since = 0.0
        self.used = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def start(self, sending: "Sending") -> None:
        """Send a request on this idle connection."""
        self.sending = sending
        sending.connection = self
        self._framer = ResponseFramer()
        self._headed = False
        self.transport.write(sending.payload)

    @property
    def silent(self) -> bool:
        """Nothing of an answer has come: after a reused connection was closed by the host while idle, the
        request may be sent once more on a new one (RFC 9112, 9.3.1)."""
        framer = self._framer
        return framer is None or (not framer.status and not framer._buffer)  # noqa: SLF001 - one room

    def data_received(self, data: bytes) -> None:
        sending, framer = self.sending, self._framer
        if sending is None or framer is None:
            self.transport.abort()  # bytes that nobody asked for: the connection cannot be trusted any more
            return
        try:
            body = framer.feed(data)
        except FramingError as error:
            self._fail(f"it answered with something that is not HTTP ({error})")
            return
        if framer.status and not self._headed:
            self._headed = True
            sending.receiver.upstream_head(framer.status, framer.headers)
        if body and self.sending is sending:
            sending.receiver.upstream_data(body)
        if framer.ended and self.sending is sending:
            self._release(reusable=framer.reusable and not framer.rest)
            sending.receiver.upstream_end()

    def _release(self, *, reusable: bool) -> None:
        self.sending = self._framer = None
        self.used = True
        if reusable and not self.transport.is_closing():
            self.transport.resume_reading()  # the client may have been slow to the very end
            self._lane.keep(self)
        else:
            self.transport.close()

    def _fail(self, reason: str) -> None:
        sending, self.sending = self.sending, None
        self._framer = None
        self.transport.abort()
        if sending is not None:
            sending.receiver.upstream_lost(reason, connecting=False)

    def cancel(self) -> None:
        """The answer is no longer wanted: the only way to say so in HTTP/1.1 is to hang up."""
        self.sending = self._framer = None
        self.transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        self._lane.forget(self)
        sending, framer = self.sending, self._framer
        if sending is None or framer is None:
            return
        if self.used and self.silent:
            self.sending = self._framer = None
            self._lane.again(sending)
            return
        if error is not None:
            self._fail(f"the connection broke ({error})")
            return
        try:
            framer.eof()
        except FramingError as problem:
            self._fail(str(problem))
            return
        self.sending = self._framer = None
        sending.receiver.upstream_end()
