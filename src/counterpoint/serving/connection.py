"""One client's connection: bytes to requests, answers to bytes.

Requests on a connection are answered in order; a client that pipelines is served correctly, up to
`Limits.pipeline` requests ahead, after which its socket is simply not read. llhttp in its strict mode refuses
what request smuggling lives on (both lengths, bad chunk sizes, bare line feeds, space before a colon).
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import httptools

from counterpoint.canonical import Failure, FailureKind
from counterpoint.i18n import say
from counterpoint.serving.values import InFlight, Request, Tunnel

if TYPE_CHECKING:
    from counterpoint.serving.server import Server

_REASONS = {
    200: b"OK",
    201: b"Created",
    202: b"Accepted",
    204: b"No Content",
    400: b"Bad Request",
    401: b"Unauthorized",
    402: b"Payment Required",
    403: b"Forbidden",
    404: b"Not Found",
    405: b"Method Not Allowed",
    408: b"Request Timeout",
    409: b"Conflict",
    413: b"Content Too Large",
    414: b"URI Too Long",
    415: b"Unsupported Media Type",
    417: b"Expectation Failed",
    422: b"Unprocessable Content",
    429: b"Too Many Requests",
    431: b"Request Header Fields Too Large",
    500: b"Internal Server Error",
    502: b"Bad Gateway",
    503: b"Service Unavailable",
    504: b"Gateway Timeout",
    505: b"HTTP Version Not Supported",
    529: b"Overloaded",
}
STATUS_LINES = {
    status: b"HTTP/1.1 %d %s\r\n" % (status, _REASONS.get(status, b"Status")) for status in range(100, 600)
}

Headers = Sequence[tuple[bytes, bytes]]

IDLE, HEAD, BODY = range(3)  # where the parser stands between two messages, in a head, in a body
LINGER_SECONDS = 2.0


class Connection(asyncio.Protocol):
    """A client's connection. Its `respond`, `begin`, `send`, `finish` and `abort` answer the current request."""

    __slots__ = (
        "_again",
        "_body",
        "_body_size",
        "_chunked",
        "_closing",
        "_head",
        "_head_bytes",
        "_in_flight",
        "_length",
        "_lingering",
        "_most_headers",
        "_parser",
        "_pending_head",
        "_queue",
        "_refusal",
        "_seen",
        "_server",
        "_stage",
        "_target",
        "_too_fast",
        "_tunnel",
        "current",
        "deadline",
        "stalled_since",
        "transport",
    )

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._parser: Any = httptools.HttpRequestParser(self)
        self.transport: asyncio.Transport = cast("asyncio.Transport", None)
        self._queue: deque[Request] = deque()
        self.current: Request | None = None
        self._in_flight: InFlight | None = None
        self._refusal: Failure | None = None
        self._closing = False
        self._too_fast = False
        self.stalled_since: float | None = None
        self.deadline: float | None = None
        self._lingering = False
        self._again = b""
        self._chunked = False
        self._pending_head = b""
        self._tunnel: Tunnel | None = None
        self._start_message()

    def _start_message(self) -> None:
        self._stage = IDLE
        self._head_bytes = 0
        self._target = b""
        self._head: dict[bytes, bytes] = {}
        self._most_headers = self._server.limits.head_count
        self._body: bytes | bytearray = b""
        self._seen = 0
        self._length = 0

    # Bytes from the client

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._server.connections.add(self)
        self.deadline = self._server.loop.time() + self._server.limits.head_seconds

    def data_received(self, data: bytes) -> None:
        if self._refusal is not None:
            return
        if self._tunnel is not None:
            self._tunnel.client_data(data)
            return
        rest: bytes | None = data
        while rest:
            rest = self._feed(rest)
        if self._stage != IDLE and self._refusal is None:
            self._watch(len(data))
        self._next()

    def _watch(self, more: int) -> None:
        """Only a part of a message is here: bound its head, what is neither head nor body (trailers, chunk
        extensions), and the time that the rest may take."""
        limits = self._server.limits
        if self._stage == HEAD or len(self._body) == self._seen:
            self._head_bytes += more
            if self._head_bytes > limits.head_bytes:
                self._refuse(FailureKind.bad_request, "gateway.http.head_too_large", status=431)
                return
        else:
            self._seen = len(self._body)
            self._head_bytes = 0
        if self.deadline is None:
            now = self._server.loop.time()
            if self._stage == HEAD:
                self.deadline = now + limits.head_seconds
            else:
                self.deadline = now + limits.body_seconds + self._length / limits.body_rate

    def _feed(self, data: bytes) -> bytes | None:
        """Parse `data`; what is left when the client asked for an upgrade, which we ignore as HTTP allows."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            if self._tunnel is not None:
                if len(data) > upgrade.args[0]:
                    self._tunnel.client_data(data[upgrade.args[0] :])
                return None
            self._parser = httptools.HttpRequestParser(self)
            again, self._again = self._again, b""
            return again + data[upgrade.args[0] :]
        except httptools.HttpParserCallbackError as error:
            if self._refusal is None:
                raise error.__context__ or error from None
        except httptools.HttpParserError as error:
            self._refuse(FailureKind.bad_request, "gateway.http.malformed", reason=str(error))
        return None

    def on_message_begin(self) -> None:
        self._stage = HEAD
        self.deadline = None  # `_watch` sets it, should the message not be whole at once

    def on_url(self, url: bytes) -> None:
        self._target += url
        if len(self._target) > self._server.limits.target_bytes:
            self._stop(FailureKind.bad_request, "gateway.http.target_too_long", status=414)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._stage != HEAD:
            return  # a trailer: RFC 9110 lets a recipient discard it
        head, name = self._head, name.lower()
        if name in head:
            self._repeated(name, value)
        else:
            head[name] = value
        if len(head) > self._most_headers:
            self._stop(FailureKind.bad_request, "gateway.http.head_too_large", status=431)

    def _repeated(self, name: bytes, value: bytes) -> None:
        if name in (b"host", b"authorization", b"content-type", b"x-api-key"):
            self._stop(FailureKind.bad_request, "gateway.http.repeated_header", name=name.decode("latin-1"))
        self._head[name] += b", " + value
        self._most_headers -= 1  # it counts, though `_head` does not grow

    def on_headers_complete(self) -> None:
        self._stage = BODY
        head, limits = self._head, self._server.limits
        if b"host" not in head and self._parser.get_http_version() == "1.1":
            self._stop(FailureKind.bad_request, "gateway.http.no_host")
        length = int(head.get(b"content-length", b"0") or b"0")
        if length > limits.body_bytes:
            self._stop(FailureKind.too_large, "gateway.http.body_too_large", limit=limits.body_bytes)
        self._length = length
        self.deadline = None
        expect = head.get(b"expect")
        if expect is not None:
            if expect.lower() != b"100-continue":
                self._stop(FailureKind.bad_request, "gateway.http.expectation", status=417)
            if self.current is None and not self._queue:
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, data: bytes) -> None:
        # One piece is the body itself; more go into one buffer: as objects, small chunks would take twenty times
        # their size.
        if not self._body:
            self._body = data
        else:
            if type(self._body) is bytes:
                self._body = bytearray(self._body)
            self._body += data
        if len(self._body) > self._server.limits.body_bytes:
            self._stop(
                FailureKind.too_large, "gateway.http.body_too_large", limit=self._server.limits.body_bytes
            )

    def _without_upgrade(self) -> bytes:
        """The same head without its wish for another protocol, to be parsed again: the parser takes no body
        after such a wish, but a client that wishes for h2c (Java's) sends one all the same."""
        wishes = (b"upgrade", b"http2-settings", b"connection")
        lines = [b"%s: %s\r\n" % item for item in self._head.items() if item[0] not in wishes]
        version = self._parser.get_http_version().encode()
        first = b"%s %s HTTP/%s\r\n" % (self._parser.get_method(), self._target, version)
        return b"%s%s\r\n" % (first, b"".join(lines))

    def on_message_complete(self) -> None:
        if b"upgrade" in self._head and self._parser.should_upgrade():
            if self._taken_over():
                self._start_message()
                return
            self._again = self._without_upgrade()
            self._start_message()
            return
        version = self._parser.get_http_version()
        if version not in ("1.1", "1.0"):
            self._stop(FailureKind.bad_request, "gateway.http.version", status=505, version=version)
        self._queue.append(
            Request(
                self._parser.get_method().decode("latin-1"),
                self._target,
                self._head,
                bytes(self._body),
                version=version,
                keep_alive=self._parser.should_keep_alive(),
                received=self._server.loop.time(),
            )
        )
        self._start_message()

    def _taken_over(self) -> bool:
        """Whether the service makes a tunnel of this connection. Answers that are still owed come first, so whoever
        pipelined gets none."""
        wished = self._head[b"upgrade"].lower() == b"websocket" and self._parser.get_method() == b"GET"
        if not wished or self.current is not None or self._queue:
            return False
        request = Request(
            "GET",
            self._target,
            self._head,
            b"",
            version=self._parser.get_http_version(),
            keep_alive=False,
            received=self._server.loop.time(),
        )
        self.current = request
        self._tunnel = self._server.service.upgrade(request, self)
        if self._tunnel is None:
            self.current = None
            return False
        self.deadline = None
        return True

    def _stop(self, kind: FailureKind, sentence: str, *, status: int | None = None, **values: Any) -> None:
        """Refuse from within a parser callback: parsing must not go on."""
        self._refuse(kind, sentence, status=status, **values)
        raise _Stop

    def _refuse(self, kind: FailureKind, sentence: str, *, status: int | None = None, **values: Any) -> None:
        self._refusal = Failure(
            kind=kind,
            message=say(sentence, lang="en", **values),
            code=sentence.rpartition(".")[2],
            status=status,
        )
        self._next()

    def _next(self) -> None:
        """Start on the next request when none is being answered and the client reads what he gets; stop reading
        from whoever sends too many."""
        while self.current is None and self._queue and not self._closing and self.stalled_since is None:
            request = self._queue.popleft()
            self.current = request
            self._in_flight = self._server.service.handle(request, self)
            if self.current is not request:  # answered at once
                self._in_flight = None
        if self._refusal is not None and self.current is None and not self._closing:
            self._closing = True
            self._server.service.refuse(self._refusal, self._target.decode("latin-1"), self)
            return
        too_fast = len(self._queue) >= self._server.limits.pipeline
        if too_fast != self._too_fast and not self.transport.is_closing():
            self._too_fast = too_fast
            if too_fast:
                self.transport.pause_reading()
            else:
                self.transport.resume_reading()

    def eof_received(self) -> bool:
        # A half-closed client cannot be told from one that left; every SDK means the latter.
        return False

    def connection_lost(self, error: Exception | None) -> None:
        self._server.connections.discard(self)
        self._closing = True
        in_flight, self._in_flight, self.current = self._tunnel or self._in_flight, None, None
        if in_flight is not None:
            in_flight.client_gone()

    def pause_writing(self) -> None:
        self.stalled_since = self._server.loop.time()
        if self._tunnel is not None:
            self._tunnel.client_slow()
        elif self._in_flight is not None:
            self._in_flight.client_slow()

    def resume_writing(self) -> None:
        self.stalled_since = None
        if self._tunnel is not None:
            self._tunnel.client_ready()
        elif self._in_flight is not None:
            self._in_flight.client_ready()
        self._next()

    # The answer

    @property
    def gone(self) -> bool:
        """Nothing can be sent any more."""
        return self.transport.is_closing()

    def _head_of(self, status: int, headers: Headers, framing: bytes) -> bytes:
        fields = b"".join([b"%b: %b\r\n" % header for header in headers])
        if not fields.count(b"\n") == fields.count(b"\r") == len(headers) or b"\0" in fields:
            clean = [(name, value.translate(None, b"\r\n\0")) for name, value in headers]
            fields = b"".join([b"%b: %b\r\n" % header for header in clean])
        request, ending = self.current, b"\r\n"
        if self._closing or self._server.draining or request is None or not request.keep_alive:
            self._closing = True
            ending = b"connection: close\r\n\r\n"
        elif request.version == "1.0":
            ending = b"connection: keep-alive\r\n\r\n"
        return b"".join((STATUS_LINES[status], self._server.date_line, fields, framing, ending))

    def respond(self, status: int, headers: Headers, body: bytes) -> None:
        """The whole answer at once. Nothing happens if the client has gone."""
        if not self.transport.is_closing():
            framing = b"content-length: %d\r\n" % len(body) if status != 204 else b""
            head = self._head_of(status, headers, framing)
            headless = self.current is not None and self.current.method == "HEAD"
            self.transport.write(head if headless else head + body)
        self._answered()

    def begin(self, status: int, headers: Headers) -> None:
        """The head of an answer whose length is not known; it leaves with the first bytes."""
        self._chunked = self.current is not None and self.current.version != "1.0"
        if not self._chunked:
            self._closing = True
        framing = b"transfer-encoding: chunked\r\n" if self._chunked else b""
        self._pending_head = self._head_of(status, headers, framing)

    def send(self, data: bytes) -> None:
        """More of an answer that has begun."""
        if not data or self.transport.is_closing():
            return
        if self._chunked:
            data = b"%s%x\r\n%s\r\n" % (self._pending_head, len(data), data)
        else:
            data = self._pending_head + data
        self._pending_head = b""
        self.transport.write(data)

    def finish(self, data: bytes = b"") -> None:
        """The end of an answer that has begun, after `data`."""
        if not self.transport.is_closing():
            last = self._pending_head
            self._pending_head = b""
            if self._chunked:
                if data:
                    last += b"%x\r\n%s\r\n" % (len(data), data)
                last += b"0\r\n\r\n"
            else:
                last += data
            if last:
                self.transport.write(last)
        self._answered()

    def abort(self) -> None:
        """Break an answer that has begun so that the client cannot take it for whole."""
        self._closing = True
        self.current = self._in_flight = None
        self.transport.abort()

    def _answered(self) -> None:
        self.current = self._in_flight = None
        if self._closing:
            self._leave()
        elif self._queue:
            self._server.loop.call_soon(self._next)
        else:
            if self._stage == IDLE:
                self.deadline = self._server.loop.time() + self._server.limits.idle_seconds
            if self._too_fast or self._refusal is not None:
                self._next()

    def _leave(self) -> None:
        """Close; after a refusal read on for a moment first, or the kernel's reset for the unread rest of the
        request would destroy our answer on its way (RFC 9112, 9.6)."""
        if self._refusal is None or not self.transport.can_write_eof():
            self.transport.close()
            return
        self._lingering = True
        self.deadline = self._server.loop.time() + LINGER_SECONDS
        self.transport.write_eof()

    def close_if_idle(self, since: float, began: float) -> None:
        """For draining, which began then: a connection that has waited for nothing since a moment goes now, a busy one
        after its answer."""
        if self.current is None and not self._queue and self._stage == IDLE:
            if self.deadline is not None:
                began = max(began, self.deadline - self._server.limits.idle_seconds)
            if began > since:
                return
            self._closing = True
            self.transport.close()

    def sweep(self, now: float) -> None:
        """Once a second: enforce the times in `Limits`."""
        if self.stalled_since is not None and now - self.stalled_since > self._server.limits.stall_seconds:
            self.transport.abort()
        elif self.current is None and self.deadline is not None and now > self.deadline:
            if self._lingering:
                self.transport.abort()
            elif self._stage == IDLE:
                self._closing = True
                self.transport.close()  # no request was begun, so there is nothing to answer
            elif not self._closing:
                self._refuse(FailureKind.request_timeout, "gateway.http.too_slow")


class _Stop(Exception):  # noqa: N818 - control flow out of the C parser
    """Leaves llhttp's callback after a refusal."""
