"""What a caller is told of the tries at answering him: nothing before one of them has something to say, then that one's
words, and an end in any case. What they cost is settled before the last bytes. Pure; `exchange` decides what is tried.
"""

from counterpoint.canonical import Failure, Refused
from counterpoint.gateway.admission import Admission
from counterpoint.gateway.answers import broken_off
from counterpoint.gateway.call import Call
from counterpoint.gateway.commands import (
    BreakOff,
    Cancel,
    Command,
    Headers,
    Release,
    Respond,
    RespondBytes,
    RespondEnd,
    RespondHead,
    Settle,
)
from counterpoint.gateway.health import Health
from counterpoint.gateway.limiting import rate_headers
from counterpoint.gateway.losses import bounded
from counterpoint.gateway.lossrules import LossRules
from counterpoint.gateway.names import Candidate, Names
from counterpoint.gateway.passing import Passed
from counterpoint.gateway.routing.plan import Chance, Plan
from counterpoint.gateway.settling import Account, Outcome
from counterpoint.gateway.tries import Try

JSON = (b"content-type", b"application/json")
UNCACHED = (b"cache-control", b"no-cache")
TAIL_SECONDS = 2.0
"""How long a host whose answer is complete may take to end it in HTTP's terms too."""

Commands = list[Command]
_NO_PLAN = Plan(())


class Telling:
    """One caller's. `settled`: the ledger has the exchange's own entry."""

    settled = False
    _plan = _NO_PLAN
    _latest: Try | None = None
    _speaking: Try | None = None
    _first_event: float | None = None
    _sent = 0

    def __init__(self, call: Call, names: Names, now: float, health: Health, chance: Chance) -> None:
        self.call = call
        self._health = health
        self._chance = chance
        self._account = Account(call, names.bounds, now)
        self._admission = Admission(self._account, names, health, chance)
        self._know(names)
        self._tries: list[Try] = []
        self._live: list[Try] = []

    def _know(self, names: Names) -> None:
        """What the call is decided by, from its beginning until its key is known."""
        self._names = self._admission.names = names
        self._account.most = names.bounds
        self._rules = LossRules(names.directory, self.call)

    @property
    def candidate(self) -> Candidate | None:
        """Who is asked, or has answered."""
        return None if self._latest is None else self._latest.candidate

    @property
    def relayed(self) -> bool:
        """Whether the answer comes in the caller's own dialect, and as it is."""
        latest = self._latest
        if latest is None or latest.step.check is not None:
            return False
        return latest.candidate.dialect == self.call.client_dialect

    # An answer

    def _win(self, try_: Try, now: float) -> Commands:
        """This is the one that answers; whoever else was asked is let go, and what that cost is noted."""
        self._speaking = self._latest = try_
        self._first_event = now
        if try_.first_event is None:
            self._answered(try_, now)
        try_.deadline = now + try_.idle
        if self._plan.sticky:
            self._health.remember(self._plan.sticky, try_.candidate.name)
        if len(self._live) < 2:
            return []
        return self._let_go([other for other in self._live if other is not try_], now)

    def _answered(self, try_: Try, now: float) -> None:
        try_.first_event = now
        self._health.answered(try_.candidate.name, now - try_.began, now)

    def _let_go(self, others: list[Try], now: float) -> Commands:
        commands: Commands = []
        for other in others:
            other.reason = "outrun"
            other.end(now)
            self._live.remove(other)
            self._health.let_go(other.candidate.name)
            purpose = "outrun" if other.role == "answer" else other.role
            commands += [Cancel(other.number), self._account.side(other, purpose, now, self._admission)]
        return commands

    def _say_on(self, try_: Try, out: bytes, now: float) -> Commands:
        """More of the answer; it is settled before the bytes that end it."""
        answer = try_.answer
        assert answer is not None  # noqa: S101 - it has just said something
        self._sent += len(out)
        if answer.failure is not None:
            return [self._settle(200, answer.failure, now), Cancel(try_.number), RespondEnd(out)]
        commands: Commands = [RespondBytes(out)] if out else []
        if answer.complete and not self.settled:
            commands.insert(0, self._settle(200, None, now))
            try_.deadline = now + min(TAIL_SECONDS, try_.idle)
        return commands

    def _told_at_once(self, try_: Try, out: bytes, now: float) -> Commands:
        """A streamed answer of which all has come before its beginning could be told."""
        try_.hold(out)
        commands = self._win(try_, now)
        self._live.clear()
        out = try_.released()
        self._sent = len(out)
        head = RespondHead(200, self._stream_head(try_))
        return [*commands, self._settle(200, None, now), head, RespondEnd(out)]

    def _whole(self, try_: Try, out: bytes, now: float) -> Commands:
        answer = try_.answer
        assert answer is not None  # noqa: S101 - it is whole now
        if answer.losses:
            try_.losses = bounded(try_.losses + answer.losses)
        commands = self._win(try_, now)
        self._live.clear()
        try:
            self._rules.check(try_.step, answer.losses)
        except Refused as refused:
            return [*commands, *self._refuse(refused.failure, now)]
        self._sent = len(out)
        settled = self._settle(200, None, now)
        kind = (b"content-type", answer.media_type) if isinstance(answer, Passed) else JSON
        headers = (kind, *self._headers())
        cost = settled.entry.cost
        if cost is not None:
            amount = f"{cost:f}"
            amount = amount.rstrip("0").rstrip(".") if "." in amount else amount
            headers += ((b"x-counterpoint-cost", f"{amount} {settled.entry.currency}".encode()),)
        return [*commands, settled, Respond(200, headers, out)]

    # None

    def _broken(self, try_: Try, failure: Failure, now: float) -> Commands:
        """An answer that has begun cannot be had whole."""
        self._live.clear()
        answer = try_.answer
        if isinstance(answer, Passed) and answer.breaks:
            return [self._settle(200, failure, now), BreakOff()]
        event = broken_off(answer, failure) or self.call.dialect.encode_stream_error(failure, self.call.id)
        self._sent += len(event)
        return [self._settle(200, failure, now), RespondEnd(event)]

    def _refuse(self, failure: Failure, now: float) -> Commands:
        reply = self.call.dialect.encode_error(failure, self.call.id)
        headers: Headers = (JSON, *self._headers())
        headers += tuple((name.encode(), value.encode()) for name, value in reply.headers)
        self._sent = len(reply.body)
        return [self._settle(reply.status, failure, now), Respond(reply.status, headers, reply.body)]

    # Settlement

    def _billed(self, try_: Try, now: float) -> list[Settle]:
        """A try that failed after its host had said what it used."""
        return [self._account.side(try_, "failed", now, self._admission)] if try_.usage.reported else []

    def _settle(self, status: int, failure: Failure | None, now: float) -> Settle:
        try_ = self._latest
        if try_ is not None:
            try_.end(now, failure)
        outcome = Outcome(status, failure, self._sent, self._first_event)
        entry = self._account.own(outcome, try_, self._tries, now, self._admission)
        self.settled = True
        return entry

    def given_up(self) -> Commands:
        """There can be no entry: what was held is free at least."""
        hold = None if self.settled else self._account.hold
        self.settled = True
        return [] if hold is None else [Release(hold)]

    # The answer's head

    def _stream_head(self, try_: Try) -> Headers:
        answer = try_.answer
        if isinstance(answer, Passed):
            kind = answer.media_type
        else:
            kind = self.call.dialect.stream_type.encode()
        return ((b"content-type", kind), UNCACHED, *self._headers())

    def _headers(self) -> Headers:
        """What every answer carries besides its dialect's own: the id, who answered, what was lost."""
        headers: Headers = ((self.call.dialect.request_id_header.encode(), self.call.id.encode()),)
        try_ = self._latest
        if self._plan.route:
            headers += ((b"x-counterpoint-route", self._plan.route.encode("ascii", "backslashreplace")),)
        standings = self._admission.standings
        if standings:
            headers += rate_headers(standings, self.call.dialect.name, self.call.at / 1e6)
        if try_ is not None:
            name = try_.candidate.name
            headers += ((b"x-counterpoint-offering", name.encode("ascii", "backslashreplace")),)
            if len(self._tries) > 1:
                headers += self._made()
            if try_.losses:
                headers += self._rules.told(try_.step, try_.losses)
        return headers

    def _made(self) -> Headers:
        made = sum(each.role == "answer" for each in self._tries)
        return ((b"x-counterpoint-attempts", str(made).encode()),) if made > 1 else ()
