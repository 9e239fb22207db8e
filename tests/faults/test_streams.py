"""Streams that break, drag on or say too much after they have begun, and connections that outlive an answer."""

import asyncio
from typing import Any

import pytest

from tests.faults.calls import CALLS, SHORT, STREAMS, ask, listen
from tests.staging.answers import Answer, error_message, frames
from tests.staging.hosts import (
    COMMENTS,
    EVENTS,
    LAST_CHUNK,
    STREAM_ERRORS,
    STREAM_HEAD,
    WHOLE,
    Begins,
    Flood,
    Script,
    asked,
    chunked,
    reset,
    resets,
    says,
    whole,
)
from tests.staging.stage import Stage
from tests.staging.words import ANTHROPIC, OPENAI


@pytest.mark.parametrize(("client", "host"), STREAMS)
@pytest.mark.parametrize("cut", ["hangs up", "resets", "stalls", "in an event", "garbage", "error", "http"])
def test_a_stream_that_breaks_ends_in_an_error_event(stage: Stage, cut: str, client: str, host: str) -> None:
    begun = STREAM_HEAD + b"".join(map(chunked, EVENTS[host][: 3 if host == ANTHROPIC else 2]))
    scripts = {
        "hangs up": Begins(begun),
        "resets": Begins(begun, reset=True),
        "stalls": Begins(begun, leave=False),
        "in an event": Begins(begun, chunked(EVENTS[host][2][:30])),
        "garbage": Begins(begun, chunked(b"data: }{\n\n") + LAST_CHUNK),
        "error": Begins(begun, chunked(STREAM_ERRORS[host]), leave=False),
        "http": Begins(begun, b"zz\r\n", leave=False),
    }
    stage.host("h", scripts[cut], (host,), **(SHORT if cut == "stalls" else {}))
    before = len(stage.entries())
    answer = listen(stage, client, scripts[cut])
    assert answer.status == 200
    events = frames_but(answer, b"}{") if cut == "garbage" else frames(answer, client)
    assert error_message(events[-1], client)
    assert all("error" not in event for event in events[:-1])
    assert "Hello" in answer.body.decode()
    (entry,) = stage.entries()[before:]
    assert (entry.status, entry.stream, entry.failure is None) == (200, True, False)


def frames_but(answer: Answer, garbage: bytes) -> list[Any]:
    """What a host writes in our own dialect, the client sees: even garbage."""
    body = b"".join(piece + b"\n\n" for piece in answer.body.split(b"\n\n")[:-1] if garbage not in piece)
    return frames(answer._replace(body=body), OPENAI)


@pytest.mark.parametrize(("client", "host", "streamed"), CALLS)
def test_an_answer_in_drops_is_the_same_answer(stage: Stage, client: str, host: str, streamed: bool) -> None:
    data = whole(WHOLE[host], 200, *("x-some: header",) * 20)
    if streamed:
        data = STREAM_HEAD + b"".join(map(chunked, EVENTS[host])) + LAST_CHUNK

    async def drips(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        for index in range(len(data)):
            writer.write(data[index : index + 1])
            await asyncio.sleep(0)

    stage.host("h", says(data), (host,))
    at_once = ask(stage, client, streamed=streamed)
    stage.host("h", drips, (host,))
    dripped = ask(stage, client, streamed=streamed)
    assert at_once.status == dripped.status == 200
    assert _timeless(dripped) == _timeless(at_once)


def _timeless(answer: Answer) -> Any:
    """An answer without its time and ids."""
    if answer.headers["content-type"] == "application/json":
        return {name: value for name, value in answer.json.items() if name not in {"id", "created"}}
    return [{**event, "created": 0} for event in frames(answer, "")]


@pytest.mark.parametrize(("client", "host"), STREAMS)
@pytest.mark.parametrize("end", ["lingers", "resets", "hangs up", "goes on"])
def test_an_answer_that_is_complete_needs_no_more_of_its_host(
    stage: Stage, end: str, client: str, host: str
) -> None:
    data = STREAM_HEAD + b"".join(map(chunked, EVENTS[host]))
    scripts: dict[str, Script] = {
        "lingers": says(data, leave=False),
        "resets": resets(data),
        "hangs up": says(data),
        "goes on": Flood(data, COMMENTS),
    }
    stage.host("h", scripts[end], (host,), **(SHORT if end == "lingers" else {}))
    answer = ask(stage, client, streamed=True)
    events = frames(answer._replace(body=answer.body[: answer.body.rindex(b"\n\n") + 2]), client)
    assert all("error" not in event for event in events)
    last = {OPENAI: b"data: [DONE]\n\n", ANTHROPIC: b'"type":"message_stop"}\n\n'}[client]
    assert last in answer.body
    assert stage.entries()[-1].failure is None


def test_what_comes_after_an_answer_is_not_the_next_answer(stage: Stage) -> None:
    """A host that sends more than it should, at once or later: the next call gets its own answer."""
    connections = 0

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await asked(reader)
        more = whole(b'{"choices": [], "id": "not yours"}')
        if connections == 1:
            writer.write(whole(WHOLE[OPENAI]) + more)
        else:
            writer.write(whole(WHOLE[OPENAI]))
            await later.wait()
            writer.write(more)
        await reader.read()

    later = asyncio.Event()
    stage.host("h", script)
    for _ in range(4):
        later.clear()
        assert b"not yours" not in ask(stage, OPENAI, streamed=False).body
        stage.loop.call_soon_threadsafe(later.set)
        stage.wait(lambda: stage.idle == 0)


def test_a_connection_that_its_host_closed_meanwhile_costs_nobody_an_answer(stage: Stage) -> None:
    """However a host closes a connection that waits for its next call: with the answer, later, or on the call."""
    calls = 0

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        await asked(reader)
        calls += 1
        writer.write(whole(WHOLE[OPENAI]))
        await writer.drain()
        if calls % 3 == 1:
            await reader.read(1)
            reset(writer)
        elif calls % 3 == 2:
            await reader.read(1)

    stage.host("h", script)
    for _ in range(12):
        assert ask(stage, OPENAI, streamed=False).status == 200
    assert calls == 12
