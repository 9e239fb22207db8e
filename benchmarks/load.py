"""The load generator: closed loop for what a request costs, open loop for how long it takes.

Requests and answers are framed by hand, because a client library would cost more than the gateways that are
measured. Every answer is checked (status, length, its last words; for streams each event and the end): an
error makes the measurement void. In the open loop requests are due at random times that do not depend on the
answers, and each is timed from when it was due, so that a stall counts for all whom it kept waiting.
"""

import asyncio
import random
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from time import monotonic_ns, perf_counter
from typing import cast

from benchmarks.clock import Clock
from benchmarks.traffic import EVENTS, MARK

_STAMPS = re.compile(rb"t=(\d{19});")
_END = b"\r\n0\r\n\r\n"
LATE_SECONDS = 20.0
"""How long after its time a measurement may still wait for answers."""


@dataclass(frozen=True)
class Target:
    """Where to send what, and how to know the answer. `length`: the body's exact size, if that is known.
    `last`: what a stream's last event holds; empty where the answer is not streamed."""

    port: int
    payload: bytes
    length: int | None
    last: bytes


@dataclass
class Outcome:
    """What one measurement saw. Times in nanoseconds. `latencies`: of answers; `delays`: of events."""

    completed: int = 0
    seconds: float = 0.0
    latencies: list[int] = field(default_factory=list)
    delays: list[int] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Client(asyncio.Protocol):
    """One keep-alive connection. Calls `answered` with itself and a complaint (empty: all was well)."""

    __slots__ = ("_answered", "_buffer", "_pieces", "_target", "_transport", "_waiting", "delays", "due")

    def __init__(self, target: Target) -> None:
        self._target = target
        self._answered: Callable[[Client, str], None] = _ignore
        self._buffer = b""
        self._pieces: list[bytes] = []
        self._waiting = False
        self.delays: list[int] = []
        self.due = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def ask(self, answered: "Callable[[Client, str], None]") -> None:
        """Send the request."""
        self._answered = answered
        self._waiting = True
        self._transport.write(self._target.payload)

    def data_received(self, data: bytes) -> None:
        if not self._target.last:
            self._whole(data)
        else:
            self._stream(data)

    def _done(self, complaint: str) -> None:
        self._buffer = b""
        self._pieces = []
        self._waiting = False
        self._answered(self, complaint)

    def _whole(self, data: bytes) -> None:
        if self._buffer:
            data = self._buffer + data
        end = data.find(b"\r\n\r\n")
        head = data[: end + 2].lower()
        at = head.find(b"\ncontent-length:")
        length = int(head[at + 16 : head.find(b"\r\n", at)]) if at >= 0 else -1
        if end < 0 or (len(data) < end + 4 + length if at >= 0 else not data.endswith(_END)):
            self._buffer = data
            return
        wanted = self._target.length
        fine = data.startswith(b"HTTP/1.1 200") and MARK in data and (wanted is None or length == wanted)
        self._done("" if fine else _shown(data))

    def _stream(self, data: bytes) -> None:
        now = monotonic_ns()
        for stamp in _STAMPS.findall(data):
            self.delays.append(now - int(stamp))
        pieces = self._pieces
        pieces.append(data)
        tail = data if len(data) >= len(_END) else b"".join(pieces[-len(_END) :])
        if tail.endswith(_END):
            self._done(_stream_complaint(b"".join(pieces), self._target.last))
        elif len(pieces) == 1 and not data.startswith(b"HTTP/1.1 200"):
            self._done(_shown(data))

    def connection_lost(self, error: Exception | None) -> None:
        if self._waiting:
            self._done(f"the connection closed before the answer was complete ({error or 'end of file'})")

    def close(self) -> None:
        """Hang up."""
        self._waiting = False
        self._transport.abort()


def _ignore(client: Client, complaint: str) -> None:
    """No request is under way."""


def _shown(data: bytes) -> str:
    return data[:600].decode("utf-8", "replace")


def _stream_complaint(data: bytes, last: bytes) -> str:
    head, _, rest = data.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        return _shown(data)
    pieces: list[bytes] = []
    at = 0
    while at < len(rest):
        end = rest.find(b"\r\n", at)
        size = int(rest[at:end], 16)
        pieces.append(rest[end + 2 : end + 2 + size])
        at = end + 4 + size
    body = b"".join(pieces)
    events = len(_STAMPS.findall(body))
    if events != EVENTS:
        return f"{events} events instead of {EVENTS}"
    return "" if last in body[-200:] else f"no proper end: {_shown(body[-200:])}"


async def connect(target: Target, count: int) -> list[Client]:
    """Open `count` connections."""
    loop = asyncio.get_running_loop()
    pairs = [
        await loop.create_connection(lambda: Client(target), "127.0.0.1", target.port) for _ in range(count)
    ]
    return [client for _, client in pairs]


async def closed_loop(clients: list[Client], clock: Clock, seconds: float, spread: float) -> Outcome:
    """Each client asks again as soon as it has its answer, until `seconds` have passed; then all are awaited.
    The first requests are spread over `spread` seconds, so that streams do not tick in step."""
    loop = asyncio.get_running_loop()
    outcome = Outcome()
    finished = loop.create_future()
    busy = len(clients)
    began = perf_counter()
    ends = began + seconds

    def answered(client: Client, complaint: str) -> None:
        nonlocal busy
        if complaint:
            outcome.errors.append(complaint)
        else:
            outcome.completed += 1
            if perf_counter() < ends:
                client.ask(answered)
                return
        busy -= 1
        if not busy and not finished.done():
            finished.set_result(None)

    for index, client in enumerate(clients):
        client.delays = outcome.delays
        if spread:
            later = int(spread * 1e9 * index / len(clients))
            clock.at(monotonic_ns() + later, partial(client.ask, answered))
        else:
            client.ask(answered)
    await _awaited(finished, seconds, outcome)
    outcome.seconds = perf_counter() - began
    return outcome


async def open_loop(clients: list[Client], clock: Clock, rate: float, seconds: float, seed: int) -> Outcome:
    """Requests due at random (exponential gaps from `seed`, so the same for everyone) at `rate` a second."""
    loop = asyncio.get_running_loop()
    outcome = Outcome()
    finished = loop.create_future()
    idle = list(clients)
    waiting: deque[int] = deque()
    chance = random.Random(seed)
    began = monotonic_ns()
    dues = _dues(chance, rate, seconds, began + 1_000_000)
    left = len(dues)

    def answered(client: Client, complaint: str) -> None:
        nonlocal left
        outcome.latencies.append(monotonic_ns() - client.due)
        if complaint:
            outcome.errors.append(complaint)
        else:
            outcome.completed += 1
        left -= 1
        if not left and not finished.done():
            finished.set_result(None)
        if waiting:
            client.due = waiting.popleft()
            client.ask(answered)
        else:
            idle.append(client)

    def send(due: int) -> None:
        if idle:
            client = idle.pop()
            client.due = due
            client.ask(answered)
        else:
            waiting.append(due)

    for each in dues:
        clock.at(each, partial(send, each))
    await _awaited(finished, seconds, outcome)
    outcome.seconds = (monotonic_ns() - began) / 1e9
    return outcome


async def _awaited(finished: "asyncio.Future[None]", seconds: float, outcome: Outcome) -> None:
    try:
        await asyncio.wait_for(finished, seconds + LATE_SECONDS)
    except TimeoutError:
        outcome.errors.append(f"answers were still missing {LATE_SECONDS:.0f} s after the end")


def _dues(chance: random.Random, rate: float, seconds: float, start: int) -> list[int]:
    dues: list[int] = []
    at = 0.0
    while (at := at + chance.expovariate(rate)) < seconds:
        dues.append(start + int(at * 1e9))
    return dues
