"""What a client of the data plane sees on the wire, well-behaved or not."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.serving import Limits, Server
from tests.unit.serving.talk import Client, Echo, converse, until

GET = b"GET /a?b=c HTTP/1.1\r\nhost: x\r\n\r\n"
POST = b"POST /b HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhello"
CHUNKED = (
    b"POST /c HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
    b"3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nt: v\r\n\r\n"
)


def test_a_connection_serves_one_request_after_the_other() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        for data, path, size in ((GET, "/a", 0), (POST, "/b", 5), (CHUNKED, "/c", 5)):
            client.send(data)
            status, headers, body = await client.answer()
            assert status == 200
            assert json.loads(body)["path"] == path
            assert json.loads(body)["body"] == size
            assert "date" in headers
            assert "connection" not in headers

    converse(talk)


@given(st.lists(st.integers(1, 30), max_size=12))
def test_requests_cut_anywhere_are_the_same_requests(cuts: list[int]) -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        data = CHUNKED + POST + GET
        at = 0
        for cut in cuts:
            client.send(data[at : at + cut])
            at += cut
            await asyncio.sleep(0)
        client.send(data[at:])
        paths = [json.loads((await client.answer())[2])["path"] for _ in range(3)]
        assert paths == ["/c", "/b", "/a"]
        assert [request.body for request in service.requests] == [b"hello", b"hello", b""]

    converse(talk)


def test_pipelined_requests_are_answered_in_their_order() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        client.send(b"GET /wait HTTP/1.1\r\nhost: x\r\n\r\n" + POST * 20)
        await until(lambda: bool(service.waiting))
        assert len(service.requests) == 1
        service.waiting[0].respond(200, (), b"first")
        assert (await client.answer())[2] == b"first"
        for _ in range(20):
            assert json.loads((await client.answer())[2])["path"] == "/b"

    converse(talk)


def test_a_stream_is_chunked_for_http_1_1_and_ends_with_the_connection_for_1_0() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        client.send(b"GET /stream HTTP/1.1\r\nhost: x\r\n\r\n")
        status, headers, body = await client.answer()
        assert (headers["transfer-encoding"], body) == ("chunked", b"one,two,three")
        client.send(b"GET /stream HTTP/1.0\r\n\r\n")
        status, headers, body = await client.answer()
        assert (status, headers["connection"], body) == (200, "close", b"one,two,three")
        assert "transfer-encoding" not in headers

    converse(talk)


def test_head_gets_the_length_and_no_body() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        client.send(b"HEAD /h HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        answer = await client.closed()
        assert answer.endswith(b"\r\n\r\n")
        assert b"content-length: " in answer

    converse(talk)


def test_expect_is_met_before_the_body_is_sent() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        head, body = POST.split(b"\r\n\r\n")
        client.send(head + b"\r\nexpect: 100-continue\r\n\r\n")
        assert await client.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.send(body)
        assert json.loads((await client.answer())[2])["body"] == 5

    converse(talk)


def test_an_upgrade_that_nobody_offers_is_ignored() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        upgrade = b"connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n"
        client.send(POST.replace(b"host: x\r\n", b"host: x\r\n" + upgrade) + GET)
        assert json.loads((await client.answer())[2])["body"] == 5
        assert json.loads((await client.answer())[2])["path"] == "/a"

    converse(talk)


SMALL = Limits(head_bytes=2000, head_count=20, target_bytes=100, body_bytes=1000)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"NONSENSE\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nhost: a\r\nx y: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nhost: a\r\nauthorization: Bearer a\r\nauthorization: Bearer b\r\n\r\n", 400),
        (b"GET /" + b"a" * 200 + b" HTTP/1.1\r\nhost: a\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nhost: a\r\nx: " + b"a" * 3000, 431),
        (b"GET / HTTP/1.1\r\nhost: a\r\n" + b"x: y\r\n" * 30 + b"\r\n", 431),
        (b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1001\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 1001\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n500\r\n" + b"a" * 0x500, 413),
        (b"GET / HTTP/2.0\r\nhost: a\r\n\r\n", 505),
        (b"GET / HTTP/0.9\r\nhost: a\r\n\r\n", 505),
        (b"POST / HTTP/1.1\r\nhost: a\r\nexpect: magic\r\ncontent-length: 1\r\n\r\na", 417),
        # What request smuggling lives on.
        (
            b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
        (b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!", 400),
        (b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: +5\r\n\r\nhello", 400),
        (b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding : chunked\r\n\r\n0\r\n\r\n", 400),
        (b"GET / HTTP/1.1\nhost: a\n\n", 400),
    ],
)
def test_what_cannot_be_read_is_refused_and_the_connection_closed(data: bytes, status: int) -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        client.send(data)
        answer = await client.answer()
        assert answer[0] == status
        assert answer[1]["connection"] == "close"
        assert service.requests == []
        client.writer.write_eof()
        assert await client.closed() == b""

    converse(talk, SMALL)


def test_a_body_in_the_smallest_chunks_is_the_same_body() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        head = b"POST /c HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
        client.send(head + b"1;a=b\r\nx\r\n" * 1000 + b"0\r\n\r\n" + GET)
        assert json.loads((await client.answer())[2])["body"] == 1000
        assert service.requests[0].body == b"x" * 1000
        assert json.loads((await client.answer())[2])["body"] == 0

    converse(talk, SMALL)


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        (b"http://host.example/a/b?c=d", "/a/b", "c=d"),
        (b"https://host.example:8/a", "/a", ""),
        (b"http://host.example", "/", ""),
        (b"*", "*", ""),
    ],
)
def test_a_whole_url_as_clients_of_proxies_send_it_means_its_path(
    target: bytes, path: str, query: str
) -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        method = b"OPTIONS" if target == b"*" else b"GET"
        client.send(method + b" " + target + b" HTTP/1.1\r\nhost: x\r\n\r\n")
        answer = json.loads((await client.answer())[2])
        assert (answer["path"], answer["query"]) == (path, query)

    converse(talk)


def test_nothing_is_begun_for_a_client_that_does_not_read_what_he_has() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        wait = b"GET /wait HTTP/1.1\r\nhost: x\r\n\r\n"
        client.send(wait + wait)
        await until(lambda: bool(service.waiting))
        large = b"x" * 20_000_000
        service.waiting[0].respond(200, (), large)
        for _ in range(50):
            await asyncio.sleep(0)
        assert len(service.waiting) == 1
        assert (await client.answer())[2] == large
        await until(lambda: len(service.waiting) == 2)

    converse(talk)


def test_no_content_has_no_length() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        client.send(b"GET /wait HTTP/1.1\r\nhost: x\r\n\r\n" + GET)
        await until(lambda: bool(service.waiting))
        service.waiting[0].respond(204, (), b"")
        head = await client.reader.readuntil(b"\r\n\r\n")
        assert b"content-length" not in head
        assert (await client.answer())[0] == 200

    converse(talk)


@pytest.mark.parametrize(
    ("begun", "more"),
    [(b"0\r\ntrailer: ", b"a" * 1000), (b"0\r\n", b"t: v\r\n" * 100), (b"1;ext=", b"a" * 1000)],
)
def test_what_is_neither_head_nor_body_has_a_limit_too(begun: bytes, more: bytes) -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        client.send(b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n" + begun)
        for _ in range(50):
            client.send(more)
            await asyncio.sleep(0)
        assert (await client.answer())[0] == 431
        assert service.requests == []

    converse(talk, SMALL)


def test_a_refusal_reaches_a_client_that_is_still_sending() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        client.send(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 50000000\r\n\r\n")
        for _ in range(50):
            client.send(b"a" * 100_000)
            await asyncio.sleep(0)
        assert (await client.answer())[0] == 413

    converse(talk, SMALL)


def test_a_good_request_before_a_bad_one_is_still_answered() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        client.send(GET + b"BROKEN\r\n\r\n")
        assert (await client.answer())[0] == 200
        assert (await client.answer())[0] == 400

    converse(talk)


@pytest.mark.parametrize("begun", [b"GET / HT", b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhe"])
def test_a_request_that_never_ends_is_timed_out(begun: bytes) -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        client.send(begun)
        assert (await client.answer())[0] == 408

    converse(talk, Limits(head_seconds=0.1, body_seconds=0.1))


def test_an_idle_connection_is_closed_without_a_word() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        client.send(GET)
        await client.answer()
        assert await client.closed() == b""

    converse(talk, Limits(idle_seconds=0.1))


def test_the_service_is_told_when_its_client_leaves() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        client.send(b"GET /wait HTTP/1.1\r\nhost: x\r\n\r\n")
        await until(lambda: bool(service.waiting))
        client.writer.close()
        await until(lambda: bool(service.gone))
        service.waiting[0].respond(200, (), b"too late")

    converse(talk)


def test_a_client_that_does_not_read_is_cut_off() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        client.send(b"GET /wait HTTP/1.1\r\nhost: x\r\n\r\n")
        await until(lambda: bool(service.waiting))
        connection = service.waiting[0]
        connection.begin(200, ())
        while not service.gone:
            if not service.slow:
                connection.send(b"x" * 1_000_000)
            await asyncio.sleep(0.001)

    converse(talk, Limits(stall_seconds=0.1))


def test_header_values_cannot_break_out_of_their_line() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        client.send(b"GET /wait HTTP/1.1\r\nhost: x\r\n\r\n")
        await until(lambda: bool(service.waiting))
        service.waiting[0].respond(200, ((b"x-name", b"a\r\nset-cookie: b\0"),), b"")
        _, headers, _ = await client.answer()
        assert headers["x-name"] == "aset-cookie: b"
        assert "set-cookie" not in headers

    converse(talk)


def test_an_aborted_answer_cannot_be_taken_for_whole() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> Any:
        client.send(b"GET /wait HTTP/1.1\r\nhost: x\r\n\r\n")
        await until(lambda: bool(service.waiting))
        connection = service.waiting[0]
        connection.begin(200, ())
        connection.send(b"half")
        await asyncio.sleep(0)
        connection.abort()
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError, ValueError)):
            await client.answer()

    converse(talk)


WISH = b"GET /mirror HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n"


@given(st.integers(1, len(WISH) + 4))
def test_a_websocket_is_taken_over_wherever_its_wish_is_cut(cut: int) -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        whole = WISH + b"\x81\x05hello"
        client.send(whole[:cut])
        await asyncio.sleep(0)
        client.send(whole[cut:])
        assert await client.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 101 Switching Protocols\r\n\r\n"
        assert await client.reader.readexactly(7) == b"\x81\x05hello"
        client.send(GET)  # no longer HTTP
        assert await client.reader.readexactly(len(GET)) == GET
        client.writer.close()
        await until(lambda: service.gone == 1)
        assert service.requests == []

    converse(talk, Limits(idle_seconds=0.01, body_seconds=0.01, head_seconds=5.0))


def test_a_websocket_behind_another_request_goes_on_with_http() -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        client.send(b"GET /wait HTTP/1.1\r\nhost: x\r\n\r\n" + WISH)
        await until(lambda: bool(service.waiting))
        service.waiting[0].respond(200, (), b"")
        await client.answer()
        status, _, body = await client.answer()
        assert (status, json.loads(body)["path"]) == (200, "/mirror")

    converse(talk)


@pytest.mark.parametrize(
    "wish",
    [WISH.replace(b"websocket", b"h2c"), WISH.replace(b"/mirror", b"/a"), WISH.replace(b"GET", b"PUT")],
)
def test_other_wishes_are_ignored(wish: bytes) -> None:
    async def talk(client: Client, service: Echo, server: Server) -> None:
        client.send(wish + GET)
        assert (await client.answer())[0] == 200
        assert (await client.answer())[0] == 200

    converse(talk)
