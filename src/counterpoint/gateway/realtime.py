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
from counterpoint.dialects.conversing import RealtimeDialect
from counterpoint.directory import Key
from counterpoint.gateway import refusals
from counterpoint.gateway.going_on import Session, listed, objection
from counterpoint.gateway.handshaking import fields_of, granted, refusal_by, wish
from counterpoint.gateway.metering import Metering
from counterpoint.gateway.names import Candidate, Names
from counterpoint.gateway.routing.facts import Given
from counterpoint.gateway.routing.plan import NOTHING_KNOWN
from counterpoint.gateway.routing.planning import Case, plan
from counterpoint.gateway.settling import CLIENT_LEFT, probable_cost
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
OVERHEARD_LIMIT = 16 * 1024 * 1024
"""Bytes of a client's message that is weighed: more than one of sound may have."""
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
        self._listed = False  # the key, in a directory
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
        self._first: MessageReader | None = None  # while the model has not been named
        self._from_client: MessageReader | None = MessageReader(OVERHEARD_LIMIT)
        self._listener = dialect.listener()
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
        self._listed = listed(self._request, self._at_hand()) is not None
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
            self._first = MessageReader(WAITING_LIMIT)
            early = bytes(self._waiting)
            self._waiting.clear()
            self._wait_for_first(self._first, early)
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

    def reconsider(self) -> None:
        """The directory is another, or some time has passed: what was allowed may not be any more."""
        if self._over or self._key is None:
            return
        names = self._at_hand()
        self._listed = self._listed or listed(self._request, names) is not None
        if self._listed:
            session = Session(
                self._request,
                self._key,
                self._requested,
                OPERATION,
                self._dialect.name,
                self._candidate,
                self.lang,
            )
            failure = objection(session, names, time.time())
            if failure is not None:
                self._fail(failure)

    def _candidates(self, model: str) -> tuple[tuple[Candidate, ...], tuple[str, ...]]:
        """Raises `Refused`."""
        case = Case(model, OPERATION, (self._dialect.name,), self._key or _NOBODY, Given(), self.lang)
        found = plan(self._names, case, NOTHING_KNOWN, random.random)
        if isinstance(found, Failure):
            raise Refused(found)
        return tuple(step.candidate for step in found.steps), found.names

    def _wait_for_first(self, reader: MessageReader, data: bytes) -> None:
        """Until the first message is whole, which names the model. What follows it goes to the host as it is."""
        try:
            messages = reader.feed(data, 1)
        except WebSocketError as error:
            self._close(PROTOCOL, str(error))
            return
        if not messages:
            return
        (first,) = messages
        if first.opcode == CLOSE:
            self._close(1000)
            return
        try:
            model = self._dialect.first(first.data)
        except Refused as refused:
            self._close(1007, refused.failure.message)
            return
        self._first = None
        self._waiting += reader.rest
        self._listener.client(first.data)
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
            self._host.transport.write(wish(self._request, self._dialect, candidate, key))
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
            self._pass_on(self._host, bytes(self._waiting))
            self._waiting.clear()
        if rest:
            self.upstream_bytes(rest)

    def _stand(self, protocol: str) -> None:
        """The client's wish is granted."""
        self._standing = True
        self._connection.transport.write(granted(self._request, protocol))

    # Between the two

    def client_data(self, data: bytes) -> None:
        """From the client: to the host, once there is one."""
        self._heard = self._loop.time()
        if self._first is not None:
            self._wait_for_first(self._first, data)
            return
        if self._joined and self._host is not None:
            self._pass_on(self._host, data)
            return
        self._waiting += data
        if len(self._waiting) > WAITING_LIMIT:
            self._close(POLICY, "too much before there is a host")

    def _pass_on(self, host: RawConnection, data: bytes) -> None:
        """To the host. What its model is told counts for the estimate of an answer that breaks off; whether it is told
        as a WebSocket asks, the host judges."""
        host.transport.write(data)
        if self._from_client is None:
            return
        try:
            for message in self._from_client.feed(data):
                if message.opcode != CLOSE:
                    self._listener.client(message.data)
        except WebSocketError:
            self._from_client = None

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
            answer.set_result((fields_of(head), rest))
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
            answer.set_exception(Refused(refusal_by(self._host_name(), framer.status, body, self.lang)))

    def _hear(self, message: Message) -> None:
        """What one of the host's messages says of its answers."""
        if message.opcode == CLOSE:
            self._parted = message.data[:2] in _NORMAL
            return
        turn = self._dialect.turn(message.data)
        if turn is not None:
            self._answering = False
            used = turn.usage if turn.usage.reported or turn.whole else self._listener.usage
            self._listener.ended(turn.usage)
            entry = self._entry(used, FailureKind.upstream_error if turn.failed else None)
            self._ledger.append(self._metering.settle(entry, self._held))
            if self._key is not None and self._key.expires is not None:
                self._loop.call_soon(self.reconsider)
            return
        self._listener.host(message.data)
        if not self._answering:
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
            cost=probable_cost(usage, offering.price, failed=failure is not None),
            currency=offering.price.currency if offering.price else "USD",
            total_micros=micros,
        )

    def _held(self, failure: Failure | None) -> None:
        """Whether the next answer fits the limits. The end of this one is told first."""
        if failure is not None:
            self._loop.call_soon(self._fail, failure)

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
        """`failure`, `status`: of the answer that is under way, if one is. What it used, its host would have said; so
        it is estimated."""
        self._over = True
        self._idle.cancel()
        self._drop_host()
        self._ended(self)
        try:
            if self._answering:
                used = self._listener.usage
                self._ledger.append(self._metering.broken(self._entry(used, failure, status)))
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
