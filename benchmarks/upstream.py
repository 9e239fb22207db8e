"""A mock upstream that speaks the OpenAI and the Anthropic dialect, as cheaply as Python can.

It shares a core and a process with the load generator and must not be what limits a gateway, so requests are
framed by hand and everything but the time stamps is prepared once. What it answers is in `traffic`.
"""

import asyncio
from time import monotonic_ns
from typing import cast

from benchmarks.clock import Clock
from benchmarks.traffic import (
    ANTHROPIC,
    EVENTS,
    OPENAI,
    PACE_SECONDS,
    STAMP,
    Dialect,
    Script,
    script,
    whole_answer,
)

_COMMON = b"date: Sat, 22 Nov 2025 00:00:00 GMT\r\nx-request-id: req_0123456789abcdef0123456789abcdef\r\n"
_STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\n"
    + _COMMON
    + b"transfer-encoding: chunked\r\n\r\n"
)
_LOST = b"HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
_END = b"0\r\n\r\n"
PACE_NS = int(PACE_SECONDS * 1e9)


def _whole(dialect: Dialect) -> bytes:
    body = whole_answer(dialect)
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n%bcontent-length: %d\r\n\r\n"
    return head % (_COMMON, len(body)) + body


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _chunked(plain: Script) -> Script:
    """The same script with chunk framing around each write."""
    size = len(plain.before) + len(STAMP % 0) + len(plain.after)
    before = b"%x\r\n%b" % (size, plain.before)
    last = _chunk(plain.last) + _END
    return Script(_STREAM_HEAD + _chunk(plain.first), before, plain.after + b"\r\n", last)


WHOLE = {dialect.name: _whole(dialect) for dialect in (OPENAI, ANTHROPIC)}
SCRIPTS = {
    (dialect.name, usage): _chunked(script(dialect, include_usage=usage))
    for dialect in (OPENAI, ANTHROPIC)
    for usage in (False, True)
}


class Upstream(asyncio.Protocol):
    """One connection; one request at a time."""

    __slots__ = ("_buffer", "_clock", "_due", "_left", "_script", "_transport")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buffer = b""
        self._left = 0
        self._due = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            data = self._buffer + data
        end = data.find(b"\r\n\r\n")
        if end < 0:
            self._buffer = data
            return
        head = data[: end + 2].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 : head.find(b"\r\n", at)]) if at >= 0 else 0
        if len(data) < end + 4 + length:
            self._buffer = data
            return
        self._buffer = b""  # no client of this benchmark pipelines
        self._answer(head, data)

    def _answer(self, head: bytes, data: bytes) -> None:
        if head.startswith(b"post /v1/chat/completions"):
            name = "openai"
        elif head.startswith(b"post /v1/messages"):
            name = "anthropic"
        else:
            self._transport.write(_LOST)
            return
        if b"bench-whole" in data:
            self._transport.write(WHOLE[name])
            return
        self._script = SCRIPTS[name, b'"include_usage"' in data]
        if b"bench-burst" in data:
            self._burst()
            return
        self._left = EVENTS
        self._due = monotonic_ns()
        self._tick()

    def _burst(self) -> None:
        lines = self._script
        event = b"".join((lines.before, STAMP % monotonic_ns(), lines.after))
        self._transport.write(b"".join((lines.first, event * EVENTS, lines.last)))

    def _tick(self) -> None:
        if self._transport.is_closing():
            return
        lines = self._script
        pieces = [lines.before, STAMP % monotonic_ns(), lines.after]
        if self._left == EVENTS:
            pieces.insert(0, lines.first)
        self._left -= 1
        if self._left:
            self._due += PACE_NS
            self._clock.at(self._due, self._tick)
        else:
            pieces.append(lines.last)
        self._transport.write(b"".join(pieces))


async def listen(clock: Clock) -> asyncio.Server:
    """Serve on a free port."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: Upstream(clock), "127.0.0.1", 0, backlog=1024)
