"""One server that fails in every way a host can, by the first segment of the path that it is called at.

`/resets/openai-chat/v1/chat/completions` is a host that speaks chat completions and resets the connection.
"""

import asyncio
import contextlib
import gzip
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.staging.connections import Connections
from tests.staging.hosts import HEAD, LAST_CHUNK, STREAM_HEAD, asked, chunked, reset, whole
from tests.staging.tongues import TONGUES, Tongue

DRIP_SECONDS = 0.05
MEBIBYTE = b" " * (1 << 20)


@dataclass
class Visit:
    """One request that a host got. `heard`: its caller has got the beginning of the answer. `left`: when its caller
    hung up, by the monotonic clock, whereupon it is `over`. `first`: nobody asked for this model before."""

    fault: str
    tongue: Tongue
    model: str
    streamed: bool
    head: bytes
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    heard: asyncio.Event
    first: bool = True
    left: float | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    def answer(self) -> bytes:
        """What a sound host says."""
        if self.streamed:
            return STREAM_HEAD + b"".join(map(chunked, self.tongue.events)) + LAST_CHUNK
        return whole(self.tongue.whole)

    @property
    def beginning(self) -> bytes:
        """So much of a good answer that its caller has something of it already."""
        if self.streamed:
            return STREAM_HEAD + b"".join(map(chunked, self.tongue.events[: self.tongue.begun]))
        return HEAD + b"content-length: %d\r\n\r\n" % len(self.tongue.whole) + self.tongue.whole[:20]

    async def wait(self) -> None:
        """In silence, until the caller has had enough."""
        with contextlib.suppress(ConnectionError):
            while await self.reader.read(1 << 16):
                pass
        self.leave()

    def leave(self) -> None:
        """The caller has gone."""
        self.left = time.monotonic()
        self.over.set()


Script = Callable[[Visit], Awaitable[None]]


def says(data: bytes | Callable[[Visit], bytes], *, leave: bool = True) -> Script:
    """Answers with `data`, then hangs up or waits in silence."""

    async def script(visit: Visit) -> None:
        await visit.say(data if isinstance(data, bytes) else data(visit))
        if not leave:
            await visit.wait()

    return script


def resets(data: bytes | Callable[[Visit], bytes] = b"") -> Script:
    """Breaks the connection after `data`."""

    async def script(visit: Visit) -> None:
        await visit.say(data if isinstance(data, bytes) else data(visit))
        await asyncio.sleep(0.05)  # or the reset overtakes what was said
        reset(visit.writer)

    return script


def begins(
    then: Callable[[Visit], bytes] = lambda _: b"", *, leave: bool = True, breaks: bool = False
) -> Script:
    """Begins an answer, and once its caller has something of it goes on to `then`; hangs up, waits in silence or breaks
    the connection."""

    async def script(visit: Visit) -> None:
        await visit.say(visit.beginning)
        if visit.streamed:
            await visit.heard.wait()
        await visit.say(then(visit))
        if breaks:
            await asyncio.sleep(0.05)
            reset(visit.writer)
        elif not leave:
            await visit.wait()

    return script


def drips(data: Callable[[Visit], bytes], seconds: float = DRIP_SECONDS) -> Script:
    """A byte at a time."""

    async def script(visit: Visit) -> None:
        for byte in data(visit):
            await visit.say(bytes([byte]))
            await asyncio.sleep(seconds)

    return script


def repeats(head: bytes | Callable[[Visit], bytes], piece: bytes, seconds: float = 0.0) -> Script:
    """The same thing again and again, for as long as it is let."""

    async def script(visit: Visit) -> None:
        await visit.say(head if isinstance(head, bytes) else head(visit))
        try:
            while True:
                await visit.say(piece)
                await asyncio.sleep(seconds)
        finally:
            visit.leave()

    return script


def failing(status: int, *headers: str) -> Script:
    """An error as the host's dialect tells one."""
    return says(lambda visit: whole(visit.tongue.failing(status), status, *headers))


def stream_error(visit: Visit) -> bytes:
    """As an event of a stream."""
    return chunked(visit.tongue.stream_error())


def inside(visit: Visit) -> bytes:
    """An error behind a 200, in the form that was asked for."""
    if visit.streamed:
        return STREAM_HEAD + stream_error(visit) + LAST_CHUNK
    return whole(json.dumps(visit.tongue.error).encode())


def gzipped(visit: Visit) -> bytes:
    """A good answer, packed although nobody asked for it."""
    if not visit.streamed:
        return whole(gzip.compress(visit.tongue.whole, mtime=0), 200, "content-encoding: gzip")
    packed = gzip.compress(b"".join(visit.tongue.events), mtime=0)
    head = STREAM_HEAD.replace(b"\r\n\r\n", b"\r\ncontent-encoding: gzip\r\n\r\n")
    return head + chunked(packed) + LAST_CHUNK


def mislabelled(visit: Visit) -> bytes:
    """A good answer that calls itself a page."""
    kinds = (b"application/json", b"text/event-stream")
    return visit.answer().replace(kinds[visit.streamed], b"text/html", 1)


def half_event(visit: Visit) -> bytes:
    """Of the next one."""
    return chunked(visit.tongue.events[visit.tongue.begun][:25]) if visit.streamed else b""


def half_frame(visit: Visit) -> bytes:
    """The connection ends in the middle of a chunk."""
    return chunked(visit.tongue.events[visit.tongue.begun])[:-20] if visit.streamed else b""


def half_chunk(visit: Visit) -> bytes:
    """The same, of a whole answer."""
    body = visit.tongue.whole
    return HEAD + b"transfer-encoding: chunked\r\n\r\n%x\r\n" % len(body) + body[:-9]


def too_long(visit: Visit) -> bytes:
    """More is promised than comes."""
    body = b"".join(visit.tongue.events) if visit.streamed else visit.tongue.whole
    kind = b"text/event-stream" if visit.streamed else b"application/json"
    return b"HTTP/1.1 200 OK\r\ncontent-type: %b\r\ncontent-length: %d\r\n\r\n" % (kind, len(body) + 9) + body


def too_short(visit: Visit) -> bytes:
    """Less is promised than comes."""
    return HEAD + b"content-length: %d\r\n\r\n" % (len(visit.tongue.whole) - 9) + visit.tongue.whole


def large_event(visit: Visit) -> bytes:
    """One event, or one body, of a megabyte."""
    many = "Hello you" + "." * (1 << 20)
    if not visit.streamed:
        return whole(visit.tongue.whole.replace(b"Hello you", many.encode()))
    events = b"".join(chunked(e.replace(b"Hello", many.encode(), 1)) for e in visit.tongue.events)
    return STREAM_HEAD + events + LAST_CHUNK


async def floods(visit: Visit) -> None:
    """Says more than anybody can hold, for as long as it is let."""
    piece = chunked(visit.tongue.events[visit.tongue.begun - 1] * 500)
    await repeats(visit.beginning, piece)(visit)


async def stumbles(visit: Visit) -> None:
    """Fails the first time that a model is asked for."""
    if visit.first:
        await failing(503, "retry-after: 0")(visit)
    else:
        await visit.say(visit.answer())


SCRIPTS: Mapping[str, Script] = {
    "good": says(lambda visit: visit.answer()),
    "hangs-up": says(b""),
    "resets": resets(),
    "resets-in-head": resets(HEAD),
    "resets-after-head": resets(STREAM_HEAD),
    "resets-in-answer": begins(breaks=True),
    "429": failing(429),
    "429-again-soon": failing(429, "retry-after: 0"),
    "429-again-late": failing(429, "retry-after: 3600"),
    "500": failing(500),
    "503": failing(503),
    "529": failing(529),
    "400": failing(400),
    "401": failing(401),
    "403": failing(403),
    "404": failing(404),
    "redirects": says(whole(b"{}", 307, "location: http://169.254.169.254/latest/meta-data/")),
    "stalls": says(b"", leave=False),
    "stalls-in-head": says(HEAD, leave=False),
    "stalls-after-head": says(STREAM_HEAD, leave=False),
    "stalls-in-answer": begins(leave=False),
    "stalls-in-error": says(b"HTTP/1.1 500 Oops\r\ncontent-length: 99\r\n\r\n{", leave=False),
    "cut-in-event": begins(half_event),
    "cut-in-frame": begins(half_frame),
    "cut-in-chunk": says(half_chunk),
    "promises-too-much": says(too_long),
    "promises-too-little": says(too_short, leave=False),
    "garbage": says(bytes(range(256)) * 300),
    "garbage-in-body": says(lambda visit: visit.answer()[:90] + bytes(range(128, 256)) * 9),
    "page": says(whole(b"<!doctype html><title>Welcome</title>").replace(b"application/json", b"text/html")),
    "mislabelled": says(mislabelled),
    "gzipped": says(gzipped),
    "error-inside": says(inside),
    "error-in-stream": lambda visit: (begins(stream_error, leave=False) if visit.streamed else says(inside))(
        visit
    ),
    "empty": says(whole(b"")),
    "empty-stream": says(STREAM_HEAD + LAST_CHUNK),
    "drips-head": drips(lambda _: HEAD + b"x: " + b"y" * 10_000),
    "drips-comments": repeats(STREAM_HEAD, chunked(b": wait\n\n"), DRIP_SECONDS),
    "drips-answer": drips(lambda visit: visit.answer(), 0.002),
    "endless-head": repeats(HEAD, b"x: y\r\n" * 1000),
    "endless-interim": repeats(b"", b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n", DRIP_SECONDS),
    "endless-event": repeats(STREAM_HEAD, chunked(b"data: " + MEBIBYTE)),
    "stumbles": stumbles,
    "floods": floods,
    "large-event": says(large_event),
}
"""By name. Those that belong to the connection itself (who refuses, who never shakes hands) have no script."""


@dataclass
class Faulty:
    """The server. `visits`: every request that came; `heard`: by model, whether its caller has
    something of an answer."""

    visits: list[Visit] = field(default_factory=list)
    connections: Connections = field(default_factory=Connections)
    _seen: set[str] = field(default_factory=set)
    _waiting: list[asyncio.Future[Visit]] = field(default_factory=list)
    heard: defaultdict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))
    port: int = 0

    def url(self, fault: str, dialect: str) -> str:
        """Where the host of that fault and dialect is."""
        return f"http://127.0.0.1:{self.port}/{fault}/{dialect}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        await self.connections.talk(self._serve(reader, writer), writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            visit = await self._welcome(reader, writer)
            await SCRIPTS[visit.fault](visit)
            if visit.fault != "good":
                return

    def next_visit(self) -> asyncio.Future[Visit]:
        """The next request that comes."""
        waiting: asyncio.Future[Visit] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        return waiting

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Visit:
        head, body = await asked(reader)
        path = head.split(b" ", 2)[1].decode()
        fault, dialect, rest = path.lstrip("/").split("/", 2)
        asking: Any = json.loads(body)
        streamed = "streamGenerate" in rest or bool(asking.get("stream"))
        model = asking.get("model") or rest.rpartition("/")[2].partition(":")[0]
        visit = Visit(fault, TONGUES[dialect], model, streamed, head, reader, writer, self.heard[model])
        visit.first = model not in self._seen
        self._seen.add(model)
        self.visits.append(visit)
        for waiting in self._waiting:
            waiting.set_result(visit)
        self._waiting.clear()
        return visit


@contextlib.asynccontextmanager
async def faulty() -> AsyncIterator[Faulty]:
    """A running one."""
    found = Faulty()
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
        await found.connections.end()
