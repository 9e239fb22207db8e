"""Hosts that send without end, and clients that do not read: what is kept in between has a bound."""

import asyncio
import socket

import pytest

from tests.faults.calls import CALLS, SHORT, STREAMS, ask, body
from tests.staging.answers import answers, error_message, frames, refusal
from tests.staging.hosts import COMMENTS, EVENTS, LAST_CHUNK, MEBIBYTE, STREAM_HEAD, Flood, asked, chunked
from tests.staging.stage import Stage
from tests.staging.words import ANTHROPIC, EMBEDDINGS, OPENAI, PATIENCE, request

ENDLESS_ERROR = b"HTTP/1.1 500 Oops\r\ntransfer-encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(("client", "host", "streamed"), CALLS)
def test_an_error_without_end_is_told_all_the_same(
    stage: Stage, client: str, host: str, streamed: bool
) -> None:
    flood = Flood(ENDLESS_ERROR, MEBIBYTE)
    stage.host("h", flood, (host,))
    answer = ask(stage, client, streamed=streamed)
    assert answer.status == 500
    assert refusal(answer, client)
    assert flood.stopped.wait(PATIENCE)
    assert flood.sent < 32 << 20


def test_an_error_in_drops_is_told_in_time(stage: Stage) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(ENDLESS_ERROR)
        while True:
            writer.write(chunked(b" "))
            await writer.drain()
            await asyncio.sleep(0.01)

    stage.host("h", script, **SHORT)
    answer = ask(stage, OPENAI, streamed=False)
    assert answer.status == 500


@pytest.mark.parametrize(
    ("client", "host", "streamed", "piece"),
    [
        (OPENAI, OPENAI, False, MEBIBYTE),
        (OPENAI, ANTHROPIC, False, MEBIBYTE),
        (EMBEDDINGS, EMBEDDINGS, False, MEBIBYTE),
        (OPENAI, OPENAI, True, MEBIBYTE),
        (ANTHROPIC, OPENAI, True, MEBIBYTE),
        (ANTHROPIC, ANTHROPIC, True, MEBIBYTE),
        (OPENAI, OPENAI, True, COMMENTS),
        (ANTHROPIC, ANTHROPIC, True, COMMENTS),
    ],
)
def test_an_answer_without_end_is_cut_off(
    stage: Stage, client: str, host: str, streamed: bool, piece: bytes
) -> None:
    """Whole, as one event without end, or as comments without end: only so much is kept."""
    flood = Flood(STREAM_HEAD, piece)
    stage.host("h", flood, (host,))
    answer = ask(stage, client, streamed=streamed)
    assert answer.status == 502
    assert refusal(answer, client)
    assert flood.stopped.wait(PATIENCE)
    assert flood.sent < 200 << 20


@pytest.mark.parametrize(("client", "host"), STREAMS)
def test_an_event_without_end_ends_a_stream_that_has_begun(stage: Stage, client: str, host: str) -> None:
    flood = Flood(STREAM_HEAD + b"".join(map(chunked, EVENTS[host][:3])), MEBIBYTE)
    stage.host("h", flood, (host,))
    answer = stage.post(client, body(client, streamed=True))
    assert error_message(frames(answer, client)[-1], client)
    assert flood.stopped.wait(PATIENCE)


@pytest.mark.parametrize(("client", "host"), STREAMS)
def test_a_client_that_reads_slowly_slows_the_host(stage: Stage, client: str, host: str) -> None:
    """The host can send only what fits into the buffers between it and the client."""
    piece = chunked(EVENTS[host][3 if host == ANTHROPIC else 1] * 2000)
    flood = Flood(STREAM_HEAD + b"".join(map(chunked, EVENTS[host][:3])), piece)
    stage.host("h", flood, (host,))

    async def play() -> int:
        async with stage.client(request(client, body(client, streamed=True))) as (reader, _):
            await reader.readuntil(b"Hello")
            sent = -1
            while sent != flood.sent:  # until nothing moves any more
                sent = flood.sent
                await asyncio.sleep(0.3)
            return sent

    stalled = stage.run(play())
    assert 0 < stalled < 64 << 20
    assert flood.stopped.wait(PATIENCE)
    stage.settle()
    assert stage.entries()[-1].status == 499


def test_a_client_that_reads_slowly_gets_everything(stage: Stage) -> None:
    """And the connection to the host, which was paused for him, serves the next call."""
    event = EVENTS[OPENAI][1].replace(b"Hello", b"Hello" * 2000)
    long = b"".join(map(chunked, [EVENTS[OPENAI][0], event * 2000, *EVENTS[OPENAI][2:]]))
    connections = 0

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while True:
            await asked(reader)
            writer.write(STREAM_HEAD + long + LAST_CHUNK)

    stage.host("h", script)
    for _ in range(2):
        with socket.create_connection(("127.0.0.1", stage.port)) as sock:
            sock.sendall(request(OPENAI, body(OPENAI, streamed=True)))
            stage.wait(lambda: any(driver._slow for driver in stage.plant.drivers))
            with sock.makefile("rb") as file:
                (answer,) = answers(file.read())
        assert answer.whole
        assert answer.body.count(b"Hello") == 2000 * 2000
        assert answer.body.endswith(b"data: [DONE]\n\n")
    assert connections == 1
