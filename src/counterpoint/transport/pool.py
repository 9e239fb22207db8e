"""Connections by origin, the most recently used first, so that the rest can age out."""

import asyncio
import ssl
from contextlib import suppress
from functools import cache

import msgspec

from counterpoint.transport.connection import Receiver, UpstreamConnection
from counterpoint.transport.proxies import proxy_for, tunnel
from counterpoint.transport.reach import OutOfReachError, addresses, check

CONNECT_SECONDS = 10.0
IDLE_SECONDS = 50.0  # below the 60 s after which many load balancers drop an idle connection


class Origin(msgspec.Struct, frozen=True):
    """Where to connect."""

    host: str
    port: int
    tls: bool


@cache
def tls_context() -> ssl.SSLContext:
    """The system's trust store (`SSL_CERT_FILE` and `SSL_CERT_DIR` are honoured), TLS 1.2 or later."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context


class Sending:
    """One request under way. `cancel` may be called at any time, also after the end."""

    __slots__ = ("cancelled", "connect_timeout", "connecting", "connection", "payload", "receiver")

    def __init__(self, payload: bytes, receiver: Receiver, connect_timeout: float) -> None:
        self.payload = payload
        self.receiver = receiver
        self.connect_timeout = connect_timeout
        self.connection: UpstreamConnection | None = None
        self.connecting: asyncio.Task[None] | None = None
        self.cancelled = False

    def cancel(self) -> None:
        """Nothing more will reach the receiver."""
        self.cancelled = True
        if self.connecting is not None:
            self.connecting.cancel()
        connection = self.connection
        if connection is not None and connection.sending is self:
            connection.cancel()

    def pause(self) -> None:
        """Read no more for now: the client cannot keep up."""
        if self.connection is not None and self.connection.sending is self:
            self.connection.transport.pause_reading()

    def resume(self) -> None:
        """Read again."""
        if self.connection is not None and self.connection.sending is self:
            self.connection.transport.resume_reading()


class _Lane:
    """The connections to one origin."""

    def __init__(self, origin: Origin, loop: asyncio.AbstractEventLoop, trust: ssl.SSLContext | None) -> None:
        self._origin = origin
        self._loop = loop
        self._trust = trust
        self.idle: list[UpstreamConnection] = []

    def send(self, sending: Sending) -> None:
        while self.idle:
            connection = self.idle.pop()
            if not connection.transport.is_closing():
                connection.start(sending)
                return
        self.again(sending)

    def again(self, sending: Sending) -> None:
        """Send on a new connection."""
        sending.connection = None
        sending.connecting = self._loop.create_task(self._connect(sending))

    async def _connect(self, sending: Sending) -> None:
        try:
            async with asyncio.timeout(sending.connect_timeout):
                connection = await self._open()
        except (OSError, ValueError) as error:  # ValueError: a host name or a port that cannot be one
            sending.connecting = None
            if not sending.cancelled:
                sending.receiver.upstream_lost(_plain(error), connecting=True)
            return
        sending.connecting = None
        if sending.cancelled:
            self.keep(connection)
        else:
            connection.start(sending)

    async def _open(self) -> UpstreamConnection:
        origin = self._origin
        # What is trusted by a context of its own is near: no proxy leads there.
        proxy = proxy_for(origin.host, origin.port) if origin.tls and self._trust is None else None
        if proxy is None:
            return await self._directly()
        check(origin.host)
        plain = await tunnel(proxy, origin.host, origin.port)
        connection = UpstreamConnection(self)
        try:
            secured = await self._loop.start_tls(
                plain, connection, tls_context(), server_hostname=origin.host
            )
        except BaseException:
            plain.abort()
            raise
        if secured is None:
            raise ConnectionAbortedError("the connection ended during the TLS handshake")
        connection.connection_made(secured)
        return connection

    async def _directly(self) -> UpstreamConnection:
        """To an address that may be called, and to no other that its name might lead to by then."""
        origin = self._origin
        *others, last = await addresses(origin.host, origin.port)
        for address in others:
            with suppress(ConnectionError, TimeoutError):
                return await self._connect_to(address)
        return await self._connect_to(last)

    async def _connect_to(self, address: str) -> UpstreamConnection:
        origin = self._origin
        _, connection = await self._loop.create_connection(
            lambda: UpstreamConnection(self),
            address,
            origin.port,
            ssl=(self._trust or tls_context()) if origin.tls else None,
            server_hostname=origin.host if origin.tls else None,
        )
        return connection

    def keep(self, connection: UpstreamConnection) -> None:
        connection.idle_since = self._loop.time()
        self.idle.append(connection)

    def forget(self, connection: UpstreamConnection) -> None:
        if connection in self.idle:
            self.idle.remove(connection)

    def sweep(self, now: float) -> None:
        while self.idle and now - self.idle[0].idle_since > IDLE_SECONDS:
            self.idle.pop(0).transport.close()


def _plain(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its TLS certificate was refused ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return f"the TLS handshake failed ({error.reason})"
    if isinstance(error, OutOfReachError):
        return str(error)
    if isinstance(error, TimeoutError):
        return "no connection could be made in time"
    return (
        f"no connection could be made ({error.strerror or error})"
        if isinstance(error, OSError)
        else str(error)
    )


class Pool:
    """All lanes of one worker. `trust`: in place of the system's trust store."""

    def __init__(self, trust: ssl.SSLContext | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._trust = trust
        self._lanes: dict[Origin, _Lane] = {}

    def send(
        self, origin: Origin, payload: bytes, receiver: Receiver, connect_timeout: float = CONNECT_SECONDS
    ) -> Sending:
        """Send a whole framed request; its answer goes to `receiver`, on this loop, never before this returns
        unless an idle connection fails at once."""
        lane = self._lanes.get(origin)
        if lane is None:
            lane = self._lanes[origin] = _Lane(origin, self._loop, self._trust)
        sending = Sending(payload, receiver, connect_timeout)
        lane.send(sending)
        return sending

    def sweep(self, now: float) -> None:
        """Close what has been idle too long; call it once a second."""
        for lane in self._lanes.values():
            lane.sweep(now)

    def close(self) -> None:
        """Close every idle connection."""
        for lane in self._lanes.values():
            for connection in lane.idle:
                connection.transport.abort()
            lane.idle.clear()
