"""A server on loopback with a service that answers what it got, and a client that speaks raw bytes."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import uvloop

from counterpoint.canonical import Failure
from counterpoint.serving import Connection, Limits, Request, Server
from counterpoint.serving.server import bind


class Echo:
    """Answers with what it was asked; `/stream` in pieces, `/wait` when released, `/slow` without end."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.waiting: list[Connection] = []
        self.gone = 0
        self.slow = 0

    def handle(self, request: Request, connection: Connection) -> "Echo | None":
        self.requests.append(request)
        if request.path == "/wait":
            self.waiting.append(connection)
            return self
        if request.path == "/stream":
            connection.begin(200, ((b"content-type", b"text/plain"),))
            connection.send(b"one,")
            connection.send(b"two,")
            connection.finish(b"three")
            return None
        body = json.dumps(
            {
                "method": request.method,
                "path": request.path,
                "query": request.query,
                "body": len(request.body),
            }
        )
        connection.respond(200, ((b"content-type", b"application/json"),), body.encode())
        return None

    def upgrade(self, request: Request, connection: Connection) -> "Mirror | None":
        """At `/mirror` it answers every byte with itself; else it knows nothing but HTTP."""
        return Mirror(self, connection) if request.path == "/mirror" else None

    def refuse(self, failure: Failure, path: str, connection: Connection) -> None:
        connection.respond(failure.http_status, (), f"{failure.code} {path}".encode())

    def client_gone(self) -> None:
        self.gone += 1

    def client_slow(self) -> None:
        self.slow += 1

    def client_ready(self) -> None:
        self.slow -= 1


class Mirror:
    """A tunnel."""

    def __init__(self, echo: Echo, connection: Connection) -> None:
        self._echo = echo
        self._connection = connection
        connection.transport.write(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")

    def client_data(self, data: bytes) -> None:
        self._connection.transport.write(data)

    def client_gone(self) -> None:
        self._echo.gone += 1

    def client_slow(self) -> None:
        self._echo.slow += 1

    def client_ready(self) -> None:
        self._echo.slow -= 1


class Client:
    """Raw bytes to the server, everything that comes back until it closes or is quiet."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        """One whole response: status, headers, body with its framing removed."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        status, _, rest = head.decode().partition("\r\n")
        pairs = (line.split(": ", 1) for line in rest.strip().split("\r\n"))
        headers = {name.lower(): value for name, value in pairs}
        if headers.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(await self.reader.readline(), 16):
                body += (await self.reader.readexactly(size + 2))[:-2]
            await self.reader.readline()
        elif "content-length" in headers:
            body = await self.reader.readexactly(int(headers["content-length"]))
        else:
            body = await self.reader.read()
        return int(status.split()[1]), headers, body

    async def closed(self) -> bytes:
        """What still came before the server hung up."""
        return await self.reader.read()


def converse(talk: Callable[[Client, Echo, Server], Awaitable[Any]], limits: Limits | None = None) -> Any:
    """Run a conversation with a fresh server, in at most 20 seconds."""

    async def run() -> Any:
        service = Echo()
        server = Server(service, limits)
        sock = bind("127.0.0.1", 0)
        port = sock.getsockname()[1]
        await server.listen(sock)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            async with asyncio.timeout(20):
                return await talk(Client(reader, writer), service, server)
        finally:
            writer.close()
            await server.drain(0.1)

    return uvloop.run(run())


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop run until `condition` holds; the conversation's own time limit is what ends a wait in vain."""
    while not condition():  # noqa: ASYNC110 - what is waited for has no event of its own
        await asyncio.sleep(0.001)
