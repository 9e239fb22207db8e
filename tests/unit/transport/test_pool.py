"""Requests to hosts over kept connections; the host here is a scripted socket."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest
import uvloop

from counterpoint.transport import Origin, Pool, Sending
from tests.staging.hosts import reset
from tests.unit.serving.talk import until

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


class Heard:
    """A receiver that notes what it is told."""

    def __init__(self) -> None:
        self.said: list[Any] = []
        self.body = b""
        self.done = asyncio.Event()
        self.sending: Sending
        self.reason = ""

    def upstream_head(self, status: int, headers: Mapping[str, str]) -> None:
        self.said.append(status)

    def upstream_data(self, data: bytes) -> None:
        self.body += data

    def upstream_end(self) -> None:
        self.said.append("end")
        self.done.set()

    def upstream_lost(self, reason: str, *, connecting: bool) -> None:
        self.said.append(("lost", connecting))
        self.reason = reason
        self.done.set()


Script = Callable[[int, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def with_host(script: Script, talk: Callable[[Pool, Origin], Awaitable[None]]) -> None:
    """`script` plays the host: it gets the connection's number, its reader and writer."""

    async def run() -> None:
        count = 0

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal count
            count += 1
            try:
                await script(count, reader, writer)
            finally:
                writer.close()

        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        pool = Pool()
        async with asyncio.timeout(10):
            await talk(pool, Origin("127.0.0.1", server.sockets[0].getsockname()[1], False))
        pool.close()
        server.close()

    uvloop.run(run())


async def ask(pool: Pool, origin: Origin) -> Heard:
    heard = Heard()
    pool.send(origin, b"GET / HTTP/1.1\r\n\r\n", heard)
    await heard.done.wait()
    return heard


def test_a_kept_connection_carries_the_next_request() -> None:
    connections: list[int] = []

    async def host(number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(number)
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(OK)

    async def talk(pool: Pool, origin: Origin) -> None:
        for _ in range(3):
            heard = await ask(pool, origin)
            assert (heard.said, heard.body) == ([200, "end"], b"ok")
        assert connections == [1]
        pool.sweep(asyncio.get_running_loop().time() + 3600)
        await ask(pool, origin)
        assert connections == [1, 2]

    with_host(host, talk)


def test_a_connection_that_was_paused_to_the_end_is_read_again() -> None:
    async def host(number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(OK)

    class Slow(Heard):
        def upstream_data(self, data: bytes) -> None:
            super().upstream_data(data)
            self.sending.pause()

    async def talk(pool: Pool, origin: Origin) -> None:
        for _ in range(3):
            heard = Slow()
            heard.sending = pool.send(origin, b"GET / HTTP/1.1\r\n\r\n", heard)
            await heard.done.wait()
            assert (heard.said, heard.body) == ([200, "end"], b"ok")

    with_host(host, talk)


def test_a_reset_is_not_taken_for_the_end_of_a_body_without_a_length() -> None:
    async def host(number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nhalf")
        await until(lambda: heard[-1].body == b"half")
        reset(writer)

    async def talk(pool: Pool, origin: Origin) -> None:
        heard.append(Heard())
        pool.send(origin, b"GET / HTTP/1.1\r\n\r\n", heard[-1])
        await heard[-1].done.wait()
        assert heard[-1].said == [200, ("lost", False)]

    heard: list[Heard] = []
    with_host(host, talk)


def test_nobody_who_lets_us_in_is_waited_for_only_so_long() -> None:
    async def host(number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async def talk(pool: Pool, origin: Origin) -> None:
        for place, timeout in (
            (Origin("127.0.0.1", origin.port, True), 0.1),
            (Origin("a..b", 80, False), 5.0),
        ):
            heard = Heard()
            pool.send(place, b"", heard, timeout)
            await heard.done.wait()
            assert heard.said == [("lost", True)]

    with_host(host, talk)


def test_a_request_that_met_a_stale_connection_is_sent_again_once() -> None:
    async def host(number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        if number == 1:
            await reader.readuntil(b"\r\n\r\n")  # and hangs up without an answer

    async def talk(pool: Pool, origin: Origin) -> None:
        await ask(pool, origin)
        heard = await ask(pool, origin)
        assert (heard.said, heard.body) == ([200, "end"], b"ok")

    with_host(host, talk)


def test_a_fresh_connection_that_breaks_is_not_tried_again() -> None:
    seen: list[int] = []

    async def host(number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(number)
        await reader.readuntil(b"\r\n\r\n")

    async def talk(pool: Pool, origin: Origin) -> None:
        assert (await ask(pool, origin)).said == [("lost", False)]
        assert seen == [1]

    with_host(host, talk)


@pytest.mark.parametrize(
    "answer", [OK[:-1], b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab", b"garbage\r\n\r\n"]
)
def test_an_answer_that_is_cut_or_garbled_is_a_loss(answer: bytes) -> None:
    async def host(number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)

    async def talk(pool: Pool, origin: Origin) -> None:
        assert (await ask(pool, origin)).said[-1] == ("lost", False)

    with_host(host, talk)


def test_nobody_home_is_a_loss_before_anything_was_sent() -> None:
    async def run() -> None:
        server = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        heard = await ask(Pool(), Origin("127.0.0.1", port, False))
        assert heard.said == [("lost", True)]

    uvloop.run(run())


def test_a_cancelled_request_hangs_up_and_says_no_more() -> None:
    hung_up: list[bytes] = []

    async def host(number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK[:-1])
        try:
            hung_up.append(await reader.read())
        except ConnectionError:
            hung_up.append(b"")

    async def talk(pool: Pool, origin: Origin) -> None:
        heard = Heard()
        sending = pool.send(origin, b"GET / HTTP/1.1\r\n\r\n", heard)
        await until(lambda: bool(heard.body))
        sending.cancel()
        await until(lambda: bool(hung_up))
        assert heard.said == [200]

    with_host(host, talk)


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "::ffff:169.254.169.254", "fe80::1"])
def test_nothing_is_sent_where_it_may_not_go(
    address: str, tls: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither directly nor, where the address is known here, through a proxy."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")

    async def run() -> None:
        heard = Heard()
        pool = Pool()
        pool.send(Origin(address, 443, tls), b"GET / HTTP/1.1\r\n\r\n", heard)
        async with asyncio.timeout(10):
            await heard.done.wait()
        assert heard.said == [("lost", True)]
        assert "private_networks" in heard.reason
        pool.close()

    uvloop.run(run())
