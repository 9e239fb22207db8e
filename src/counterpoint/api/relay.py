"""Carries a signed-in person's calls to the gateway, as they come, and its answers back, as they come.

A page holds no key: it calls the admin port with its session, and this adds the platform's own key. Nothing is
gathered on the way, a reader who cannot keep up slows the gateway down, and one who leaves ends the call.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from counterpoint.api.problems import problem
from counterpoint.dialects.base import ChatDialect, WholeDialect
from counterpoint.dialects.registry import CHAT, WHOLE
from counterpoint.transport import Origin, Pool, Sending

_WAITING_AT_MOST = 256 * 1024
_DIALECTS: tuple[ChatDialect | WholeDialect[Any, Any], ...] = (
    *CHAT.values(),
    *(dialect for dialects in WHOLE.values() for dialect in dialects.values()),
)
_DOORS = tuple(door for dialect in _DIALECTS for door in dialect.doors)
_SENT_ON = frozenset(
    {"accept", "accept-language", "content-type"}
    | {name for dialect in _DIALECTS for name in dialect.forwarded}
    | {door.header for door in _DOORS if door.header is not None}
)
_BROUGHT_BACK = frozenset(
    {"content-type", "retry-after"} | {dialect.request_id_header for dialect in CHAT.values()}
)
_OUR_HEADERS = "x-counterpoint-"


class Relay:
    """To the gateway at `address`, which may be another one with each call. `tls`: the files of its certificate chain
    and key, if it speaks TLS."""

    def __init__(
        self, address: str | Callable[[], str], key: str, tls: tuple[str, str] | None = None
    ) -> None:
        self._address = address if callable(address) else address.__str__
        self._key = key
        self._certificate = tls[0] if tls else None
        self._pool: Pool | None = None

    def __repr__(self) -> str:
        return f"Relay({self._address()!r})"

    def answer(self, request: Request, target: str, body: bytes) -> Response:
        """What the gateway answers to `target`, a path with its query."""
        return _Relayed(self, request, self._framed(request, target, body))

    def send(self, payload: bytes, call: "_Call") -> Sending:
        """A framed request, on a connection that may have carried others."""
        loop = asyncio.get_running_loop()
        if self._pool is None:
            self._pool = Pool(trusting(self._certificate) if self._certificate else None)
        self._pool.sweep(loop.time())
        parts = urlsplit(self._address())
        tls = parts.scheme == "https"
        return self._pool.send(
            Origin(parts.hostname or "", parts.port or (443 if tls else 80), tls), payload, call
        )

    def close(self) -> None:
        """Gives the idle connections up."""
        if self._pool is not None:
            self._pool.close()

    def _framed(self, request: Request, target: str, body: bytes) -> bytes:
        lines = [
            f"{request.method} {target} HTTP/1.1",
            f"host: {urlsplit(self._address()).netloc or '-'}",
            f"authorization: Bearer {self._key}",
            *(f"{name}: {value}" for name, value in request.headers.items() if is_sent_on(name)),
        ]
        if request.method != "GET":
            lines.append(f"content-length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def is_door(method: str, path: str) -> bool:
    """Whether clients of the gateway may ask this; nothing else of it is to be reached this way."""
    doors = [door.path for door in _DOORS if door.method == method]
    return not path.endswith("/") and any(
        path.startswith(door) if door.endswith("/") else path == door for door in doors
    )


def is_sent_on(name: str) -> bool:
    """Whether a request's header of that name is for the gateway."""
    return name in _SENT_ON or name.startswith(_OUR_HEADERS)


def brought_back(headers: Mapping[str, str]) -> Iterator[tuple[bytes, bytes]]:
    """The headers of the gateway's answer that are for the page."""
    for name, value in headers.items():
        if name in _BROUGHT_BACK or name.startswith(_OUR_HEADERS):
            yield name.encode("latin-1"), value.encode("latin-1")
    if headers.get("content-type", "").startswith("text/event-stream"):
        yield b"x-accel-buffering", b"no"  # nginx would gather the events otherwise


def trusting(certificate: str) -> ssl.SSLContext:
    """Exactly the gateway's own certificate, whoever signed it and whatever name it bears: it is this platform's,
    and is called by address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.load_verify_locations(certificate)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


class _Call:
    """What has come of an answer and was not passed on yet."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: Mapping[str, str] = {}
        self.lost: str | None = None
        self.sending: Sending | None = None
        self._pieces: deque[bytes] = deque()
        self._waiting = 0
        self._ended = False
        self._news = asyncio.Event()

    def upstream_head(self, status: int, headers: Mapping[str, str]) -> None:
        self.status, self.headers = status, headers
        self._news.set()

    def upstream_data(self, data: bytes) -> None:
        self._pieces.append(data)
        self._waiting += len(data)
        if self._waiting > _WAITING_AT_MOST and self.sending is not None:
            self.sending.pause()
        self._news.set()

    def upstream_end(self) -> None:
        self._ended = True
        self._news.set()

    def upstream_lost(self, reason: str, *, connecting: bool) -> None:
        self.lost = reason
        self._news.set()

    async def head(self) -> bool:
        """Waits for the answer to begin; whether it did."""
        while not self.status and self.lost is None:
            await self._news.wait()
            self._news.clear()
        return self.status > 0

    async def piece(self) -> bytes:
        """What has come since; empty at the end, and where the answer breaks off."""
        while not self._pieces and not self._ended and self.lost is None:
            self._news.clear()
            await self._news.wait()
        whole = b"".join(self._pieces)
        self._pieces.clear()
        if self._waiting > _WAITING_AT_MOST and self.sending is not None:
            self.sending.resume()
        self._waiting = 0
        return whole


class _Relayed(Response):
    """The gateway's answer to a framed request."""

    def __init__(self, relay: Relay, request: Request, payload: bytes) -> None:
        super().__init__()
        self._relay = relay
        self._request = request
        self._payload = payload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        call = _Call()
        call.sending = self._relay.send(self._payload, call)
        passing = asyncio.create_task(self._pass_on(call, scope, receive, send))
        leaving = asyncio.create_task(_left(receive))
        try:
            await asyncio.wait((passing, leaving), return_when=asyncio.FIRST_COMPLETED)
            if passing.done():
                passing.result()
        finally:
            call.sending.cancel()
            passing.cancel()
            leaving.cancel()

    async def _pass_on(self, call: _Call, scope: Scope, receive: Receive, send: Send) -> None:
        if not await call.head():
            refusal = problem(self._request, 503, "api.gateway_away", reason=call.lost)
            await refusal(scope, receive, send)
            return
        start: Message = {
            "type": "http.response.start",
            "status": call.status,
            "headers": list(brought_back(call.headers)),
        }
        await send(start)
        while data := await call.piece():
            await send({"type": "http.response.body", "body": data, "more_body": True})
        if call.lost is None:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        # Else the server sees an answer without an end, and hangs up: so does the reader see it.


async def _left(receive: Receive) -> None:
    """Returns when the reader has hung up."""
    while (await receive())["type"] != "http.disconnect":
        pass
