"""The relay between a browser's socket and a gateway's, both real; the gateway here is a scripted one."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from counterpoint.api.relay import Relay, brought_back, is_door, is_sent_on
from counterpoint.app.studio import Studio
from counterpoint.serving.server import bind
from tests.certificates import make_certificates

Script = Callable[[str, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
STREAM = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-counterpoint-offering: a/b\r\n"
    b"set-cookie: a=b\r\nx-request-id: r1\r\ntransfer-encoding: chunked\r\n\r\n"
)


async def body_of(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body", False):
            return body


def with_gateway(
    script: Script,
    ask: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    tls: tuple[ssl.SSLContext, str] | None = None,
) -> None:
    """`script` plays the gateway, `ask` the browser."""

    async def run() -> None:
        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                await script(head, reader, writer)
            finally:
                writer.close()

        gateway = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls[0] if tls else None)
        scheme = "https" if tls else "http"
        address = f"{scheme}://127.0.0.1:{gateway.sockets[0].getsockname()[1]}"
        relay = Relay(address, "the-key", (tls[1], "") if tls else None)

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                body = await body_of(receive)
                await relay.answer(Request(scope), "/v1/chat/completions", body)(scope, receive, send)

        sock = bind("127.0.0.1", 0)
        studio = Studio(application, lifespan=False)
        async with asyncio.timeout(20):
            await studio.start(sock)
            reader, writer = await asyncio.open_connection(*sock.getsockname())
            await ask(reader, writer)
            writer.close()
            await studio.stop()
        relay.close()
        gateway.close()

    asyncio.run(run())


def post(writer: asyncio.StreamWriter, body: bytes = b"{}") -> None:
    head = (
        b"POST / HTTP/1.1\r\nhost: x\r\ncookie: secret=1\r\nauthorization: Bearer mine\r\n"
        b"content-type: application/json\r\ncontent-length: %d\r\n\r\n"
    )
    writer.write(head % len(body) + body)


def test_pieces_arrive_as_they_are_said_and_leaving_ends_the_call() -> None:
    ended = asyncio.Event()
    heads: list[str] = []

    async def gateway(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(head)
        assert await reader.readexactly(2) == b"{}"
        writer.write(STREAM + b"9\r\ndata: 1\n\n\r\n")
        assert await reader.read() == b""  # the relay hangs up when its reader does
        ended.set()

    async def browser(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        post(writer)
        head = await reader.readuntil(b"\r\n\r\n")
        assert b"x-counterpoint-offering: a/b" in head
        assert b"x-request-id: r1" in head
        assert b"x-accel-buffering: no" in head
        assert b"set-cookie" not in head
        await reader.readuntil(b"data: 1\n\n")
        writer.close()
        await ended.wait()

    with_gateway(gateway, browser)
    assert "authorization: Bearer the-key\r\n" in heads[0]
    assert "content-type: application/json\r\n" in heads[0]
    assert "secret=1" not in heads[0]
    assert "Bearer mine" not in heads[0]


def test_an_answer_that_breaks_off_is_not_made_to_look_whole() -> None:
    async def gateway(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM + b"9\r\ndata: 1\n\n\r\n")
        await writer.drain()

    async def browser(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        post(writer)
        answer = await reader.read()
        assert b"data: 1\n\n" in answer
        assert not answer.endswith(b"0\r\n\r\n")

    with_gateway(gateway, browser)


def test_a_slow_reader_gets_everything() -> None:
    size = 5_000_000

    async def gateway(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size + b"x" * size)
        await writer.drain()
        await reader.read()

    async def browser(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        post(writer)
        got = 0
        while got < size:
            data = await reader.read(20_000)
            assert data
            got += data.count(b"x")

    with_gateway(gateway, browser)


def test_a_gateway_that_is_away_is_a_problem() -> None:
    async def gateway(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        return

    async def browser(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        post(writer)
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 503 " in head
        assert b"application/problem+json" in head

    with_gateway(gateway, browser)


def test_the_gateways_own_certificate_is_trusted_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    own, other = make_certificates(tmp_path), make_certificates(tmp_path / "other")

    async def gateway(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        await writer.drain()

    for certificate, status in ((own.chain, b" 200 "), (other.chain, b" 503 ")):

        async def browser(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter, status: bytes = status
        ) -> None:
            post(writer)
            assert status in await reader.readuntil(b"\r\n\r\n")

        with_gateway(gateway, browser, (own.server(), str(certificate)))


@pytest.mark.parametrize(
    ("method", "path", "open_"),
    [
        ("POST", "/v1/chat/completions", True),
        ("POST", "/v1/messages", True),
        ("POST", "/v1/embeddings", True),
        ("GET", "/v1/models", True),
        ("GET", "/v1/models/local/small", True),
        ("GET", "/v1/models/", False),
        ("GET", "/v1/chat/completions", False),
        ("GET", "/readyz", False),
        ("POST", "/v1/chat/completions/", False),
    ],
)
def test_only_the_gateways_doors_are_reached(method: str, path: str, open_: bool) -> None:
    assert is_door(method, path) is open_


def test_credentials_stay_on_their_side() -> None:
    assert [name for name in ("cookie", "authorization", "host", "x-api-key") if is_sent_on(name)] == []
    assert is_sent_on("accept-language")  # so that a refusal is in the language of the page
    assert is_sent_on("anthropic-version")
    assert dict(brought_back({"set-cookie": "a", "retry-after": "3"})) == {b"retry-after": b"3"}
