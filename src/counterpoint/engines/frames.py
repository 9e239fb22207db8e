"""What a local model's process and its callers say to each other: length-prefixed msgpack over a Unix socket.

Why not HTTP between them: both ends are ours, calls share one connection, and a frame carries canonical
values as they are, so nothing is translated twice. One frame is 4 bytes of length (big-endian) and one tagged
value.
"""

from pathlib import Path
from typing import Final, Literal

import msgspec

from counterpoint.canonical import Failure, StreamEvent
from counterpoint.canonical.responses import EmbedResponse

MAX_FRAME: Final = 64 * 1024 * 1024
"""Longer than any request that the gateway lets in; a length beyond it means the stream is out of step."""

Operation = Literal["chat", "embed", "count_tokens"]
"""`chat` and `count_tokens` carry a `ChatRequest`, `embed` an `EmbedRequest`."""

Isolation = Literal["namespace", "filter", "none"]
"""`namespace`: the process has a network namespace of its own with no way out. `filter`: a seccomp filter
lets it open Unix sockets only. `none`: the system permitted neither."""

EngineState = Literal["loading", "ready", "unloading", "failed"]


def private_socket(socket: Path) -> Path:
    """Where the native server inside the process that listens at `socket` listens itself. llama.cpp knows a
    socket's path by its ending."""
    return socket.with_name(f"{socket.stem}.n.sock")


class Call(msgspec.Struct, frozen=True, array_like=True, tag="call"):
    """Do `operation` on `request` (encoded, so that a bad one spoils its own call only). `id` is the
    caller's, unique on its connection. `keep_alive`: seconds to stay loaded after the last call; -1 for ever,
    0 not at all, `None` the process's default."""

    id: int
    operation: Operation
    request: msgspec.Raw
    keep_alive: float | None = None


class Cancel(msgspec.Struct, frozen=True, array_like=True, tag="cancel"):
    """Nobody waits for call `id` any more: stop working on it. Nothing answers to this."""

    id: int


class Event(msgspec.Struct, frozen=True, array_like=True, tag="event"):
    """One stream event of a chat."""

    id: int
    event: StreamEvent


class Vectors(msgspec.Struct, frozen=True, array_like=True, tag="vectors"):
    """The answer of an `embed` call; it ends the call."""

    id: int
    response: EmbedResponse


class Count(msgspec.Struct, frozen=True, array_like=True, tag="count"):
    """The answer of a `count_tokens` call; it ends the call."""

    id: int
    tokens: int


class Done(msgspec.Struct, frozen=True, array_like=True, tag="done"):
    """A chat is complete; it ends the call."""

    id: int


class Failed(msgspec.Struct, frozen=True, array_like=True, tag="failed"):
    """The call failed; it ends the call."""

    id: int
    failure: Failure


class Leaving(msgspec.Struct, frozen=True, array_like=True, tag="leaving"):
    """The process unloads. It has ended every call that it took; those without an answer it never took."""


class Status(msgspec.Struct, frozen=True, array_like=True, tag="status"):
    """How the process is, said on its standard output whenever it changes. `active` calls run or wait,
    `calls` were taken since the start, `last_call` is the clock's time (epoch) of the latest beginning or end
    of one. `failure`: why it is `failed` or `unloading`. `context`: tokens that all calls share."""

    state: EngineState
    isolation: Isolation = "none"
    active: int = 0
    calls: int = 0
    last_call: float = 0.0
    context: int = 0
    failure: Failure | None = None


Question = Call | Cancel
Answer = Event | Vectors | Count | Done | Failed | Leaving

_encoder = msgspec.msgpack.Encoder()
questions: Final = msgspec.msgpack.Decoder(Question)
answers: Final = msgspec.msgpack.Decoder(Answer)
statuses: Final = msgspec.msgpack.Decoder(Status)


class OutOfStepError(ValueError):
    """The bytes are not frames: the connection cannot be used any further."""


def encode(value: Question | Answer | Status) -> bytes:
    """`value` as one frame."""
    body = _encoder.encode(value)
    return len(body).to_bytes(4, "big") + body


def encode_request(request: msgspec.Struct) -> msgspec.Raw:
    """A canonical request as a `Call` carries it."""
    return msgspec.Raw(_encoder.encode(request))


class FrameReader:
    """Cuts bytes that come in any pieces into frames' bodies."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The bodies that `data` completes. Raises `OutOfStepError` on a length beyond `MAX_FRAME`."""
        buffer = self._buffer
        bodies: list[bytes] = []
        buffer += data
        start, end = 0, len(buffer)
        while end - start >= 4:
            length = int.from_bytes(buffer[start : start + 4], "big")
            if length > MAX_FRAME:
                raise OutOfStepError(f"a frame of {length} bytes")
            if end - start - 4 < length:
                break
            bodies.append(bytes(buffer[start + 4 : start + 4 + length]))
            start += 4 + length
        if start:
            del buffer[:start]
        return bodies
