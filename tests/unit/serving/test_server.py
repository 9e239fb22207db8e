"""Listening and leaving."""

import asyncio
import json

import pytest

from counterpoint.serving import Server
from counterpoint.serving.server import bind, share
from tests.unit.serving.talk import Client, Echo, converse, until


def test_draining_completes_what_is_under_way_and_takes_no_more() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        client.send(b"GET /wait HTTP/1.1\r\nhost: x\r\n\r\n")
        await until(lambda: bool(service.waiting))
        port = client.writer.get_extra_info("peername")[1]
        draining = asyncio.create_task(server.drain(10))
        await asyncio.sleep(0)
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
        service.waiting[0].respond(200, (), b"done")
        _, headers, body = await client.answer()
        assert (headers["connection"], body) == ("close", b"done")
        assert await draining

    converse(talk)


def test_draining_breaks_what_does_not_end_in_time() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        client.send(b"GET /wait HTTP/1.1\r\nhost: x\r\n\r\n")
        await until(lambda: bool(service.waiting))
        assert not await server.drain(0.1)

    converse(talk)


def test_an_idle_connection_does_not_hold_up_draining() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        client.send(b"GET /a HTTP/1.1\r\nhost: x\r\n\r\n")
        assert json.loads((await client.answer())[2])["path"] == "/a"
        assert await server.drain(10)

    converse(talk)


def test_workers_share_a_port_that_a_second_start_cannot_take() -> None:
    with bind("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        first.listen()
        with share("127.0.0.1", port):
            pass
        with pytest.raises(OSError, match="in use"):
            bind("127.0.0.1", port)
