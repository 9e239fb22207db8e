"""What a gateway worker and the control process say to each other: length-prefixed MessagePack on a Unix socket.

The worker needs no database: its directory, credentials included, comes this way and never touches a disk.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from counterpoint.canonical import Failure
from counterpoint.directory import Directory, Key
from counterpoint.directory.health import OfferingHealth
from counterpoint.kept import Ask, Tell
from counterpoint.kept.errands import Done, Errand
from counterpoint.ledger.commits import Waits
from counterpoint.limits.claims import Claim, Grant
from counterpoint.serving import Limits

FRAME_LIMIT = 256 * 1024 * 1024
CommitWord = Literal["spool", "disk", "database"]


class WorkerSettings(msgspec.Struct, frozen=True, tag=True):
    """How a worker is to serve. `grace`: seconds that answers in flight get when it drains. `commit`: what the end of
    an answer waits for, at most `commit_wait` seconds. `private_networks`: private addresses that may be called."""

    host: str
    port: int
    spool: str
    limits: Limits = Limits()
    tls_certificate: str | None = None
    tls_key: str | None = None
    cors: tuple[str, ...] = ()
    grace: float = 30.0
    log_level: str = "info"
    commit: CommitWord = "spool"
    commit_wait: float = 0.25
    private_networks: tuple[str, ...] | None = None


class Hello(msgspec.Struct, frozen=True, tag=True):
    """A worker is here. `holder`: the name under which it holds leases."""

    worker: str
    pid: int
    holder: str = ""


class Listening(msgspec.Struct, frozen=True, tag=True):
    """The worker accepts connections."""


class LookUp(msgspec.Struct, frozen=True, tag=True):
    """Is there a key with this digest?"""

    number: int
    digest: bytes


class Found(msgspec.Struct, frozen=True, tag=True):
    """The key, or `None`."""

    number: int
    key: Key | None


class Ensure(msgspec.Struct, frozen=True, tag=True):
    """Have this local model running."""

    number: int
    model: str


class Ensured(msgspec.Struct, frozen=True, tag=True):
    """It listens at `path`, or it could not be started."""

    number: int
    path: str | None = None
    failure: Failure | None = None


class Question(msgspec.Struct, frozen=True, tag=True):
    """Something about answers that are kept, or to be."""

    number: int
    ask: Ask


class Told(msgspec.Struct, frozen=True, tag=True):
    """What came of it."""

    number: int
    tell: Tell | None = None
    failure: Failure | None = None


class Commit(msgspec.Struct, frozen=True, tag=True):
    """Answers wait until the entries in this spool file are committed."""

    file: str


class Committed(msgspec.Struct, frozen=True, tag=True):
    """They are, up to `place`; `None`: the database is away."""

    file: str
    place: int | None


class Waited(msgspec.Struct, frozen=True, tag=True):
    """How long answers have waited for their entries since the worker began."""

    waits: Waits


class Lease(msgspec.Struct, frozen=True, tag=True):
    """What a worker, by the name under which it holds leases, claims of limits."""

    number: int
    holder: str
    claims: tuple[Claim, ...] = ()


class Leased(msgspec.Struct, frozen=True, tag=True):
    """A grant for each claim; `None`: nobody can say."""

    number: int
    grants: tuple[Grant, ...] | None = None


class Publish(msgspec.Struct, frozen=True, tag=True):
    """Serve from this directory from now on."""

    directory: Directory


class Leave(msgspec.Struct, frozen=True, tag=True):
    """The worker is to end soon: each answer is its connection's last. `patience`: seconds that a connection which
    waits for nothing is given for one more call, once the worker was told to stop."""

    patience: float


class Run(msgspec.Struct, frozen=True, tag=True):
    """Do what a client asks of files or batches."""

    number: int
    errand: Errand


class Ran(msgspec.Struct, frozen=True, tag=True):
    """It is done, or it could not be."""

    number: int
    done: Done | None = None
    failure: Failure | None = None


class Measured(msgspec.Struct, frozen=True, tag=True):
    """How the offerings do that the worker asks; `at`: epoch seconds."""

    at: float
    offerings: tuple[OfferingHealth, ...]


FromWorker = Hello | Listening | LookUp | Ensure | Question | Run | Commit | Waited | Lease | Measured
ToWorker = WorkerSettings | Publish | Leave | Found | Ensured | Told | Ran | Committed | Leased


def pack(message: FromWorker | ToWorker) -> bytes:
    """One frame."""
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(4, "big") + body


class Unpacker:
    """Bytes in any cut to whole frames' bodies."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The bodies that `data` completes. Raises `ValueError` on a frame over the limit."""
        self._buffer += data
        while len(self._buffer) >= 4:
            length = int.from_bytes(self._buffer[:4], "big")
            if length > FRAME_LIMIT:
                raise ValueError(f"a frame of {length} bytes")
            if len(self._buffer) < 4 + length:
                return
            body = bytes(self._buffer[4 : 4 + length])
            del self._buffer[: 4 + length]
            yield body
