"""One connection to a host: whom it tells what, and when it may be used again."""

import asyncio

from counterpoint.transport import Origin, Pool
from tests.unit.serving.talk import until
from tests.unit.transport.test_pool import OK, Heard, ask, with_host


def test_bytes_that_nobody_asked_for_end_the_connection() -> None:
    connections: list[int] = []

    async def host(number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(number)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        await writer.drain()
        if number == 1:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\npoisoned!")
        await reader.read()

    async def talk(pool: Pool, origin: Origin) -> None:
        assert (await ask(pool, origin)).body == b"ok"
        heard = await ask(pool, origin)
        assert (heard.said, heard.body) == ([200, "end"], b"ok")
        assert connections == [1, 2]

    with_host(host, talk)


def test_a_body_without_length_ends_with_its_connection() -> None:
    async def host(number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nall of it")

    async def talk(pool: Pool, origin: Origin) -> None:
        heard = await ask(pool, origin)
        assert (heard.said, heard.body) == ([200, "end"], b"all of it")

    with_host(host, talk)


def test_a_slow_client_stops_the_host_until_it_reads_again() -> None:
    sent = 0

    async def host(number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 50000000\r\n\r\n")
        for _ in range(50):
            writer.write(b"x" * 1_000_000)
            sent += 1
            await writer.drain()

    async def talk(pool: Pool, origin: Origin) -> None:
        heard = Heard()
        sending = pool.send(origin, b"GET / HTTP/1.1\r\n\r\n", heard)
        await until(lambda: bool(heard.body))
        sending.pause()
        before = -1
        while before != sent:
            before = sent
            await asyncio.sleep(0.05)
        assert sent < 50
        sending.resume()
        await heard.done.wait()
        assert len(heard.body) == 50_000_000

    with_host(host, talk)
