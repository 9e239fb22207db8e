"""The load generator and the mock upstream: what is right is counted, what is wrong is noticed."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from time import monotonic_ns
from typing import Any

import pytest
import uvloop
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.clock import Clock
from benchmarks.load import Client, Outcome, Target, closed_loop, connect, open_loop
from benchmarks.scenarios import percentile
from benchmarks.traffic import (
    ANSWER_BYTES,
    ANTHROPIC,
    EVENTS,
    LARGE_BYTES,
    MARK,
    OPENAI,
    OPENAI_MODEL,
    SMALL_BYTES,
    STAMP,
    Dialect,
    request,
    request_body,
    whole_answer,
)
from benchmarks.upstream import listen

Use = Callable[[list[Client], Clock], Coroutine[Any, Any, Outcome]]
DIALECTS = pytest.mark.parametrize("dialect", [OPENAI, ANTHROPIC], ids=lambda dialect: dialect.name)


def to_upstream(dialect: Dialect, order: str, use: Use, *, path: str = "") -> Outcome:
    """What `use` sees of the mock upstream."""

    async def run() -> Outcome:
        clock = Clock(asyncio.get_running_loop())
        server = await listen(clock)
        port = server.sockets[0].getsockname()[1]
        body = request_body(OPENAI_MODEL, order, SMALL_BYTES, stream=order != "bench-whole")
        asked = Dialect(dialect.name, path or dialect.path, dialect.headers, dialect.last)
        payload = request(asked, port, "key", body, b"")
        last = b"" if order == "bench-whole" else dialect.last
        clients = await connect(Target(port, payload, None if last else ANSWER_BYTES, last), 3)
        try:
            return await use(clients, clock)
        finally:
            for client in clients:
                client.close()
            server.close()
            await server.wait_closed()
            clock.close()

    return uvloop.run(run())


async def once(clients: list[Client], clock: Clock) -> Outcome:
    return await closed_loop(clients, clock, 0.0, 0.0)


@DIALECTS
@pytest.mark.parametrize("order", ["bench-whole", "bench-burst", "bench-paced"])
def test_every_answer_of_the_upstream_is_right(dialect: Dialect, order: str) -> None:
    outcome = to_upstream(dialect, order, once)
    assert outcome.errors == []
    assert outcome.completed == 3


@DIALECTS
def test_each_event_of_a_stream_is_timed(dialect: Dialect) -> None:
    async def one_stream(clients: list[Client], clock: Clock) -> Outcome:
        outcome = await once(clients[:1], clock)
        outcome.delays = clients[0].delays
        return outcome

    delays = to_upstream(dialect, "bench-paced", one_stream).delays
    assert len(delays) == EVENTS
    assert min(delays) >= 0


def test_an_error_is_counted_and_shown() -> None:
    outcome = to_upstream(OPENAI, "bench-whole", once, path="/nowhere")
    assert outcome.completed == 0
    assert ["404 Not Found" in error for error in outcome.errors] == [True] * 3


def test_in_the_open_loop_everything_that_was_due_is_answered_and_timed() -> None:
    async def use(clients: list[Client], clock: Clock) -> Outcome:
        return await open_loop(clients, clock, 500.0, 0.2, seed=1)

    outcome = to_upstream(OPENAI, "bench-whole", use)
    assert outcome.errors == []
    assert outcome.completed == len(outcome.latencies) > 50
    assert min(outcome.latencies) > 0


def answered_by(reply: bytes, last: bytes) -> list[str]:
    """The complaint about `reply`, after which the server hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(reply)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async def run() -> list[str]:
        clock = Clock(asyncio.get_running_loop())
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        payload = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
        clients = await connect(Target(port, payload, None if last else ANSWER_BYTES, last), 1)
        outcome = await closed_loop(clients, clock, 0.0, 0.0)
        clients[0].close()
        server.close()
        await server.wait_closed()
        clock.close()
        return outcome.errors

    return uvloop.run(run())


def whole(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def stream(events: int, end: bytes) -> bytes:
    pieces = [b"data: " + STAMP % monotonic_ns() + b"\n\n" for _ in range(events)] + [end]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces if piece)
    return b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"


RIGHT = whole_answer(OPENAI)


@pytest.mark.parametrize(
    ("reply", "last", "complaint"),
    [
        (whole(RIGHT), b"", None),
        (whole(RIGHT.replace(MARK, b"~eng")), b"", "200 OK"),
        (whole(RIGHT + b" "), b"", "200 OK"),
        (whole(RIGHT)[:-1], b"", "closed before the answer was complete"),
        (b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n", b"", "503"),
        (stream(EVENTS, OPENAI.last), OPENAI.last, None),
        (stream(EVENTS - 1, OPENAI.last), OPENAI.last, f"{EVENTS - 1} events instead"),
        (stream(EVENTS, b""), OPENAI.last, "no proper end"),
        (stream(EVENTS, OPENAI.last)[:-5], OPENAI.last, "closed before the answer was complete"),
    ],
)
def test_what_is_wrong_is_noticed(reply: bytes, last: bytes, complaint: str | None) -> None:
    errors = answered_by(reply, last)
    if complaint is None:
        assert errors == []
    else:
        assert len(errors) == 1
        assert complaint in errors[0]


@pytest.mark.parametrize("size", [SMALL_BYTES, LARGE_BYTES])
def test_requests_have_the_size_that_they_claim(size: int) -> None:
    assert len(request_body(OPENAI_MODEL, "bench-whole", size, stream=False)) == size


@DIALECTS
def test_answers_have_the_size_that_is_checked(dialect: Dialect) -> None:
    assert len(whole_answer(dialect)) == ANSWER_BYTES


@given(st.lists(st.integers(0, 1000), min_size=1), st.floats(0.01, 1.0))
def test_a_percentile_is_the_smallest_value_that_enough_do_not_exceed(
    values: list[int], share: float
) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
    assert sum(value < found for value in values) < share * len(values)


def test_an_alarm_never_rings_early_and_rings_in_order() -> None:
    async def run() -> list[tuple[int, int]]:
        loop = asyncio.get_running_loop()
        clock, rung, done = Clock(loop), list[tuple[int, int]](), loop.create_future()
        base = monotonic_ns()

        def ring(offset: int) -> None:
            rung.append((offset, monotonic_ns() - base))

        for offset in (3_000_000, 1_000_000, 2_000_000):
            clock.at(base + offset, partial(ring, offset))
        clock.at(base + 4_000_000, lambda: done.set_result(None))
        await done
        clock.close()
        return rung

    rung = uvloop.run(run())
    assert [offset for offset, _ in rung] == [1_000_000, 2_000_000, 3_000_000]
    assert all(at >= offset for offset, at in rung)
