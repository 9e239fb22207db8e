"""What an exchange leaves in the ledger: its own entry, and one for each call besides it that may have to be paid."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from counterpoint.canonical import Failure, Usage
from counterpoint.canonical.ids import new_id
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.catalog.prices import cost_of
from counterpoint.dialects.base import Peek
from counterpoint.directory import Key
from counterpoint.directory.values import Price
from counterpoint.gateway.bounds import Bounds
from counterpoint.gateway.call import Call
from counterpoint.gateway.commands import Settle
from counterpoint.gateway.limiting import spent
from counterpoint.gateway.losses import bounded
from counterpoint.gateway.names import Candidate
from counterpoint.gateway.passing import Passed
from counterpoint.gateway.routing.plan import Asked
from counterpoint.gateway.tries import Try
from counterpoint.ledger import Entry
from counterpoint.ledger.entry import Purpose
from counterpoint.limits import Charge, Hold
from counterpoint.limits.spending import together

NOTHING_HELD = Hold()
CLIENT_LEFT = 499  # nginx's word for a client that closed the connection first
_LONGEST_TRACE = 128
_NOBODY = Key(id="", name="", project="", organisation="")


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """How the exchange ended, for the caller. `sent`: bytes of the answer."""

    status: int
    failure: Failure | None = None
    sent: int = 0
    first_event: float | None = None


class Account:
    """One exchange's, as far as it is known. `most`: that offerings may take. `began`: on the exchange's clock.
    `purpose`, `parent`: of an exchange that another one started. `asked`, below: the request, looked into where its
    host has not said how long it is."""

    key: Key | None = None
    peek: Peek | None = None
    route = ""
    names: tuple[str, ...] = ()
    purpose: Purpose = ""
    parent = ""
    hold: Hold | None = None
    _taken: tuple[int, ...] = ()

    def __init__(self, call: Call, most: Bounds, began: float) -> None:
        self.call = call
        self.most = most
        self.began = began

    def side(self, try_: Try, purpose: Purpose, now: float, asked: Asked) -> Settle:
        """Of a try besides the one that answers."""
        partial = not (try_.answer is not None and try_.done)
        usage = self._usage(try_, asked) if partial else try_.usage
        outcome = Outcome(try_.status or 200, try_.failure, 0, try_.first_event)
        entry = self._entry(outcome, try_, [try_], now, usage, purpose)
        entry = msgspec.structs.replace(
            entry,
            id=new_id(),
            at=self.call.at + int((try_.began - self.began) * 1e6),
            first_event_micros=entry.attempts[0].first_event_micros,
            total_micros=entry.attempts[0].micros,
            parent=self.parent or self.call.id,
            request_bytes=0,
            losses=(),
        )
        return Settle(entry)

    def own(
        self, outcome: Outcome, try_: Try | None, tries: Sequence[Try], now: float, asked: Asked
    ) -> Settle:
        """The exchange's. `try_`: the one that answered, or was the last to fail."""
        begun = outcome.first_event is not None
        if try_ is None:
            usage = UNREPORTED
        elif outcome.status == CLIENT_LEFT or (begun and outcome.failure is not None):
            partial = (begun or try_.failure is None) and not try_.done
            usage = self._usage(try_, asked) if partial else try_.usage
        else:
            usage = try_.usage
        entry = self._entry(outcome, try_, tries, now, usage, self.purpose)
        return Settle(entry, self.hold, self._taken)

    def closed(self, entry: Settle) -> Settle:
        """With the last of several entries: all that was held, of which they took what they did. More may be held."""
        hold, self.hold = self.hold, None
        taken, self._taken = self._taken, ()
        return msgspec.structs.replace(entry, hold=hold, taken=taken)

    @property
    def cost_something(self) -> bool:
        """Whether anything was taken of what is held."""
        return any(self._taken)

    def _charged(
        self,
        hold: Hold,
        candidate: Candidate | None,
        usage: Usage,
        cost: Decimal | None,
        currency: str,
        purpose: Purpose,
    ) -> tuple[Charge, ...]:
        peek = self.peek
        names = (peek.model if peek else "", candidate.offering.model if candidate else "", *self.names)
        charged, amounts = spent(
            hold,
            candidate.name if candidate else "",
            names,
            usage,
            self.most.converted(cost, currency),
            requests=0 if purpose else 1,
        )
        self._taken = together(self._taken, amounts)
        return charged

    def _usage(self, try_: Try, asked: Asked) -> Usage:
        """What its host said; where it had not come to say all of it, about what it was: `reported` is false then."""
        answer = try_.answer
        if answer is None or answer.complete or self.call.operation == "count_tokens":
            return try_.usage
        usage = answer.usage
        if usage.reported:
            return msgspec.structs.replace(usage, output=max(usage.output, answer.said), reported=False)
        if isinstance(answer, Passed):
            return usage
        return Usage(input=asked.facts().tokens, output=answer.said, reported=False)

    def _entry(
        self,
        outcome: Outcome,
        try_: Try | None,
        tries: Sequence[Try],
        now: float,
        usage: Usage,
        purpose: Purpose,
    ) -> Entry:
        call, key, peek = self.call, self.key or _NOBODY, self.peek
        failure = outcome.failure
        candidate = try_.candidate if try_ else None
        offering = candidate.offering if candidate else None
        answer = try_.answer if try_ else None
        price = offering.price if offering else None
        losses = try_.losses if try_ else ()
        if answer is not None and answer.streamed:  # known only now; a whole answer's are in its headers
            losses = bounded(losses + answer.losses)
        first = outcome.first_event
        cost = _cost(call, try_, usage, failed=failure is not None)
        currency = price.currency if price else "USD"
        hold = self.hold
        charged = () if hold is None else self._charged(hold, candidate, usage, cost, currency, purpose)
        return Entry(  # in the order of its fields, the first of them without their names, which take time to look up
            call.id,
            call.at,
            call.operation,
            call.client_dialect,
            key.organisation,
            key.project,
            key.id,
            peek.model[:500] if peek else "",
            candidate.name if candidate else "",
            offering.host if offering else "",
            offering.model if offering else "",
            offering.maker if offering else "",
            candidate.dialect if candidate else "",
            stream=peek.stream if peek else False,
            status=outcome.status,
            failure=failure.kind.value if failure else None,
            finish=None if answer is None else answer.finish,
            usage=usage,
            cost=cost,
            currency=currency,
            first_event_micros=None if first is None else int((first - self.began) * 1e6),
            total_micros=int((now - self.began) * 1e6),
            attempts=tuple(
                [each.attempt(self.began, now) for each in tries if each.role == "answer" or try_ is each]
            ),
            losses=losses,
            request_bytes=len(call.body),
            response_bytes=outcome.sent,
            user=key.user,
            route=self.route,
            charges=charged,
            purpose=purpose,
            parent=self.parent,
            trace=_trace(call) if b"traceparent" in call.headers else "",
        )


def _trace(call: Call) -> str:
    """The caller's trace, if there is one (W3C Trace Context, `traceparent`)."""
    said = call.headers[b"traceparent"]
    return "" if len(said) > _LONGEST_TRACE else said.decode("latin-1")


def _cost(call: Call, try_: Try | None, usage: Usage, *, failed: bool) -> Decimal | None:
    """What one try cost; `None`: nobody knows."""
    if call.operation == "count_tokens" or try_ is None or try_.answer is None:
        return Decimal(0)
    unit = try_.answer.unit if isinstance(try_.answer, Passed) else ""
    return probable_cost(usage, try_.candidate.offering.price, unit, failed=failed)


def probable_cost(usage: Usage, price: Price | None, unit: str = "", *, failed: bool) -> Decimal | None:
    """What `usage` costs, where it is estimated, too; `None`: nobody knows. What failed without a sign of use costs
    nothing."""
    if not usage.reported:
        if not usage.input_total and not usage.output_total:
            return Decimal(0) if failed else None
        usage = msgspec.structs.replace(usage, reported=True)
    return cost_of(usage, price, unit)
