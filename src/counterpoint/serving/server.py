"""Listens, keeps the clock for all connections, and drains on the way out."""

import asyncio
import socket
import ssl
import time
from email.utils import formatdate

from counterpoint.serving.connection import Connection
from counterpoint.serving.values import Limits, Service


class Server:
    """All connections of one worker. One sweep a second stands in for a timer per request."""

    def __init__(self, service: Service, limits: Limits | None = None) -> None:
        self.service = service
        self.limits = limits or Limits()
        self.loop = asyncio.get_running_loop()
        self.connections: set[Connection] = set()
        self.draining = False
        self.date_line = b""
        self._listeners: list[asyncio.Server] = []
        self._sweep()

    async def listen(self, sock: socket.socket, tls: ssl.SSLContext | None = None) -> None:
        """Accept on an already bound socket (bound by the caller so that several workers can share a port)."""
        server = await self.loop.create_server(
            lambda: Connection(self),
            sock=sock,
            backlog=2048,
            ssl=tls,
            ssl_handshake_timeout=self.limits.head_seconds if tls is not None else None,
        )
        self._listeners.append(server)

    def _sweep(self) -> None:
        now = self.loop.time()
        self.date_line = b"date: %s\r\n" % formatdate(time.time(), usegmt=True).encode()
        self._timer = self.loop.call_later(1.0, self._sweep)
        for connection in list(self.connections):
            connection.sweep(now)

    def leave(self) -> None:
        """From now on every answer says that its connection ends with it; calls are taken on as before."""
        self.draining = True

    async def drain(self, grace: float, patience: float = 0.0) -> bool:
        """Accept no more, let answers in flight end for up to `grace` seconds, then break the rest. A connection that
        waits for nothing has `patience` seconds for one more call, whose answer says that it was the last: closed at
        once, it would meet a call that is already on its way.

        Returns whether every answer was completed.
        """
        self.draining = True
        for listener in self._listeners:
            listener.close()
        began = self.loop.time()
        end = began + grace
        while self.connections and (now := self.loop.time()) < end:
            for connection in list(self.connections):
                connection.close_if_idle(now - patience, began)
            await asyncio.sleep(0.05)
        clean = not self.connections
        for connection in list(self.connections):
            connection.abort()
        self._timer.cancel()
        return clean


def bind(host: str, port: int) -> socket.socket:
    """A bound TCP socket that further workers may share (SO_REUSEPORT). Raises `OSError` if the address is in
    use by anyone else: the probe without SO_REUSEPORT is what tells our own workers from a second start."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    if port:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    return share(host, port)


def share(host: str, port: int) -> socket.socket:
    """One more socket on an address that `bind` gave out."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    sock.bind((host, port))
    sock.setblocking(False)
    return sock
