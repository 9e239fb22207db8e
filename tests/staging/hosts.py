"""Hosts for the stage: honest ones, and the pieces that the others are made of."""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import msgspec

from tests.staging.words import ANTHROPIC, EMBEDDINGS, OPENAI

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
"""One connection of a host's, from the request to the end."""


async def asked(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Head and body of the next request that a host gets."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return head, await reader.readexactly(length)


def whole(body: bytes, status: int = 200, *headers: str) -> bytes:
    """A host's answer."""
    lines = [f"HTTP/1.1 {status} Whatever", "content-type: application/json", *headers]
    return "\r\n".join([*lines, f"content-length: {len(body)}", "", ""]).encode() + body


STREAM_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def chunked(data: bytes) -> bytes:
    """One piece of a host's streamed answer."""
    return b"%x\r\n%s\r\n" % (len(data), data)


LAST_CHUNK = b"0\r\n\r\n"


def _event(value: dict[str, Any], name: str = "") -> bytes:
    data = b"data: %s\n\n" % msgspec.json.encode(value)
    return b"event: %s\n%s" % (name.encode(), data) if name else data


def _chunk(delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return _event(
        {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    )


_MESSAGE = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": []}
EVENTS: Mapping[str, tuple[bytes, ...]] = {
    OPENAI: (
        _chunk({"role": "assistant", "content": ""}),
        _chunk({"content": "Hello"}),
        _chunk({"content": " you"}),
        _chunk({}, "stop"),
        _event({"id": "c1", "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}}),
        b"data: [DONE]\n\n",
    ),
    ANTHROPIC: (
        _event(
            {
                "type": "message_start",
                "message": {**_MESSAGE, "usage": {"input_tokens": 3, "output_tokens": 1}},
            },
            "message_start",
        ),
        _event(
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
            "content_block_start",
        ),
        *(
            _event(
                {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}},
                "content_block_delta",
            )
            for text in ("Hello", " you")
        ),
        _event({"type": "content_block_stop", "index": 0}, "content_block_stop"),
        _event(
            {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}},
            "message_delta",
        ),
        _event({"type": "message_stop"}, "message_stop"),
    ),
}
WHOLE: Mapping[str, bytes] = {
    OPENAI: msgspec.json.encode(
        {
            "id": "c1",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": "Hello you"},
                    "finish_reason": "stop",
                }
            ],
            "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
        }
    ),
    ANTHROPIC: msgspec.json.encode(
        {
            **_MESSAGE,
            "content": [{"type": "text", "text": "Hello you"}],
            "stop_reason": "end_turn",
            "usage": {"input_tokens": 3, "output_tokens": 2},
        }
    ),
    EMBEDDINGS: msgspec.json.encode(
        {
            "object": "list",
            "data": [{"object": "embedding", "index": 0, "embedding": [0.5, 0.25]}],
            "model": "m",
            "usage": {"prompt_tokens": 3, "total_tokens": 3},
        }
    ),
}


class _Asked(msgspec.Struct):
    """What an honest host reads; the rest only has to be JSON, whatever its numbers."""

    stream: Any = None


_asked = msgspec.json.Decoder(_Asked).decode


def honest(dialect: str) -> Script:
    """A host that answers everything well, in `dialect`; what it is sent must be JSON."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head, body = await asked(reader)
            streamed = _asked(body).stream
            if b"/embeddings " in head:
                writer.write(whole(WHOLE[EMBEDDINGS]))
            elif b"/count_tokens " in head:
                writer.write(whole(b'{"input_tokens": 3}'))
            elif streamed is True:
                writer.write(STREAM_HEAD + b"".join(map(chunked, EVENTS[dialect])) + LAST_CHUNK)
            else:
                writer.write(whole(WHOLE[dialect]))

    return script


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
COMMENTS = chunked(b":%b\n\n" % (b" " * 10_000) * 100)
MEBIBYTE = chunked(b" " * (1 << 20))


def reset(writer: asyncio.StreamWriter) -> None:
    """Break the connection, in TCP's own way: a socket that does not linger is closed by a reset."""
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def says(data: bytes, *, leave: bool = True) -> Script:
    """A host that answers with `data`, and then hangs up or waits in silence."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(data)
        await writer.drain()
        if not leave:
            await reader.read()

    return script


def resets(data: bytes = b"") -> Script:
    """A host that breaks the connection after `data`."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(data)
        await writer.drain()
        reset(writer)

    return script


class Begins:
    """A host that begins with `data`, and goes on to `then` once its caller has `heard` the beginning. It hangs up
    at the end, waits in silence (`leave=False`) or breaks the connection (`reset`)."""

    def __init__(self, data: bytes, then: bytes = b"", *, leave: bool = True, reset: bool = False) -> None:
        self.heard = asyncio.Event()
        self._pieces = (data, then)
        self._leave = leave
        self._reset = reset

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(self._pieces[0])
        await self.heard.wait()
        writer.write(self._pieces[1])
        await writer.drain()
        if self._reset:
            reset(writer)
        elif not self._leave:
            await reader.read()


class Flood:
    """A host that sends `piece` for as long as it is let. `sent`: bytes so far; `stopped`: set when it was."""

    def __init__(self, head: bytes, piece: bytes) -> None:
        self._head = head
        self._piece = piece
        self.sent = 0
        self.stopped = threading.Event()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(self._head)
        try:
            while True:
                writer.write(self._piece)
                await writer.drain()
                self.sent += len(self._piece)
        finally:
            self.stopped.set()


STREAM_ERRORS = {
    OPENAI: b'data: {"error": {"message": "boom", "type": "server_error", "code": null, "param": null}}\n\n',
    ANTHROPIC: b'event: error\ndata: {"type": "error", "error": {"type": "api_error", "message": "boom"}}\n\n',
}
"""How hosts say in a stream that they have failed."""


@contextlib.contextmanager
def deaf_port() -> Iterator[int]:
    """A port whose queue of connections is full: the system lets nobody in, and says nothing."""
    with socket.socket() as sock, contextlib.ExitStack() as callers:
        sock.bind(("127.0.0.1", 0))
        sock.listen(0)
        for _ in range(4):
            caller = callers.enter_context(socket.socket())
            caller.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                caller.connect(sock.getsockname())
        yield sock.getsockname()[1]
