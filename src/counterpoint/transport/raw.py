"""A connection that is no longer HTTP: bytes both ways, after a handshake that its user makes."""

import asyncio
from contextlib import suppress
from typing import Protocol, cast

from counterpoint.transport.pool import Origin, tls_context
from counterpoint.transport.proxies import proxy_for, tunnel
from counterpoint.transport.reach import addresses, check


class RawReceiver(Protocol):
    """Takes what comes, then the end."""

    def upstream_bytes(self, data: bytes) -> None: ...

    def upstream_closed(self) -> None: ...

    def upstream_slow(self) -> None:
        """The host reads too slowly: send no more for now."""

    def upstream_ready(self) -> None: ...


class RawConnection(asyncio.Protocol):
    """To one host."""

    def __init__(self, receiver: RawReceiver) -> None:
        self._receiver = receiver
        self.transport: asyncio.Transport = cast("asyncio.Transport", None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._receiver.upstream_bytes(data)

    def connection_lost(self, error: Exception | None) -> None:
        self._receiver.upstream_closed()

    def pause_writing(self) -> None:
        self._receiver.upstream_slow()

    def resume_writing(self) -> None:
        self._receiver.upstream_ready()


async def connect(origin: Origin, receiver: RawReceiver, seconds: float) -> RawConnection:
    """Raises `OSError` (a timeout is one) or `ValueError`."""
    loop = asyncio.get_running_loop()
    connection = RawConnection(receiver)
    async with asyncio.timeout(seconds):
        proxy = proxy_for(origin.host, origin.port) if origin.tls else None
        if proxy is None:
            trust = tls_context() if origin.tls else None
            named = origin.host if origin.tls else None
            *others, last = await addresses(origin.host, origin.port)
            for address in others:
                with suppress(ConnectionError, TimeoutError):
                    await loop.create_connection(
                        lambda: connection, address, origin.port, ssl=trust, server_hostname=named
                    )
                    return connection
            await loop.create_connection(
                lambda: connection, last, origin.port, ssl=trust, server_hostname=named
            )
            return connection
        check(origin.host)
        plain = await tunnel(proxy, origin.host, origin.port)
        try:
            secured = await loop.start_tls(plain, connection, tls_context(), server_hostname=origin.host)
        except BaseException:
            plain.abort()
            raise
        if secured is None:
            raise ConnectionAbortedError("the connection ended during the TLS handshake")
        connection.connection_made(secured)
        return connection
