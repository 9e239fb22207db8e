"""Clients that leave, at any moment: their host is stopped, their entry written, nothing stays behind."""

import asyncio
import socket
import threading

import pytest

from tests.faults.calls import CALLS, body
from tests.staging.hosts import EVENTS, HEAD, STREAM_HEAD, asked, chunked, deaf_port, says
from tests.staging.stage import Stage
from tests.staging.words import OPENAI, PATIENCE, request


@pytest.mark.parametrize(("client", "host", "streamed"), CALLS)
@pytest.mark.parametrize("stage_of_answer", ["before the head", "after the head", "in the body"])
def test_a_client_that_leaves_stops_the_host(
    stage: Stage, stage_of_answer: str, client: str, host: str, streamed: bool
) -> None:
    reached, left = threading.Event(), threading.Event()
    data = HEAD + b"transfer-encoding: chunked\r\n\r\n" + chunked(b'{"choices": [')
    if streamed:
        data = STREAM_HEAD + b"".join(map(chunked, EVENTS[host][:3]))
    sends = {"before the head": b"", "after the head": STREAM_HEAD, "in the body": data}[stage_of_answer]

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(sends)
        await writer.drain()
        reached.set()
        try:
            await reader.read()
        finally:
            left.set()

    stage.host("h", script, (host,))
    before = len(stage.entries())

    async def play() -> None:
        async with stage.client(request(client, body(client, streamed=streamed))) as (reader, _):
            await asyncio.to_thread(reached.wait, PATIENCE)
            if streamed and stage_of_answer == "in the body":
                await reader.readuntil(b"{")

    stage.run(play())
    assert left.wait(PATIENCE)
    stage.settle()
    (entry,) = stage.entries()[before:]
    assert (entry.status, entry.failure) == (499, None)


def test_a_client_that_leaves_before_its_host_is_reached_leaves_nothing(stage: Stage) -> None:
    with deaf_port() as port:
        stage.host("h", says(b""), url=f"http://127.0.0.1:{port}")
        before = len(stage.entries())
        with socket.create_connection(("127.0.0.1", stage.port)) as sock:
            sock.sendall(request(OPENAI, body(OPENAI, streamed=False)))
            stage.wait(lambda: bool(stage.plant.drivers))
        stage.settle()
        (entry,) = stage.entries()[before:]
        assert entry.status == 499
