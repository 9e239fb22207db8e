"""One realtime session: a WebSocket that is passed on to a host as it is, and metered.

The client's bytes go to the host and the host's to the client, untouched but for the model's name and the
credentials. Whole messages of the host are read on their way: each answer that one of them ends gets its ledger entry
before the client gets that message. Where the address names the model, the host's WebSocket stands before the client's
does, so that a refusal is plain HTTP and another host can be tried; else the first message is waited for.
"""

import asyncio
import logging
import os
import random
import time
from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from counterpoint.canonical import Failure, FailureKind, Refused, Usage
from counterpoint.canonical.ids import new_id
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.catalog.prices import cost_of
from counterpoint.dialects.conversing import RealtimeDialect
from counterpoint.directory import Key
from counterpoint.gateway import refusals
from counterpoint.gateway.metering import Metering
from counterpoint.gateway.names import Candidate, Names
from counterpoint.gateway.routing.facts import Given
from counterpoint.gateway.routing.plan import NOTHING_KNOWN
from counterpoint.gateway.routing.planning import Case, plan
from counterpoint.gateway.settling import CLIENT_LEFT
from counterpoint.i18n import say
from counterpoint.ledger import Entry
from counterpoint.serving import Connection, Request
from counterpoint.transport import Origin
from counterpoint.transport.framing import FramingError, ResponseFramer
from counterpoint.transport.raw import RawConnection, connect
from counterpoint.wire.websocket import (
    CLOSE,
    TEXT,
    Message,
    MessageReader,
    WebSocketError,
    accept_of,
    closing,
    frame,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterpoint.gateway.ports import Ledger, Purse

log = logging.getLogger(__name__)

OPERATION = "realtime"
_NOBODY = Key("", "", "", "")
IDLE_SECONDS = 900.0
"""A session on which neither side says anything for so long is over."""
WAITING_LIMIT = 1024 * 1024
"""Bytes of a client that speaks before there is a host."""
HEAD_LIMIT = 64 * 1024
"""Bytes of a host's answer to the handshake."""
MOST_SESSIONS = 500
"""Of one worker."""
_NORMAL = (b"", b"\x03\xe8")
"""With which a WebSocket ends that both sides are done with."""
GOING_AWAY, PROTOCOL, POLICY, BROKEN = 1001, 1002, 1008, 1011


Handshake = tuple[dict[str, str], bytes]
"""The headers with which a host's WebSocket begins, and what came after them."""


class Realtime:
    """See the module. `refuse` answers a client that is still in HTTP; `ended` is called once. `lang`: of our own
    sentences. `names`: gives the directory at hand. `purse`: who holds it to limits."""

    lang = "en"
    purse: "Purse | None" = None

    def __init__(
        self,
        request: Request,
        connection: Connection,
        dialect: RealtimeDialect,
        names: "Callable[[], Names]",
        ledger: "Ledger",
        refuse: "Callable[[Failure], None]",
        ended: "Callable[[Realtime], None]",
    ) -> None:
        self._request = request
        self._connection = connection
        self._dialect = dialect
        self._at_hand = names
        self._names = names()
        self._ledger = ledger
        self._refuse = refuse
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._metering = Metering(None, self._names, self.lang)
        self._key: Key | None = None
        self._requested = ""
        self._candidate: Candidate | None = None
        self._host: RawConnection | None = None
        self._head = b""
        self._answer: asyncio.Future[Handshake] | None = None
        self._standing = False  # the client's WebSocket
        self._joined = False  # both of them
        self._over = False
        self._answering = False  # the host, something of which we do not know yet what it costs
        self._parted = False  # the host, as whoever is told goodbye does
        self._waiting = bytearray()
        self._from_client = MessageReader()
        self._from_host = MessageReader()
        self._task: asyncio.Task[None] | None = None
        self._heard = self._turn_began = self._loop.time()
        self._idle = self._loop.call_later(IDLE_SECONDS, self._look)

    # Beginning

    def admitted(self, key: Key | Failure) -> None:
        """The caller may call with `key`, or not at all."""
        if self._over:
            return
        if isinstance(key, Failure):
            self._fail(key)
            return
        self._key = key
        if b"sec-websocket-key" not in self._request.headers:
            self._fail(refusals.no_websocket(self.lang))
            return
        try:
            model = self._dialect.model(self._request.query)
        except Refused as refused:
            self._fail(refused.failure)
            return
        if model is None:
            self._stand("")
            self._wait_for_first()
        else:
            self._begin(model, b"")

    def _begin(self, model: str, first: bytes) -> None:
        self._requested = model
        self._names = self._at_hand()  # as new as the key, which may have been looked up meanwhile
        try:
            candidates, names = self._candidates(model)
        except Refused as refused:
            self._fail(refused.failure)
            return

        def held(failure: Failure | None) -> None:
            if failure is not None:
                self._fail(failure)
            elif self._over:
                self._metering.end()
            else:
                self._task = self._loop.create_task(self._join(candidates, first))

        assert self._key is not None  # noqa: S101 - there is no session without
        self._metering = Metering(self.purse, self._names, self.lang)
        self._metering.begin(self._key, candidates, names, held)

    def _candidates(self, model: str) -> tuple[tuple[Candidate, ...], tuple[str, ...]]:
        """Raises `Refused`."""
        case = Case(model, OPERATION, (self._dialect.name,), self._key or _NOBODY, Given(), self.lang)
        found = plan(self._names, case, NOTHING_KNOWN, random.random)
        if isinstance(found, Failure):
            raise Refused(found)
        return tuple(step.candidate for step in found.steps), found.names

    def _wait_for_first(self) -> None:
        """Until the first message is whole, which names the model."""
        try:
            messages = self._from_client.feed(bytes(self._waiting))
        except WebSocketError as error:
            self._close(PROTOCOL, str(error))
            return
        self._waiting.clear()
        if not messages:
            return
        first, *others = messages
        if first.opcode == CLOSE:
            self._close(1000)
            return
        try:
            model = self._dialect.first(first.data)
        except Refused as refused:
            self._close(1007, refused.failure.message)
            return
        for message in others:
            self._waiting += frame(message.opcode, message.data, masked=True)
        self._begin(model, first.data)

    async def _join(self, candidates: tuple[Candidate, ...], first: bytes) -> None:
        """Tries the candidates in their order, as far as they cannot be reached or refuse us."""
        failure: Failure | None = None
        for candidate in candidates:
            self._candidate = candidate
            try:
                await self._open(candidate, first)
            except Refused as refused:
                failure = refused.failure
                if failure.http_status in (400, 404, 422):
                    break
                continue
            return
        if not self._over:
            self._fail(failure or refusals.unreachable_host(self.lang, "", ""))

    async def _open(self, candidate: Candidate, first: bytes) -> None:
        """The host's WebSocket, then the client's. Raises `Refused`."""
        host = candidate.host
        url = urlsplit(host.base_url)
        tls = url.scheme == "https"
        origin = Origin(url.hostname or "", url.port or (443 if tls else 80), tls)
        self._head, self._answer = b"", self._loop.create_future()
        key = b64encode(os.urandom(16))
        try:
            self._host = await connect(origin, self, host.connect_timeout)
            self._host.transport.write(self._handshake(candidate, key))
            async with asyncio.timeout(host.first_event_timeout):
                headers, rest = await self._answer
        except (OSError, ValueError) as error:
            self._drop_host()
            raise Refused(
                refusals.unreachable_host(self.lang, host.name, str(error) or "no answer")
            ) from error
        except Refused:
            self._drop_host()
            raise
        if headers.get("sec-websocket-accept", "").encode() != accept_of(key):
            self._drop_host()
            raise Refused(refusals.unreachable_host(self.lang, host.name, "it speaks no WebSocket"))
        if not self._standing:
            self._stand(headers.get("sec-websocket-protocol", ""))
        self._greet(candidate, first, rest)

    def _greet(self, candidate: Candidate, first: bytes, rest: bytes) -> None:
        if self._over or self._host is None:
            self._drop_host()
            return
        self._joined = True
        self._turn_began = self._loop.time()
        if first:
            renamed = self._dialect.renamed(first, candidate.offering.id)
            self._host.transport.write(frame(TEXT, renamed, masked=True))
        if self._waiting:
            self._host.transport.write(bytes(self._waiting))
            self._waiting.clear()
        if rest:
            self.upstream_bytes(rest)

    def _handshake(self, candidate: Candidate, key: bytes) -> bytes:
        host, headers = candidate.host, self._request.headers
        url = urlsplit(host.base_url)
        path = candidate.path if self._dialect.rooted else url.path.rstrip("/") + candidate.path
        query = self._dialect.query(self._request.query, candidate.offering.id)
        lines = [
            f"GET {path}{'?' + query if query else ''} HTTP/1.1",
            f"host: {url.netloc.rpartition('@')[2]}",
            "connection: Upgrade",
            "upgrade: websocket",
            "sec-websocket-version: 13",
            f"sec-websocket-key: {key.decode()}",
            *(f"{name}: {value}" for name, value in host.headers),
        ]
        offered = self._dialect.protocols(headers.get(b"sec-websocket-protocol", b"").decode("latin-1"))
        if offered:
            lines.append(f"sec-websocket-protocol: {offered}")
        sent = {name: headers.get(name.encode()) for name in self._dialect.forwarded}
        lines += [f"{name}: {value.decode('latin-1')}" for name, value in sent.items() if value is not None]
        return "\r\n".join([*lines, "user-agent: counterpoint", "", ""]).encode("latin-1", "replace")

    def _stand(self, protocol: str) -> None:
        """The client's wish is granted."""
        key = self._request.headers[b"sec-websocket-key"].strip()
        lines = [
            b"HTTP/1.1 101 Switching Protocols",
            b"upgrade: websocket",
            b"connection: Upgrade",
            b"sec-websocket-accept: " + accept_of(key),
        ]
        if protocol:
            lines.append(b"sec-websocket-protocol: " + protocol.encode("latin-1", "replace"))
        self._standing = True
        self._connection.transport.write(b"\r\n".join([*lines, b"", b""]))

    # Between the two

    def client_data(self, data: bytes) -> None:
        """From the client: to the host, once there is one."""
        self._heard = self._loop.time()
        if self._joined and self._host is not None:
            self._host.transport.write(data)
            return
        self._waiting += data
        if len(self._waiting) > WAITING_LIMIT:
            self._close(POLICY, "too much before there is a host")
        elif self._standing and self._task is None:
            self._wait_for_first()

    def upstream_bytes(self, data: bytes) -> None:
        """From the host: first its handshake, then what is for the client."""
        self._heard = self._loop.time()
        if not self._joined:
            self._shake_hands(data)
            return
        try:
            for message in self._from_host.feed(data):
                self._hear(message)
        except WebSocketError as error:
            log.warning("the host %s broke a realtime session: %s", self._host_name(), error)
            self._close(BROKEN, str(error))
            return
        self._connection.transport.write(data)

    def _shake_hands(self, data: bytes) -> None:
        """The host's word on our wish: a head, after which its WebSocket stands, or an answer that refuses it."""
        answer = self._answer
        if answer is None or answer.done():
            return
        self._head += data
        head, end, rest = self._head.partition(b"\r\n\r\n")
        if len(head) > HEAD_LIMIT:
            answer.set_exception(ValueError("its head is too large"))
        elif end and head[9:12] == b"101":
            answer.set_result((_fields(head), rest))
        elif end:
            self._refused(answer)

    def _refused(self, answer: "asyncio.Future[Handshake]") -> None:
        framer = ResponseFramer()
        try:
            body = framer.feed(self._head)
        except FramingError as error:
            answer.set_exception(ValueError(str(error)))
            return
        if framer.ended or len(self._head) > HEAD_LIMIT:
            answer.set_exception(Refused(self._refusal_of(framer.status, body)))

    def _refusal_of(self, status: int, body: bytes) -> Failure:
        name = self._host_name()
        if status in (401, 403):
            return refusals.refused_credentials(self.lang, name, status)
        message = say("gateway.refusal.realtime_refused", lang=self.lang, host=name, status=status)
        told = body[:500].decode("utf-8", "replace")
        kind = FailureKind.bad_request if 400 <= status < 500 else FailureKind.upstream_error
        known = status if 400 <= status < 600 else None
        return Failure(
            kind, f"{message} {told}".strip(), code="realtime_refused", status=known, from_upstream=True
        )

    def _hear(self, message: Message) -> None:
        """What one of the host's messages says of its answers."""
        if message.opcode == CLOSE:
            self._parted = message.data[:2] in _NORMAL
            return
        turn = self._dialect.turn(message.data)
        if turn is not None:
            self._answering = False
            entry = self._entry(turn.usage, FailureKind.upstream_error if turn.failed else None)
            self._ledger.append(self._metering.settle(entry, self._held))
        elif not self._answering:
            self._answering = self._dialect.answering(message.data)

    def _entry(self, usage: Usage, failure: FailureKind | None, status: int = 200) -> Entry:
        key, candidate, now = self._key or _NOBODY, self._candidate, self._loop.time()
        assert candidate is not None  # noqa: S101 - it has answered
        offering = candidate.offering
        micros = int((now - self._turn_began) * 1e6)
        self._turn_began = now
        return Entry(
            id=new_id(),
            at=time.time_ns() // 1000 - micros,
            operation=OPERATION,
            client_dialect=self._dialect.name,
            organisation=key.organisation,
            project=key.project,
            key=key.id,
            user=key.user,
            requested=self._requested[:500],
            offering=candidate.name,
            host=offering.host,
            model=offering.model,
            maker=offering.maker,
            upstream_dialect=candidate.dialect,
            stream=True,
            status=status,
            failure=failure.value if failure else None,
            usage=usage,
            cost=cost_of(usage, offering.price),
            currency=offering.price.currency if offering.price else "USD",
            total_micros=micros,
        )

    def _held(self, failure: Failure | None) -> None:
        """Whether the next answer fits the limits."""
        if failure is not None and not self._over:
            self._fail(failure)

    def _host_name(self) -> str:
        return self._candidate.host.name if self._candidate is not None else ""

    # The end

    def _fail(self, failure: Failure) -> None:
        """There is no session."""
        if self._standing:
            self._close(POLICY if failure.http_status < 500 else BROKEN, failure.message)
        elif not self._over:
            self._end()
            self._refuse(failure)

    def _close(self, code: int, reason: str = "") -> None:
        """Tell the client, and part from both."""
        if not self._over:
            self._connection.transport.write(closing(code, reason))
            self._end(FailureKind.upstream_error if code == BROKEN else FailureKind.unavailable)
            self._connection.transport.close()

    def _end(self, failure: FailureKind | None = None, status: int = 200) -> None:
        """`failure`, `status`: of the answer that is under way, if one is. What it used, its host would have said."""
        self._over = True
        self._idle.cancel()
        self._drop_host()
        self._ended(self)
        try:
            if self._answering:
                self._ledger.append(self._metering.broken(self._entry(UNREPORTED, failure, status)))
        finally:
            self._metering.end()

    def _drop_host(self) -> None:
        host, self._host = self._host, None
        if host is not None and host.transport is not None:
            host.transport.close()

    def stop(self) -> None:
        """The worker ends."""
        if self._host is not None and self._joined:
            self._host.transport.write(closing(GOING_AWAY, masked=True))
        self._close(GOING_AWAY)

    def _look(self) -> None:
        left = self._heard + IDLE_SECONDS - self._loop.time()
        if left <= 0:
            self.stop()
        else:
            self._idle = self._loop.call_later(left, self._look)

    def client_gone(self) -> None:
        """The client has left."""
        if not self._over:
            if self._task is not None:
                self._task.cancel()
            self._end(status=CLIENT_LEFT)

    def upstream_closed(self) -> None:
        """The host has left. Its closing frame, if it sent one, is with the client already."""
        answer = self._answer
        if answer is not None and not answer.done():
            answer.set_exception(ConnectionResetError("it hung up"))
        if self._joined and not self._over:
            self._end(*((None, CLIENT_LEFT) if self._parted else (FailureKind.upstream_error,)))
            self._connection.transport.close()

    def client_slow(self) -> None:
        """The client reads too slowly."""
        if self._host is not None:
            self._host.transport.pause_reading()

    def client_ready(self) -> None:
        """The client reads again."""
        if self._host is not None:
            self._host.transport.resume_reading()

    def upstream_slow(self) -> None:
        """The host reads too slowly."""
        self._connection.transport.pause_reading()

    def upstream_ready(self) -> None:
        """The host reads again."""
        self._connection.transport.resume_reading()


def _fields(head: bytes) -> dict[str, str]:
    lines = (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])
    return {name.strip().lower(): value.strip() for name, _, value in lines}
