"""What a parser's process and its pool say to each other over pipes: four bytes of length, then msgpack."""

import os
from typing import Final

import msgspec

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.outcome import Unreadable

MOST_BYTES: Final = 512 * 1024 * 1024


class Limits(msgspec.Struct, frozen=True):
    """What one file may take. `seconds`: of the clock, between two signs of life. `cpu_seconds`: likewise, of
    processors. `memory`: bytes of address space, libraries included. `bytes`: of a file. `files`: after which a child
    is replaced."""

    seconds: float = 90.0
    cpu_seconds: int = 60
    memory: int = 4 * 1024**3
    bytes: int = 200 * 1024 * 1024
    files: int = 200


class Task(msgspec.Struct, frozen=True, array_like=True, tag="task"):
    """Read this file."""

    name: str
    media_type: str
    data: bytes


class Alive(msgspec.Struct, frozen=True, array_like=True, tag="alive"):
    """The file takes long and goes on well."""


class Exposed(msgspec.Struct, frozen=True, array_like=True, tag="exposed"):
    """This system lets no process cut itself off from the network: a file that takes over the child reaches it."""


class Answer(msgspec.Struct, frozen=True, array_like=True, tag="answer"):
    """What came of it: one of the two."""

    parsed: Parsed | None = None
    unreadable: Unreadable | None = None


_encoder = msgspec.msgpack.Encoder()
tasks: Final = msgspec.msgpack.Decoder(Task)
answers: Final = msgspec.msgpack.Decoder(Alive | Exposed | Answer)


def write_frame(descriptor: int, value: Task | Alive | Exposed | Answer) -> None:
    """All of it, however full the pipe is."""
    body = _encoder.encode(value)
    waiting = memoryview(len(body).to_bytes(4, "big") + body)
    while waiting:
        waiting = waiting[os.write(descriptor, waiting) :]


def read_exactly(descriptor: int, size: int) -> bytes:
    """So many bytes; fewer if the other end is gone."""
    pieces = bytearray()
    while len(pieces) < size:
        piece = os.read(descriptor, min(size - len(pieces), 1024 * 1024))
        if not piece:
            break
        pieces += piece
    return bytes(pieces)
