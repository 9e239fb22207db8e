"""Calls whose answers are kept, or go on what was kept; and what clients ask of both afterwards.

A call that goes on nothing waits for nothing here. Whoever's key is refused is refused by the exchange, as
everybody: nothing is looked up for him.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from counterpoint.canonical import Failure, FailureKind
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.registry import STATE, State
from counterpoint.directory import Key
from counterpoint.gateway import refusals
from counterpoint.gateway.background import MOST, Background, Run
from counterpoint.gateway.call import Call
from counterpoint.gateway.claims import claim_of, refusal_of
from counterpoint.gateway.driver import Driver, Plant
from counterpoint.gateway.exchange import Exchange
from counterpoint.gateway.forgetting import forget
from counterpoint.gateway.keeping import Keeping
from counterpoint.gateway.names import Names
from counterpoint.gateway.ports import Memory, Outlet
from counterpoint.gateway.recalled import Recalled
from counterpoint.gateway.retrieving import Retrieving
from counterpoint.gateway.telling import JSON, UNCACHED
from counterpoint.i18n import say
from counterpoint.kept import Kept, Tell, Trace, Trail
from counterpoint.serving import Connection, Request

Headers = tuple[tuple[bytes, bytes], ...]
LATER = frozenset({"kept", "conversations"})
"""Operations on what was kept."""


class Stateful:
    """One worker's. `names`: gives the directory at hand."""

    def __init__(self, plant: Plant, memory: Memory, names: Callable[[], Names]) -> None:
        self.background = Background(memory)
        self._plant = plant
        self._memory = memory
        self._names = names

    def serves(self, dialect: str, operation: str) -> bool:
        """Whether a call is for here."""
        return dialect in STATE and operation in {"chat", "compact", "count_tokens", *LATER}

    def enter(self, call: Call, request: Request, connection: Connection, cors: Headers) -> "Visit":
        """Answer a call."""
        visit = Visit(self, call, request, connection, cors)
        claim = claim_of(call.headers)
        key = None if claim is None else self._names().directory.keys.get(claim.digest)
        if claim is None or key is not None:
            visit.admit(key)
        else:
            self._plant.keys.look_up(claim.digest, visit.admit)
        return visit

    def start(self, exchange: Exchange, outlet: Outlet, cors: Headers) -> Driver:
        """Begin to answer."""
        driver = Driver(exchange, outlet, self._plant, cors)
        driver.start()
        return driver

    @property
    def plant(self) -> Plant:
        """What drivers share."""
        return self._plant

    @property
    def names(self) -> Names:
        """The directory at hand."""
        return self._names()

    @property
    def memory(self) -> Memory:
        """Whoever keeps it."""
        return self._memory


class Visit:
    """One call on its way through; the server's hold on it."""

    def __init__(
        self, desk: Stateful, call: Call, request: Request, connection: Connection, cors: Headers
    ) -> None:
        self._desk = desk
        self._call = call
        self._request = request
        self._connection = connection
        self._cors = cors
        self._state: State = STATE[call.dialect.name]
        self._hold: Any = None
        self._gone = False

    # The server's hold

    def client_gone(self) -> None:
        self._gone = True
        if self._hold is not None:
            self._hold.client_gone()

    def client_slow(self) -> None:
        if self._hold is not None:
            self._hold.client_slow()

    def client_ready(self) -> None:
        if self._hold is not None:
            self._hold.client_ready()

    # The way through

    def admit(self, key: Key | None) -> None:
        """The caller's key is known, or that there is none."""
        call, claim = self._call, claim_of(self._call.headers)
        if self._gone:
            return
        refusal = (
            refusals.no_key(call.lang)
            if claim is None
            else refusal_of(claim, key, call, call.at / 1e6, call.lang)
        )
        if call.operation in LATER:
            if key is None or refusal is not None:
                self.refuse(refusal or refusals.no_key(call.lang))
            else:
                self._hold = Retrieving(self._state, self._desk.memory, self._request, key, self)
                self._hold.start()
            return
        if key is None or refusal is not None:
            self._run(call, self._connection)
            return
        try:
            recalled = Recalled(self._state, call.body)
        except Refused as refused:
            self._run(call, self._connection, refused.failure)
            return
        wish = recalled.wish
        if not wish.recalls:
            self._go_on(recalled, key)
            return
        if not all(self._state.is_id(id_) for id_ in (wish.previous, wish.conversation) if id_ is not None):
            recalled.recall(Trail(missing=wish.previous or wish.conversation))
            self._go_on(recalled, key)
            return

        def told(tell: Tell | Failure) -> None:
            if self._gone:
                return
            if isinstance(tell, Trail):
                recalled.recall(tell)
            else:
                recalled.refusal = tell if isinstance(tell, Failure) else refusals.no_key(call.lang)
            self._go_on(recalled, key)

        question = Trace(key.project, wish.previous, wish.conversation, wish.references)
        self._desk.memory.ask(question, told)

    def _go_on(self, recalled: Recalled, key: Key) -> None:
        call = msgspec.structs.replace(self._call, recalled=recalled)
        wish = recalled.wish
        if recalled.refusal is not None or call.operation != "chat":
            self._run(call, self._connection, recalled.refusal)
        elif wish.background:
            self._begin_in_background(call, recalled, key)
        else:
            keeping = Keeping(self._connection, recalled, key, self._desk.memory)
            exchange = Exchange(call, self._desk.names, self._request.received, self._desk.plant.health)
            keeping.exchange = exchange
            self._hold = self._desk.start(exchange, keeping, self._cors)

    def _run(self, call: Call, outlet: Outlet, refusal: Failure | None = None) -> None:
        """Without anything kept."""
        if refusal is not None:
            call = msgspec.structs.replace(call, refusal=refusal)
        exchange = Exchange(call, self._desk.names, self._request.received, self._desk.plant.health)
        self._hold = self._desk.start(exchange, outlet, self._cors)

    # In the background

    def _begin_in_background(self, call: Call, recalled: Recalled, key: Key) -> None:
        background = self._desk.background
        if len(background.runs) >= MOST:
            message = say("gateway.refusal.background_full", lang=call.lang, most=MOST)
            full = Failure(FailureKind.rate_limited, message, code="background_full", retry_after=5)
            self._run(call, self._connection, full)
            return
        try:
            queued = self._state.queued(call.body, recalled.wish, recalled.id)
        except Refused as refused:
            self._run(call, self._connection, refused.failure)
            return
        run = Run(background, recalled, key, queued)
        beginning = run.beginning

        def begin(failure: Failure | None) -> None:
            if failure is not None:
                if not self._gone:
                    self._run(call, self._connection, failure)
                return
            exchange = Exchange(call, self._desk.names, self._request.received, self._desk.plant.health)
            run.driver = Driver(exchange, run, self._desk.plant, ())
            run.driver.start()
            if run.refused is not None:
                run.forget()
                if self._here:
                    status, headers, body = run.refused
                    self._connection.respond(status, headers + self._cors, body)
            elif self._here:
                self._tell(run, queued, beginning, call)

        run.keep(begin)

    @property
    def _here(self) -> bool:
        return not self._gone and self._connection.current is self._request

    def _tell(self, run: Run, queued: Mapping[str, Any], beginning: bytes, call: Call) -> None:
        """What the client is told at once; if he wants events, he hears of all that follow."""
        headers: Headers = ((call.dialect.request_id_header.encode(), call.id.encode()), *self._cors)
        if not run.wants_events:
            self._connection.respond(200, (JSON, *headers), self._state.encode(dict(queued)))
            return
        kind = (b"content-type", call.dialect.stream_type.encode())
        self._connection.begin(200, (kind, UNCACHED, *headers))
        self._connection.send(beginning)
        run.listener = self._connection
        self._hold = Listener(run)

    # What is asked afterwards

    def answer(self, status: int, body: bytes) -> None:
        """A whole answer."""
        if self._here:
            headers: Headers = ((self._call.dialect.request_id_header.encode(), self._call.id.encode()),)
            self._connection.respond(status, (JSON, *headers, *self._cors), body)

    def refuse(self, failure: Failure) -> None:
        """A refusal."""
        reply = self._call.dialect.encode_error(failure, self._call.id)
        if self._here:
            more = tuple((name.encode(), value.encode()) for name, value in reply.headers)
            name = self._call.dialect.request_id_header.encode()
            self._connection.respond(
                reply.status, (JSON, (name, self._call.id.encode()), *more, *self._cors), reply.body
            )

    def forget(self, kept: Kept) -> None:
        """Whoever else keeps an answer is to forget it, too."""
        host = self._desk.names.directory.hosts.get(kept.host)
        if host is not None:
            forget(self._desk.plant, host, self._state.name, kept.id)

    def stream(self) -> Connection | None:
        """The client, to whom events can be sent from now on; `None` if he has gone."""
        if not self._here:
            return None
        headers: Headers = ((self._call.dialect.request_id_header.encode(), self._call.id.encode()),)
        kind = (b"content-type", self._call.dialect.stream_type.encode())
        self._connection.begin(200, (kind, UNCACHED, *headers, *self._cors))
        return self._connection


class Listener:
    """A client who listens to what is made in the background; it goes on without him."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def client_gone(self) -> None:
        """He may come back."""
        self._run.listener = None

    def client_slow(self) -> None:
        """Nothing waits for him; what he does not read is bounded, and the server's clock runs."""

    def client_ready(self) -> None:
        """He reads again."""
