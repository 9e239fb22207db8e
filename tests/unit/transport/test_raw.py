"""A raw connection carries bytes both ways until one side ends it."""

import asyncio

import pytest

from counterpoint.transport import Origin
from counterpoint.transport.raw import connect


class Taker:
    def __init__(self) -> None:
        self.got = b""
        self.closed = asyncio.Event()

    def upstream_bytes(self, data: bytes) -> None:
        self.got += data

    def upstream_closed(self) -> None:
        self.closed.set()

    def upstream_slow(self) -> None:
        raise AssertionError

    def upstream_ready(self) -> None:
        raise AssertionError


def test_bytes_go_and_come() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write((await reader.read(100))[::-1])
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        taker = Taker()
        connection = await connect(Origin("127.0.0.1", port, False), taker, 5)
        connection.transport.write(b"abc")
        await asyncio.wait_for(taker.closed.wait(), 5)
        assert taker.got == b"cba"
        server.close()

    asyncio.run(run())


def test_nobody_there() -> None:
    async def run() -> None:
        with pytest.raises(ConnectionRefusedError):
            await connect(Origin("127.0.0.1", 1, False), Taker(), 5)

    asyncio.run(run())


@pytest.mark.parametrize("tls", [False, True])
def test_it_does_not_lead_where_nobody_may_go(tls: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")

    async def run() -> None:
        for address in ("10.0.0.1", "169.254.169.254", "::ffff:169.254.169.254"):
            with pytest.raises(OSError, match="private_networks"):
                await connect(Origin(address, 443, tls), Taker(), 5)

    asyncio.run(run())
