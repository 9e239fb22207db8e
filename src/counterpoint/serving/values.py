"""What the server hands to its service, and what bounds it keeps."""

import re
from typing import TYPE_CHECKING, Protocol

import msgspec

from counterpoint.canonical import Failure

if TYPE_CHECKING:
    from counterpoint.serving.connection import Connection


_ORIGIN = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
"""Scheme and authority (RFC 3986, 3.1 and 3.2)."""


class Limits(msgspec.Struct, frozen=True):
    """Bounds on one client. Sizes in bytes, times in seconds.

    `head_*`: request line and headers. `body_bytes`: whole body. `body_seconds`: a body must arrive within
    this plus its length at `body_rate` bytes a second. `idle_seconds`: keep-alive between requests.
    `stall_seconds`: how long a client may refuse to read its answer. `pipeline`: requests that may wait
    behind the one being answered.
    """

    head_bytes: int = 64 * 1024
    head_count: int = 128
    target_bytes: int = 8 * 1024
    body_bytes: int = 64 * 1024 * 1024
    head_seconds: float = 15.0
    body_seconds: float = 30.0
    body_rate: int = 32 * 1024
    idle_seconds: float = 75.0
    stall_seconds: float = 60.0
    pipeline: int = 4


class Request:
    """One parsed request. `headers`: names in lower case; repeated ones joined by `, ` as RFC 9110 allows.
    `received`: the event loop's clock when its last byte had come."""

    __slots__ = ("body", "headers", "keep_alive", "method", "path", "query", "received", "version")

    def __init__(
        self,
        method: str,
        target: bytes,
        headers: dict[bytes, bytes],
        body: bytes,
        *,
        version: str,
        keep_alive: bool,
        received: float,
    ) -> None:
        if target[:1] != b"/":
            target = _origin_form(target)
        path, _, query = target.partition(b"?")
        self.method = method
        self.path = path.decode("latin-1")
        self.query = query.decode("latin-1")
        self.headers = headers
        self.body = body
        self.version = version
        self.keep_alive = keep_alive
        self.received = received


def _origin_form(target: bytes) -> bytes:
    """The path in `http://host/path`, which clients of proxies write and every server must take (RFC 9112, 3.2.2)."""
    origin = _ORIGIN.match(target)
    if origin is None:
        return target
    rest = target[origin.end() :]
    return rest if rest[:1] == b"/" else b"/" + rest


class InFlight(Protocol):
    """The server's hold on a request that is being answered."""

    def client_gone(self) -> None:
        """The client has left; nothing that is sent will be read."""

    def client_slow(self) -> None:
        """The client reads too slowly: produce no more for now."""

    def client_ready(self) -> None:
        """The client reads again."""


class Tunnel(Protocol):
    """Takes a connection over that is no longer HTTP."""

    def client_data(self, data: bytes) -> None:
        """Bytes from the client."""

    def client_gone(self) -> None: ...

    def client_slow(self) -> None: ...

    def client_ready(self) -> None: ...


class Service(Protocol):
    """Answers requests."""

    def upgrade(self, request: Request, connection: "Connection") -> Tunnel | None:
        """Take over a connection whose client wishes for a WebSocket; `None`: it goes on with HTTP, as HTTP allows."""

    def handle(self, request: Request, connection: "Connection") -> InFlight | None:
        """Answer now through `connection`, or later: then return what to tell about the client meanwhile."""

    def refuse(self, failure: Failure, path: str, connection: "Connection") -> None:
        """Answer a request that could not even be read (malformed, too large, too slow)."""
