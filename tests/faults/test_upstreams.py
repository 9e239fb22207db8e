"""Hosts that fail in every way a host can: the caller gets a clear error in his dialect, in time, and the ledger one
entry."""

import asyncio
import gzip
import socket
import zlib
from collections.abc import Callable
from functools import cache

import pytest

from tests.faults.calls import CALLS, SHORT, STREAMS, ask
from tests.staging.answers import error_message, frames, refusal
from tests.staging.hosts import (
    EVENTS,
    HEAD,
    LAST_CHUNK,
    STREAM_ERRORS,
    STREAM_HEAD,
    WHOLE,
    Script,
    asked,
    chunked,
    deaf_port,
    resets,
    says,
    whole,
)
from tests.staging.stage import Stage
from tests.staging.words import ANTHROPIC, EMBEDDINGS, OPENAI, plain, request


def gzipped(data: bytes) -> bytes:
    packed = gzip.compress(data, mtime=0)
    return whole(packed, 200, "content-encoding: gzip")


@cache
def bomb() -> bytes:
    """Sixty-four megabytes of spaces in sixty-four kilobytes."""
    packer = zlib.compressobj(9, wbits=31)
    data = b"".join([packer.compress(b" " * (1 << 20)) for _ in range(64)]) + packer.flush()
    return whole(data, 200, "content-encoding: gzip")


BROKEN: dict[str, Callable[[], Script]] = {
    "hangs up at once": lambda: says(b""),
    "resets at once": resets,
    "hangs up in the head": lambda: says(HEAD),
    "resets in the head": lambda: resets(HEAD),
    "hangs up after the head": lambda: says(HEAD + b"content-length: 9\r\n\r\n"),
    "hangs up in the body": lambda: says(HEAD + b"content-length: 9\r\n\r\n{"),
    "resets a body that ends with the connection": lambda: resets(HEAD + b'\r\n{"id": "x"'),
    "hangs up between chunks": lambda: says(STREAM_HEAD),
    "is no web server": lambda: says(b"220 mail.example ESMTP ready\r\n"),
    "speaks another HTTP": lambda: says(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00"),
    "sends random bytes": lambda: says(bytes(range(256)) * 300),
    "never ends its head": lambda: says(HEAD + b"x: y\r\n" * 40_000),
    "has a status below all": lambda: says(b"HTTP/1.1 000 Zero\r\ncontent-length: 2\r\n\r\n{}"),
    "has a status above all": lambda: says(whole(b"{}", 999)),
    "has no length of sense": lambda: says(HEAD + b"content-length: -1\r\n\r\n{}"),
    "has a length beyond all numbers": lambda: says(HEAD + b"content-length: " + b"9" * 5000 + b"\r\n\r\n{}"),
    "has two lengths": lambda: says(HEAD + b"content-length: 2\r\ncontent-length: 3\r\n\r\n{}"),
    "has an unknown transfer coding": lambda: says(HEAD + b"transfer-encoding: gzip\r\n\r\n{}"),
    "has chunks without sizes": lambda: says(
        HEAD + b"transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"
    ),
    "has chunks below nothing": lambda: says(
        HEAD + b"transfer-encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n"
    ),
    "has chunks longer than they say": lambda: says(
        HEAD + b"transfer-encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n"
    ),
    "switches protocols": lambda: says(b"HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n"),
    "says that there is nothing": lambda: says(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "says that nothing has changed": lambda: says(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    "answers nothing": lambda: says(whole(b"")),
    "answers a page": lambda: says(whole(b"<!doctype html><title>Welcome</title>")),
    "answers null": lambda: says(whole(b"null")),
    "answers a list": lambda: says(whole(b"[]")),
    "answers an empty object": lambda: says(whole(b"{}")),
    "answers half an object": lambda: says(whole(b'{"choices": [{"mess')),
    "answers too deep to read": lambda: says(whole(b"[" * 100_000)),
    "answers no text": lambda: says(whole(bytes(range(128, 256)))),
    "compresses what is nothing": lambda: says(gzipped(b"")),
    "claims to compress": lambda: says(whole(b"{}", 200, "content-encoding: gzip")),
    "compresses in a way we never asked for": lambda: says(
        whole(b"\x0b\x02\x80{}\x03", 200, "content-encoding: br")
    ),
    "hangs up in what it compresses": lambda: says(
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n" + gzip.compress(WHOLE[OPENAI], mtime=0)[:-20]
    ),
    "sends a bomb": lambda: says(bomb()),
    "streams garbage": lambda: says(STREAM_HEAD + chunked(b"data: }{\n\n" * 3) + LAST_CHUNK),
    "streams nothing": lambda: says(STREAM_HEAD + LAST_CHUNK),
    "streams only comments": lambda: says(STREAM_HEAD + chunked(b": wait\n\n" * 3) + LAST_CHUNK),
    "streams only its end": lambda: says(STREAM_HEAD + chunked(b"data: [DONE]\n\n") + LAST_CHUNK),
}


@pytest.mark.parametrize(("client", "host", "streamed"), CALLS)
@pytest.mark.parametrize("fault", BROKEN)
def test_a_host_that_breaks_is_a_clear_error(
    stage: Stage, fault: str, client: str, host: str, streamed: bool
) -> None:
    stage.host("h", BROKEN[fault](), (host,))
    answer = ask(stage, client, streamed=streamed)
    assert answer.status == 502
    assert refusal(answer, client)
    assert stage.entries()[-1].failure == "upstream_error"


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308, 399])
def test_a_redirect_is_told_and_not_followed(stage: Stage, status: int) -> None:
    followed: list[bytes] = []

    async def elsewhere(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        followed.append(await reader.read(1))

    stage.host("elsewhere", elsewhere)
    location = stage.url("elsewhere")
    stage.host("h", says(whole(b"{}", status, f"location: {location}/v1/chat/completions")))
    answer = ask(stage, OPENAI, streamed=False)
    assert answer.status == 502
    assert str(status) in refusal(answer, OPENAI)
    assert "location" not in answer.headers
    assert followed == []


def test_a_host_that_is_not_there_is_told(stage: Stage) -> None:
    for name, url in {
        "closed": f"http://127.0.0.1:{free_port()}",
        "nowhere": "http://host.invalid.",
        "too long": f"http://{'x' * 300}.example",
        "no label": "http://a..b",
    }.items():
        stage.host("h", says(b""), url=url)
        answer = ask(stage, ANTHROPIC, streamed=True)
        assert (name, answer.status) == (name, 502)
        assert "could not be reached" in refusal(answer, ANTHROPIC)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def test_a_host_that_lets_nobody_in_is_given_up(stage: Stage) -> None:
    with deaf_port() as port:
        stage.host("h", says(b""), url=f"http://127.0.0.1:{port}", connect_timeout=0.2)
        answer = ask(stage, OPENAI, streamed=False)
    assert answer.status == 502
    assert "in time" in refusal(answer, OPENAI)


def test_a_host_that_never_shakes_hands_is_given_up(stage: Stage) -> None:
    stage.host("quiet", says(b"", leave=False))
    url = stage.url("quiet").replace("http:", "https:")
    stage.host("h", says(b""), url=url, connect_timeout=0.2)
    answer = ask(stage, OPENAI, streamed=False)
    assert answer.status == 502


def test_a_host_that_speaks_no_tls_where_it_should_is_told(stage: Stage) -> None:
    async def greets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await reader.read()

    stage.host("plain", greets)
    stage.host("h", says(b""), url=stage.url("plain").replace("http:", "https:"))
    answer = ask(stage, OPENAI, streamed=False)
    assert answer.status == 502
    assert "TLS" in refusal(answer, OPENAI)


STALLS = {
    "before its head": b"",
    "in its head": HEAD,
    "after its head": HEAD + b"content-length: 9\r\n\r\n",
    "in its body": HEAD + b"content-length: 9\r\n\r\n{",
    "before its first event": STREAM_HEAD,
    "in its first event": STREAM_HEAD + chunked(b'data: {"id'),
    "after a comment": STREAM_HEAD + chunked(b": wait\n\n"),
    "in a chunk": STREAM_HEAD + b"ff\r\ndata: {",
    "after saying that it goes on": b"HTTP/1.1 100 Continue\r\n\r\n" * 3,
    "in an error's head": b"HTTP/1.1 500 Oops\r\n",
}


@pytest.mark.parametrize(("client", "host", "streamed"), CALLS[1::3])
@pytest.mark.parametrize("where", STALLS)
def test_a_host_that_stalls_is_given_up_in_time(
    stage: Stage, where: str, client: str, host: str, streamed: bool
) -> None:
    stage.host("h", says(STALLS[where], leave=False), (host,), **SHORT)
    answer = ask(stage, client, streamed=streamed)
    assert answer.status == 504
    assert "sent nothing" in refusal(answer, client)
    assert stage.entries()[-1].failure == "timeout"


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
        (STREAM_HEAD, chunked(b": still here\n\n")),
        (STREAM_HEAD, chunked(b"event: ping\ndata: {}\n\n".replace(b"data: {}", b"x: y"))),
        (STREAM_HEAD + chunked(EVENTS[OPENAI][0]) + b"0\r\n", b"x: trailer\r\n"),
    ],
)
def test_signs_of_life_are_no_answer(stage: Stage, head: bytes, piece: bytes) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.01)

    stage.host("h", script, **SHORT)
    answer = ask(stage, OPENAI, streamed=True)
    if answer.status == 200:  # it had begun
        message = error_message(frames(answer, OPENAI)[-1], OPENAI)
    else:
        message = refusal(answer, OPENAI)
    assert "sent nothing" in message


ERRORS_INSIDE = {
    OPENAI: b'{"error": {"message": "boom", "type": "server_error", "code": null, "param": null}}',
    ANTHROPIC: b'{"type": "error", "error": {"type": "api_error", "message": "boom"}}',
    EMBEDDINGS: b'{"error": {"message": "boom", "type": "server_error", "code": null, "param": null}}',
}


@pytest.mark.parametrize(("client", "host", "streamed"), CALLS)
@pytest.mark.parametrize("how", ["as JSON", "as its first event"])
def test_an_error_that_calls_itself_a_success_is_an_error(
    stage: Stage, how: str, client: str, host: str, streamed: bool
) -> None:
    data = whole(ERRORS_INSIDE[host])
    if how == "as its first event":
        if not streamed:
            return
        data = STREAM_HEAD + chunked(STREAM_ERRORS[host]) + LAST_CHUNK
    stage.host("h", says(data), (host,))
    answer = ask(stage, client, streamed=streamed)
    assert answer.status == 502
    assert refusal(answer, client) == "boom"


@pytest.mark.parametrize(("client", "host"), STREAMS)
def test_an_answer_of_the_wrong_kind_is_an_error(stage: Stage, client: str, host: str) -> None:
    stage.host("h", says(whole(WHOLE[host])), (host,))
    answer = ask(stage, client, streamed=True)
    assert answer.status == 502
    assert refusal(answer, client)
    events = b"".join(map(chunked, EVENTS[host]))
    stage.host("h", says(STREAM_HEAD + events + LAST_CHUNK), (host,))
    answer = ask(stage, client, streamed=False)
    assert answer.status == 502
    assert refusal(answer, client)


def test_a_count_that_is_no_count_is_an_error(stage: Stage) -> None:
    """A host's token count passes through, but only if it is one."""
    asking = request(ANTHROPIC, plain(ANTHROPIC, "h/m")).replace(b"/messages ", b"/messages/count_tokens ", 1)
    for counted in (b"", b"<html>", b"[]", b'{"error": {}}'):
        stage.host("h", says(whole(counted)), (ANTHROPIC,))
        (answer,) = stage.talk(asking)
        assert answer.status == 502, counted
        assert refusal(answer, ANTHROPIC)
    stage.host("h", says(whole(b'{"input_tokens": 5}')), (ANTHROPIC,))
    assert stage.talk(asking)[0].json == {"input_tokens": 5}
