"""One exchange: a client call with all its attempts, from admission to settlement, as a pure state machine.

Every method takes an event and the time, and returns the commands that follow from it. No clock, no sockets, no
logging: a test reads like the conversation. Two promises are kept here: nothing is committed to the client before
the first upstream event, so that the next candidate can still be tried; and the ledger entry is commanded before
the answer's last bytes are.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

import msgspec

from counterpoint.canonical import (
    EmbedResponse,
    ErrorEvent,
    Failure,
    Loss,
    Refused,
    StreamEvent,
    Usage,
)
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.catalog.prices import cost_of
from counterpoint.dialects.base import Peek
from counterpoint.dialects.registry import CHAT, RELAYED, WHOLE, speaker
from counterpoint.directory import Key
from counterpoint.gateway import refusals
from counterpoint.gateway.answers import Answer, CountedWhole, OtherWhole, broken_off
from counterpoint.gateway.attempts import Preparation
from counterpoint.gateway.call import Call
from counterpoint.gateway.claims import Claim, claim_of, refusal_of
from counterpoint.gateway.commands import (
    BreakOff,
    Cancel,
    Command,
    Headers,
    LookUpKey,
    Respond,
    RespondBytes,
    RespondEnd,
    RespondHead,
    Settle,
)
from counterpoint.gateway.fallback import worth_another
from counterpoint.gateway.losses import bounded
from counterpoint.gateway.lossrules import LossRules
from counterpoint.gateway.names import Candidate, Names, allowed
from counterpoint.gateway.passing import Passed
from counterpoint.i18n import say
from counterpoint.ledger import Attempt, Entry

JSON = (b"content-type", b"application/json")
UNCACHED = (b"cache-control", b"no-cache")
CLIENT_LEFT = 499  # nginx's word for a client that closed the connection first
ERROR_BODY_LIMIT = 1024 * 1024
HELD_LIMIT = 64 * 1024 * 1024
"""Bytes held back until a stream has said something: its first event may carry an image."""
TAIL_SECONDS = 2.0
"""How long a host whose answer is complete may take to end it in HTTP's terms too."""

Commands = list[Command]


class Exchange:
    """See the module. `deadline`: the time at which `timer` wants to be called, or `None`."""

    def __init__(self, call: Call, names: Names, now: float) -> None:
        self.call = call
        self.deadline: float | None = None
        self.settled = False
        self._names = names
        self._began = now
        self._claim: Claim | None = None
        self._key: Key | None = None
        self._peek: Peek | None = None
        self._preparation: Preparation | None = None
        self._rules = LossRules(names.directory, call)
        self._candidates: tuple[Candidate, ...] = ()
        self._at = -1
        self._answer: Answer | None = None
        self._losses: tuple[Loss, ...] = ()
        self._attempts: list[Attempt] = []
        self._attempt_began = now
        self._error_status = 0
        self._error_headers: Mapping[str, str] = {}
        self._error_body: list[bytes] = []
        self._error_size = 0
        self._held: list[bytes] = []
        self._held_size = 0
        self._committed = False
        self._first_event: float | None = None
        self._sent = 0

    @property
    def candidate(self) -> Candidate | None:
        """Who is asked, or has answered."""
        return self._candidates[self._at] if self._at >= 0 else None

    # Admission

    def start(self, now: float) -> Commands:
        """The request is here."""
        claim = self._claim = claim_of(self.call.headers, self.call.query)
        if claim is None:
            return self._refuse(refusals.no_key(self.call.lang), now)
        key = self._names.directory.keys.get(claim.digest)
        if key is None:
            return [LookUpKey(claim.digest)]
        return self.key_found(key, now)

    def key_found(self, key: Key | None, now: float) -> Commands:
        """The answer to `LookUpKey`."""
        call, claim = self.call, self._claim
        assert claim is not None  # noqa: S101 - set before a key was looked for
        refusal = refusal_of(claim, key, call, call.at / 1e6, call.lang)
        if refusal is None or claim.signature is None:  # a forged call is not the key's
            self._key = key
        if refusal is not None or key is None:
            return self._refuse(refusal or refusals.no_key(call.lang), now)
        if call.refusal is not None:
            return self._refuse(call.refusal, now)
        try:
            peek = call.peek()
        except Refused as refused:
            return self._refuse(refused.failure, now)
        self._peek = peek
        return self._route(peek, key, now)

    def _route(self, peek: Peek, key: Key, now: float) -> Commands:
        lang = self.call.lang
        operation = self.call.capability
        dialects = _upstream_dialects(operation, self.call.client_dialect)
        resolution = self._names.resolve(peek.model, operation, dialects)
        if not resolution.candidates:
            able = self._names.able(operation, dialects, key)
            if not resolution.considered:
                nearest = self._names.nearest(peek.model, key)
                return self._refuse(refusals.unknown_model(lang, peek.model, nearest, able), now)
            verdict = resolution.considered[0]
            reason = say(verdict.reason, lang=lang, **verdict.values)
            return self._refuse(refusals.unusable_model(lang, peek.model, reason, able), now)
        candidates = resolution.candidates
        if key.models:
            candidates = tuple(item for item in candidates if allowed(key, resolution.steps, item.offering))
            if not candidates:
                return self._refuse(refusals.forbidden_model(lang, peek.model, key.name), now)
        self._candidates = candidates
        self._preparation = Preparation(self.call, peek)
        self._rules.names = resolution.steps
        return self._attempt(0, now)

    # Attempts

    def _attempt(self, index: int, now: float) -> Commands:
        assert self._preparation is not None  # noqa: S101 - set before the first attempt
        candidate = self._candidates[index]
        self._at = index
        self._attempt_began = now
        self._error_status = self._error_size = self._held_size = 0
        self._error_body = []
        self._held = []
        try:
            prepared = self._preparation.prepare(candidate)
            self._losses = bounded(prepared.losses)
            self._rules.check(candidate, prepared.losses)
        except Refused as refused:  # where it is for what would be lost, another offering may lose less
            return self._failed(refused.failure, None, now)
        self._answer = prepared.answer
        if prepared.command is None:
            return self._finish(now)
        self.deadline = now + candidate.host.first_event_timeout
        return [prepared.command]

    def upstream_head(self, status: int, headers: Mapping[str, str], now: float) -> Commands:
        """The host has answered with a status."""
        host = self._candidates[self._at].host
        if not 200 <= status < 300:
            self._error_status = status
            self._error_headers = headers
            self.deadline = now + host.idle_timeout  # for the whole body of the error
        else:
            self.deadline = now + host.first_event_timeout
            if isinstance(self._answer, Passed):
                self._answer.head(headers)
        return []

    def upstream_data(self, data: bytes, now: float) -> Commands:
        """Body bytes from the host."""
        answer = self._answer
        if answer is None:
            return []
        if self.settled:  # the answer was complete before this came
            return [Cancel(), *self._finish(now)]
        if self._error_status:
            return self._error_data(data, now)
        if self._committed or not answer.streamed:  # what comes before the first event is no sign of it
            self.deadline = now + self._candidates[self._at].host.idle_timeout
        return self._progress(answer, answer.data(data), now)

    def _error_data(self, data: bytes, now: float) -> Commands:
        self._error_body.append(data)
        self._error_size += len(data)
        return [Cancel(), *self._upstream_error(now)] if self._error_size > ERROR_BODY_LIMIT else []

    def engine_event(self, event: StreamEvent, now: float) -> Commands:
        """A local model has produced something."""
        answer = self._answer
        if answer is None or self.settled:
            return []
        if isinstance(event, ErrorEvent):
            return self.engine_failed(event.failure, now)
        self.deadline = now + self._candidates[self._at].host.idle_timeout
        return self._progress(answer, answer.event(event), now)

    def _progress(self, answer: Answer, out: bytes, now: float) -> Commands:
        """Commit at the first whole event; settle before the bytes that end the answer."""
        if self._committed and not answer.complete and answer.failure is None:
            self._sent += len(out)  # as for nearly every event of a stream
            return [RespondBytes(out)] if out else []
        if answer.failure is not None and not self._committed:
            return [Cancel(), *self._failed(answer.failure, None, now)]
        if not answer.streamed:
            return []
        if out:
            self._held.append(out)
            self._held_size += len(out)
        if not answer.begun:
            return self._hold(now)
        commands: Commands = []
        if not self._committed:
            commands.append(self._commit(now))
        out = self._held[0] if len(self._held) == 1 else b"".join(self._held)
        self._held.clear()
        self._sent += len(out)
        if answer.failure is not None:
            return [*commands, self._settle(200, answer.failure, now), Cancel(), RespondEnd(out)]
        if answer.complete and not self.settled:
            commands.append(self._settle(200, None, now))
            self.deadline = now + min(TAIL_SECONDS, self._candidates[self._at].host.idle_timeout)
        if out:
            commands.append(RespondBytes(out))
        return commands

    def _hold(self, now: float) -> Commands:
        """Nothing is committed yet, so what there is waits; no host needs this much to begin."""
        if self._held_size <= HELD_LIMIT:
            return []
        host = self._candidates[self._at].host.name
        return [Cancel(), *self._failed(refusals.endless_beginning(self.call.lang, host), None, now)]

    def _commit(self, now: float) -> RespondHead:
        self._committed = True
        self._first_event = now
        self.deadline = now + self._candidates[self._at].host.idle_timeout
        return RespondHead(200, self._stream_head())

    def _stream_head(self) -> Headers:
        answer = self._answer
        if isinstance(answer, Passed):
            kind = answer.media_type
        else:
            kind = self.call.dialect.stream_type.encode()
        return ((b"content-type", kind), UNCACHED, *self._headers())

    def upstream_end(self, now: float) -> Commands:
        """The host's answer is complete, as HTTP sees it."""
        if self._answer is None:
            return []
        if self._error_status:
            return self._upstream_error(now)
        return self._finish(now)

    def engine_result(self, result: EmbedResponse | int, now: float) -> Commands:
        """A local model has the vectors, or the count."""
        match self._answer, result:
            case OtherWhole() as answer, EmbedResponse():
                answer.result = result
            case CountedWhole() as answer, int():
                answer.result = result
        return self.engine_done(now)

    def engine_done(self, now: float) -> Commands:
        """A local model has said all."""
        return [] if self._answer is None or self.settled else self._finish(now)

    def _finish(self, now: float) -> Commands:
        answer = self._answer
        assert answer is not None  # noqa: S101 - there is an answer once an attempt was made
        out = answer.end()
        if answer.failure is not None and not self._committed:
            return self._failed(answer.failure, None, now)
        self.deadline = None
        if self._committed:
            self._sent += len(out)
            ended: Commands = [RespondEnd(out)]
            return ended if self.settled else [self._settle(200, answer.failure, now), *ended]
        if answer.streamed:
            self._held.append(out)
            out = b"".join(self._held)
            self._committed = True
            self._sent = len(out)
            settle = self._settle(200, answer.failure, now)
            return [settle, RespondHead(200, self._stream_head()), RespondEnd(out)]
        self._losses = bounded(self._losses + answer.losses)
        try:
            self._rules.check(self._candidates[self._at], answer.losses)
        except Refused as refused:
            return self._refuse(refused.failure, now, 200)
        self._first_event = now
        self._sent = len(out)
        settle = self._settle(200, None, now)
        kind = (b"content-type", answer.media_type) if isinstance(answer, Passed) else JSON
        headers = (kind, *self._headers())
        if settle.entry.cost is not None:
            amount = f"{settle.entry.cost:f}"
            amount = amount.rstrip("0").rstrip(".") if "." in amount else amount
            headers += ((b"x-counterpoint-cost", f"{amount} {settle.entry.currency}".encode()),)
        return [settle, Respond(200, headers, out)]

    # Failures

    def _upstream_error(self, now: float) -> Commands:
        candidate = self._candidates[self._at]
        status = self._error_status
        if status < 400:
            failure = refusals.redirecting_host(self.call.lang, candidate.host.name, status)
        elif status in (401, 403) and not self._error_is_policy():
            failure = refusals.refused_credentials(self.call.lang, candidate.host.name, status)
        else:
            if self._lacks_counter(status):
                return self._estimate(now)
            upstream = speaker(candidate.dialect) or self.call.dialect
            failure = upstream.decode_error(status, self._error_headers, b"".join(self._error_body))
            if status >= 500 or failure.raw is None or candidate.dialect != self.call.client_dialect:
                failure = msgspec.structs.replace(failure, from_upstream=True)
        return self._failed(failure, status, now)

    def _lacks_counter(self, status: int) -> bool:
        """Not every host that speaks a dialect has its token counter; a 404 that names the model means the model."""
        if self.call.operation != "count_tokens" or status not in (404, 405, 501):
            return False
        return b"model" not in b"".join(self._error_body)[:4096].lower()

    def _estimate(self, now: float) -> Commands:
        assert self._preparation is not None  # noqa: S101 - an attempt was made
        try:
            prepared = self._preparation.estimate()
            self._rules.check(self._candidates[self._at], prepared.losses)
        except Refused as refused:
            return self._refuse(refused.failure, now)
        self._answer, self._losses = prepared.answer, prepared.losses
        return self._finish(now)

    def _error_is_policy(self) -> bool:
        """A 403 may also mean that the host's own policy refuses this very request (moderation, region)."""
        return self._error_status == 403 and b"moderation" in b"".join(self._error_body)[:4096]

    def upstream_lost(self, reason: str, now: float) -> Commands:
        """No connection, or it broke."""
        host = self._candidates[self._at].host.name
        return self._failed(refusals.unreachable_host(self.call.lang, host, reason), None, now)

    def engine_failed(self, failure: Failure, now: float) -> Commands:
        """A local model could not answer, or not to the end."""
        return self._failed(failure, None, now)

    def timer(self, now: float) -> Commands:
        """`deadline` has passed: the host is silent."""
        if self.deadline is None or now < self.deadline:
            return []
        if self.settled:
            return [Cancel(), *self._finish(now)]
        if self._error_status:  # what it has said of its error must do
            return [Cancel(), *self._upstream_error(now)]
        host = self._candidates[self._at].host
        seconds = host.idle_timeout if self._committed else host.first_event_timeout
        return [Cancel(), *self._failed(refusals.silent_host(self.call.lang, host.name, seconds), None, now)]

    def _failed(self, failure: Failure, status: int | None, now: float) -> Commands:
        """The attempt failed: try the next candidate, or tell the caller in his dialect."""
        if self.settled:  # the answer was complete already
            return self._finish(now) if self._committed else []
        if self._committed:
            if isinstance(self._answer, Passed) and self._answer.breaks:
                return [self._settle(200, failure, now), BreakOff()]
            told = broken_off(self._answer, failure)
            event = told or self.call.dialect.encode_stream_error(failure, self.call.id)
            self._sent += len(event)
            return [self._settle(200, failure, now), RespondEnd(event)]
        if self._at + 1 < len(self._candidates) and worth_another(failure, status):
            self._note_attempt(status, failure, now)
            return self._attempt(self._at + 1, now)
        return self._refuse(failure, now, status)

    def _refuse(self, failure: Failure, now: float, upstream_status: int | None = None) -> Commands:
        reply = self.call.dialect.encode_error(failure, self.call.id)
        headers: Headers = (JSON, *self._headers())
        headers += tuple((name.encode(), value.encode()) for name, value in reply.headers)
        self._sent = len(reply.body)
        settle = self._settle(reply.status, failure, now, upstream_status)
        return [settle, Respond(reply.status, headers, reply.body)]

    def client_ready(self, now: float) -> Commands:
        """The client reads again. Meanwhile the host was not listened to: its time begins anew."""
        if self.deadline is not None and self._at >= 0:
            self.deadline = now + self._candidates[self._at].host.idle_timeout
        return []

    def client_gone(self, now: float) -> Commands:
        """The client has left: stop the upstream, account for what was used."""
        commands: Commands = [Cancel()]
        if not self.settled:
            commands.append(self._settle(CLIENT_LEFT, None, now))
        self._answer = None
        return commands

    # Settlement

    def _note_attempt(self, status: int | None, failure: Failure | None, now: float) -> None:
        if self._at >= 0:
            micros = int((now - self._attempt_began) * 1e6)
            offering = self._candidates[self._at].name
            word = failure.kind.value if failure else None
            self._attempts.append(Attempt(offering, status, word, micros))

    def _settle(
        self, status: int, failure: Failure | None, now: float, upstream: int | None = None
    ) -> Settle:
        self.settled = True
        self.deadline = None
        answer, call, key, peek = self._answer, self.call, self._key, self._peek
        usage: Usage = UNREPORTED if answer is None else answer.usage
        self._note_attempt(upstream if failure else 200, failure, now)
        candidate = self._candidates[self._at] if self._at >= 0 else None
        offering = candidate.offering if candidate else None
        price = offering.price if offering else None
        cost: Decimal | None = None
        if call.operation == "count_tokens" or candidate is None or (failure and not usage.reported):
            cost = Decimal(0)
        elif usage.reported:
            cost = cost_of(usage, price, answer.unit if isinstance(answer, Passed) else "")
        losses = self._losses
        if answer is not None and answer.streamed:  # known only now; a whole answer's are in its headers
            losses = bounded(losses + answer.losses)
        finish = None if answer is None else answer.finish
        return Settle(
            Entry(
                id=call.id,
                at=call.at,
                operation=call.operation,
                client_dialect=call.client_dialect,
                organisation=key.organisation if key else "",
                project=key.project if key else "",
                key=key.id if key else "",
                requested=peek.model[:500] if peek else "",
                offering=candidate.name if candidate else "",
                host=offering.host if offering else "",
                model=offering.model if offering else "",
                maker=offering.maker if offering else "",
                upstream_dialect=candidate.dialect if candidate else "",
                stream=peek.stream if peek else False,
                status=status,
                failure=failure.kind.value if failure else None,
                finish=finish,
                usage=usage,
                cost=cost,
                currency=price.currency if price else "USD",
                first_event_micros=None if self._first_event is None else self._micros(self._first_event),
                total_micros=self._micros(now),
                attempts=tuple(self._attempts),
                losses=losses,
                request_bytes=len(call.body),
                response_bytes=self._sent,
            )
        )

    def _micros(self, now: float) -> int:
        return int((now - self._began) * 1e6)

    def _headers(self) -> Headers:
        """What every answer carries besides its dialect's own: the id, who answered, what was lost."""
        headers: Headers = ((self.call.dialect.request_id_header.encode(), self.call.id.encode()),)
        if self._at >= 0:
            name = self._candidates[self._at].name
            headers += ((b"x-counterpoint-offering", name.encode("ascii", "backslashreplace")),)
        if self._losses:
            headers += self._rules.told(self._candidates[self._at], self._losses)
        return headers


@cache
def _upstream_dialects(operation: str, own: str) -> tuple[str, ...]:
    """The dialects in which a caller who speaks `own` can be served, his own first."""
    if own in RELAYED:
        return (own,)
    return (own, *(name for name in WHOLE.get(operation, CHAT) if name != own))
