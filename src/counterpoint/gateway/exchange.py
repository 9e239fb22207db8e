"""One exchange: a client call with all its attempts, from admission to settlement, as a pure state machine.

Every method takes an event and the time, and returns the commands that follow from it. No clock, no sockets, no
logging: a test reads like the conversation. What comes of a try is told with its number: several may be under way, of
which one answers. Two promises are kept here: nothing is committed to the client before the first upstream event, so
that the next candidate can still be tried; and the ledger entry is commanded before the answer's last bytes are.
"""

import random
from collections.abc import Mapping

from counterpoint.canonical import (
    ChatRequest,
    ChatResponse,
    EmbedResponse,
    ErrorEvent,
    Failure,
    Refused,
    StreamEvent,
    unfold,
)
from counterpoint.directory import Key
from counterpoint.gateway import refusals
from counterpoint.gateway.admission import Next, Side
from counterpoint.gateway.answers import CountedWhole, OtherWhole, TranslatedStream
from counterpoint.gateway.call import Call
from counterpoint.gateway.cascade import Trial, Wish, asked_by
from counterpoint.gateway.commands import (
    Cancel,
    Release,
    RespondEnd,
    RespondHead,
    Shadow,
    Wake,
)
from counterpoint.gateway.fallback import elsewhere, passable, pause
from counterpoint.gateway.gathered import Told
from counterpoint.gateway.health import Health
from counterpoint.gateway.losses import bounded
from counterpoint.gateway.names import Candidate, Names
from counterpoint.gateway.routing.checks import answering
from counterpoint.gateway.routing.plan import Chance, Step
from counterpoint.gateway.routing.verdicts import Escalated
from counterpoint.gateway.settling import CLIENT_LEFT
from counterpoint.gateway.shadows import shadow_of
from counterpoint.gateway.telling import Commands, Telling
from counterpoint.gateway.tries import Role, Try, sooner
from counterpoint.limits import Denied, Hold


class Exchange(Telling):
    """See the module. `health`: of the worker; `side`: set where another exchange started this one."""

    _reached = 0
    _trial: Trial | None = None
    _put_off: Try | None = None
    _again: tuple[float, int] | None = None
    _hedge_at: float | None = None
    _hedged = False
    _until: float | None = None

    def __init__(
        self,
        call: Call,
        names: Names,
        now: float,
        health: Health | None = None,
        chance: Chance = random.random,
        side: Side | None = None,
    ) -> None:
        super().__init__(call, names, now, health or Health(), chance)
        self._side = side

    @property
    def deadline(self) -> float | None:
        """The time at which `timer` wants to be called, or `None`."""
        soonest: float | None = None
        for each in self._live:
            soonest = sooner(soonest, each.deadline)
        if not self.settled:
            soonest = sooner(soonest, self._until)
            if self._again is not None:
                soonest = sooner(soonest, self._again[0])
            if self._speaking is None:
                soonest = sooner(soonest, self._hedge_at)
        return soonest

    # Admission

    def start(self, now: float) -> Commands:
        """The request is here."""
        if self._side is not None:
            return self._admitted(self._admission.beside(self._side, now), now)
        return self._admitted(self._admission.start(now), now)

    def key_found(self, key: Key | None, names: Names, now: float) -> Commands:
        """The answer to `LookUpKey`. `names`: of the directory by now: what holds for a new key is as new as it is."""
        self._know(names)
        return self._admitted(self._admission.key_found(key, now), now)

    def reserved(self, answer: Hold | Denied, now: float) -> Commands:
        """The answer to `Reserve`."""
        if self.settled:  # the caller has left meanwhile, or the time was up
            return [Release(answer)] if isinstance(answer, Hold) else []
        if self._put_off is not None:
            try_, self._put_off = self._put_off, None
            failure = self._admission.held_anew(answer)
            return self._ask_for(try_, now) if failure is None else self._refuse(failure, now)
        return self._admitted(self._admission.reserved(answer, now), now)

    def _admitted(self, then: Next, now: float) -> Commands:
        plan = self._admission.plan
        if plan is not None and plan is not self._plan:
            self._plan = plan
            if plan.timeouts.total is not None:
                self._until = self._account.began + plan.timeouts.total
        if isinstance(then, Failure):
            return self._refuse(then, now)
        if then is not None:
            return [then]
        shadows: Commands = [Shadow(candidate) for candidate in self._plan.shadows]
        return shadows + self._open(0, now)

    def shadow(self, candidate: Candidate, now: float) -> "Exchange":
        """The same call to another candidate, as an exchange of its own."""
        key = self._account.key
        assert key is not None  # noqa: S101 - there is a plan
        call, side = shadow_of(self.call, key, self._plan, candidate)
        return Exchange(call, self._names, now, self._health, self._chance, side)

    # Tries

    def _open(self, index: int, now: float, reason: str = "") -> Commands:
        """Try a step."""
        return self._ask_for(self._new(index, self._plan.steps[index], now, reason), now)

    def _ask_for(self, try_: Try, now: float) -> Commands:
        step, self._latest = try_.step, try_
        self._reached = max(self._reached, try_.index)
        preparation = self._admission.preparation
        assert preparation is not None  # noqa: S101 - there is a plan
        try:
            if step.check is None or self.call.operation != "chat" or self.call.capability != "chat":
                prepared = preparation.prepare(try_.candidate, try_.number)
            else:
                try_.checked = True
                asked = asked_by(step, preparation.request())
                prepared = preparation.prepare_checked(try_.candidate, asked, try_.number)
            try_.losses = bounded(prepared.losses)
            self._rules.check(step, prepared.losses)
        except Refused as refused:  # where it is for what would be lost, another offering may lose less
            return self._failed(try_, refused.failure, now)
        try_.answer = prepared.answer
        if prepared.command is None:
            return self._finish(try_, now)
        self._begin(try_, now)
        hedge = self._plan.hedge_after
        if hedge is None or self._hedged or try_.checked or len(self._plan.steps) < 2:
            return [prepared.command]
        self._hedged = True
        self._hedge_at = now + hedge
        return [prepared.command, Wake(self._hedge_at)]

    def _new(self, index: int, step: Step, now: float, reason: str, role: Role = "answer") -> Try:
        try_ = Try(len(self._tries), index, step, self._plan.timeouts, now, reason)
        if role != "answer":
            try_.role = role
        self._tries.append(try_)
        return try_

    def _begin(self, try_: Try, now: float) -> None:
        try_.deadline = now + try_.patience
        self._live.append(try_)
        self._health.began(try_.candidate.name, now)

    def upstream_head(self, number: int, status: int, headers: Mapping[str, str], now: float) -> Commands:
        """The host has answered with a status."""
        try_ = self._tries[number]
        if not try_.over:
            try_.head(status, headers, now)
        return []

    def upstream_data(self, number: int, data: bytes, now: float) -> Commands:
        """Body bytes from the host."""
        try_ = self._tries[number]
        answer = try_.answer
        if try_ is self._speaking and answer is not None:
            if self.settled:  # the answer was complete before this came
                return [Cancel(number), *self._finish(try_, now)]
            try_.deadline = now + try_.idle
            return self._say_on(try_, answer.data(data), now)
        if try_.over or answer is None:
            return []
        if try_.refused:
            return [] if try_.more_error(data) else [Cancel(number), *self._upstream_error(try_, now)]
        if not answer.streamed:  # what comes before the first event is no sign of it; drops are no answer
            try_.deadline = min(now + try_.idle, try_.began + try_.patience)
        return self._hold_back(try_, answer.data(data), now)

    def engine_event(self, number: int, event: StreamEvent, now: float) -> Commands:
        """A local model has produced something."""
        try_ = self._tries[number]
        answer = try_.answer
        if try_.over or answer is None:
            return []
        if isinstance(event, ErrorEvent):
            return self.engine_failed(number, event.failure, now)
        try_.deadline = now + try_.idle
        out = answer.event(event)
        return self._say_on(try_, out, now) if try_ is self._speaking else self._hold_back(try_, out, now)

    def _hold_back(self, try_: Try, out: bytes, now: float) -> Commands:
        """Commit at the first whole event; until then what there is waits."""
        answer = try_.answer
        assert answer is not None  # noqa: S101 - it has just said something
        if answer.failure is not None:
            return [Cancel(try_.number), *self._failed(try_, answer.failure, now)]
        if not answer.streamed:
            return []
        room = try_.hold(out)
        if not answer.begun:
            return [] if room else self._endless(try_, now)
        commands = self._win(try_, now)
        commands.append(RespondHead(200, self._stream_head(try_)))
        return commands + self._say_on(try_, try_.released(), now)

    def _endless(self, try_: Try, now: float) -> Commands:
        failure = refusals.endless_beginning(self.call.lang, try_.candidate.host.name)
        return [Cancel(try_.number), *self._failed(try_, failure, now)]

    def upstream_end(self, number: int, now: float) -> Commands:
        """The host's answer is complete, as HTTP sees it."""
        try_ = self._tries[number]
        if self._deaf(try_):
            return []
        if try_.refused:
            return self._upstream_error(try_, now)
        return self._finish(try_, now)

    def _deaf(self, try_: Try) -> bool:
        """Whether nothing that comes of it matters any more."""
        return try_.over and try_ is not self._speaking

    def engine_result(self, number: int, result: EmbedResponse | int, now: float) -> Commands:
        """A local model has the vectors, or the count."""
        match self._tries[number].answer, result:
            case OtherWhole() as answer, EmbedResponse():
                answer.result = result
            case CountedWhole() as answer, int():
                answer.result = result
        return self.engine_done(number, now)

    def engine_done(self, number: int, now: float) -> Commands:
        """A local model has said all."""
        try_ = self._tries[number]
        return [] if self.settled or self._deaf(try_) else self._finish(try_, now)

    def _finish(self, try_: Try, now: float) -> Commands:
        answer = try_.answer
        assert answer is not None  # noqa: S101 - there is an answer once an attempt was made
        out = answer.end()
        if try_ is self._speaking:
            self._live.clear()
            self._sent += len(out)
            ended: Commands = [RespondEnd(out)]
            return ended if self.settled else [self._settle(200, answer.failure, now), *ended]
        if answer.failure is not None:
            return self._failed(try_, answer.failure, now)
        try_.done = True
        if try_.role != "answer" or try_.checked:
            return self._look_at(try_, now)
        if not answer.streamed:
            return self._whole(try_, out, now)
        return self._told_at_once(try_, out, now)

    # Cascades

    def _look_at(self, try_: Try, now: float) -> Commands:
        """An answer that is not to be told unseen; or a word on one."""
        self._answered(try_, now)
        try_.ended = now
        try_.deadline = None
        if try_ in self._live:
            self._live.remove(try_)
        if try_.role != "answer":
            return self._heard(try_, now)
        trial = self._trial = Trial(try_, self._request())
        return self._follow(trial, trial.verdict(), now)

    def _heard(self, try_: Try, now: float) -> Commands:
        """A sample, or a judge's word, or that there will be none."""
        try_.end(now)
        trial = self._trial
        billed: Commands = []
        if try_.failure is None or try_.usage.reported:
            billed.append(
                self._account.side(try_, "judge" if try_.role == "judge" else "sample", now, self._admission)
            )
        return billed if trial is None else billed + self._follow(trial, trial.heard(try_), now)

    def _follow(self, trial: Trial, then: list[Wish] | ChatResponse | Escalated, now: float) -> Commands:
        if isinstance(then, ChatResponse):
            return self._accept(trial.try_, then, now)
        if isinstance(then, Escalated):
            return self._escalate(trial.try_, now)
        return [command for wish in then for command in self._ask(trial.try_, wish, now)]

    def _ask(self, about: Try, wish: Wish, now: float) -> Commands:
        """What the check needs besides the answer itself."""
        role, candidate, request = wish
        try_ = self._new(about.index, Step(candidate), now, "", role)
        preparation = self._admission.preparation
        assert preparation is not None  # noqa: S101 - there is an answer
        try:
            prepared = preparation.prepare_checked(candidate, request, try_.number)
        except Refused as refused:
            return self._failed(try_, refused.failure, now)
        try_.answer = prepared.answer
        self._begin(try_, now)
        return [] if prepared.command is None else [prepared.command]

    def _escalate(self, try_: Try, now: float) -> Commands:
        """The next stage; where there is none, the answer is taken as it is."""
        stage, steps = try_.step.stage, self._plan.steps
        index = next((at for at in range(try_.index + 1, len(steps)) if steps[at].stage > stage), None)
        if index is None:
            assert self._trial is not None  # noqa: S101 - it has just been judged
            return self._accept(try_, self._trial.first, now)
        self._trial = None
        try_.reason = "escalated"
        try_.end(now)
        return [self._account.side(try_, "escalated", now, self._admission), *self._open(index, now, "")]

    def _accept(self, try_: Try, response: ChatResponse, now: float) -> Commands:
        """The answer is the caller's, in his words."""
        asked, peek = self._request(), self._account.peek
        assert peek is not None  # noqa: S101 - it was read before anything was asked
        response = answering(asked, response)
        source, client = try_.candidate.dialect or "local", self.call.dialect
        self._trial, try_.checked = None, False
        if not peek.stream:
            try_.answer = Told(response, client, source, asked)
            return self._finish(try_, now)
        stream = try_.answer = TranslatedStream(None, client, peek, asked)
        for event in unfold(response):
            try_.hold(stream.event(event))
        return self._finish(try_, now)

    def _request(self) -> ChatRequest:
        preparation = self._admission.preparation
        assert preparation is not None  # noqa: S101 - there is an answer
        return preparation.request()

    # Failures

    def _upstream_error(self, try_: Try, now: float) -> Commands:
        preparation = self._admission.preparation
        if preparation is None or not try_.lacks_counter(self.call):
            return self._failed(try_, try_.error(self.call), now)
        try:
            prepared = preparation.estimate()
            self._rules.check(try_.step, prepared.losses)
        except Refused as refused:
            return self._refuse(refused.failure, now)
        try_.answer, try_.losses = prepared.answer, prepared.losses
        return self._finish(try_, now)

    def upstream_lost(self, number: int, reason: str, now: float) -> Commands:
        """No connection, or it broke."""
        host = self._tries[number].candidate.host.name
        return self.engine_failed(number, refusals.unreachable_host(self.call.lang, host, reason), now)

    def engine_failed(self, number: int, failure: Failure, now: float) -> Commands:
        """A local model could not answer, or not to the end."""
        try_ = self._tries[number]
        return [] if self._deaf(try_) else self._failed(try_, failure, now)

    def timer(self, now: float) -> Commands:
        """`deadline` has passed: somebody is silent, or it is time to ask again, or somebody else as well."""
        if self._until is not None and now >= self._until and not self.settled:
            return self._out_of_time(self._until - self._account.began, now)
        commands: Commands = []
        if self._again is not None and now >= self._again[0]:
            index, self._again = self._again[1], None
            assert self._latest is not None  # noqa: S101 - it has failed
            commands += self._after(self._latest, index, now, "retry")
        if self._hedge_at is not None and now >= self._hedge_at and not self.settled:
            commands += self._hedge(now)
        for try_ in [each for each in self._live if each.deadline is not None and now >= each.deadline]:
            if try_ in self._live:
                commands += self._silent(try_, now)
        return commands

    def _hedge(self, now: float) -> Commands:
        """Nobody has said anything yet: ask the next candidate as well. Once."""
        self._hedge_at = None
        silent = [each for each in self._live if each.status is None]
        if self._speaking is not None or not silent or len(silent) < len(self._live):
            return []
        steps = range(self._reached + 1, len(self._plan.steps))
        left = passable(self._plan, steps, self._health, now)
        return self._open(left[0], now, "hedge") if left else []

    def _silent(self, try_: Try, now: float) -> Commands:
        cancel = Cancel(try_.number)
        if self.settled:
            return [cancel, *self._finish(try_, now)]
        if try_.refused:  # what it has said of its error must do
            return [cancel, *self._upstream_error(try_, now)]
        host = try_.candidate.host
        seconds = try_.idle if try_ is self._speaking else try_.patience
        return [cancel, *self._failed(try_, refusals.silent_host(self.call.lang, host.name, seconds), now)]

    def _out_of_time(self, seconds: float, now: float) -> Commands:
        """All attempts together have had the time there was."""
        failure = refusals.out_of_time(self.call.lang, seconds)
        commands: Commands = []
        for each in list(self._live):
            if each is not self._latest:
                commands += self._let_go([each], now)
                continue
            commands.append(Cancel(each.number))
            self._health.failed(each.candidate.name, failure, None, now)
        self._live.clear()
        if self._speaking is not None:
            return commands + self._broken(self._speaking, failure, now)
        return commands + self._refuse(failure, now)

    def _failed(self, try_: Try, failure: Failure, now: float) -> Commands:
        """The try failed: wait for another one, make another one, or tell the caller in his dialect."""
        if self.settled:  # the answer was complete already
            return self._finish(try_, now)
        if try_.answer is not None:
            self._health.failed(try_.candidate.name, failure, try_.status, now)
        if try_ is self._speaking:
            return self._broken(try_, failure, now)
        try_.end(now, failure)
        if try_ in self._live:
            self._live.remove(try_)
        if try_.role != "answer":
            return self._heard(try_, now)
        if self._live:
            self._latest = self._live[-1]
            return [*self._billed(try_, now)]
        self._latest = try_
        wait = pause(self._plan, self._tries, try_, failure, self._chance())
        if wait is not None and self._may_wait(wait, now):
            self._again = (now + wait, try_.index)
            return [Wake(now + wait)]  # it is the exchange's own until there is another
        left = elsewhere(self._plan, self._reached, try_, failure)
        if left:
            return self._after(try_, passable(self._plan, left, self._health, now)[0], now, "fallback")
        return self._refuse(failure, now)

    def _after(self, failed: Try, index: int, now: float, reason: str) -> Commands:
        """Another try. Where the one that failed cost something, what is held may be too little for both: then that is
        settled, and the rest of the plan is held for anew."""
        billed = self._billed(failed, now)
        left = sorted({index, *range(self._reached + 1, len(self._plan.steps))})
        wish = self._admission.anew(left) if billed else None
        if wish is None:
            return [*billed, *self._open(index, now, reason)]
        self._put_off = self._latest = self._new(index, self._plan.steps[index], now, reason)
        return [self._account.closed(billed[0]), wish]

    def _may_wait(self, wait: float, now: float) -> bool:
        in_time = self._until is None or now + wait < self._until
        return in_time and self._health.may_retry(self._plan.retrying.budget, now)

    def client_ready(self, now: float) -> Commands:
        """The client reads again. Meanwhile the host was not listened to: its time begins anew."""
        for each in self._live:
            each.deadline = now + (each.idle if each is self._speaking else each.patience)
        return []

    def client_gone(self, now: float) -> Commands:
        """The client has left: stop the upstreams, account for what was used."""
        return self._stopped(CLIENT_LEFT, now)

    def broken_off(self, now: float) -> Commands:
        """A defect of ours ends it. What it has cost, nobody knows: a call that was made took all that was held."""
        return [] if self.settled else self._stopped(500, now)

    def _stopped(self, status: int, now: float) -> Commands:
        commands: Commands = []
        if not self.settled:
            main = self._latest
            commands += self._let_go([each for each in self._live if each is not main], now)
            for each in self._live:
                self._health.let_go(each.candidate.name)
        commands += [Cancel(each.number) for each in self._live]
        self._live.clear()
        if not self.settled:
            commands.append(self._settle(status, None, now))
        for each in self._tries:
            each.end(now)
        self._speaking = None
        return commands
