"""The beginning of an exchange: who calls, what is to be tried for him, and that his limits allow it. Pure.

Each step ends in a command whose answer the next one takes, in a failure, or in nothing more to ask: then `plan` and
`preparation` are there.
"""

from functools import cache

import msgspec

from counterpoint.canonical import Failure, Refused
from counterpoint.dialects.registry import CHAT, RELAYED, WHOLE
from counterpoint.directory import Key, Offering
from counterpoint.gateway import refusals
from counterpoint.gateway.asking import asking
from counterpoint.gateway.attempts import Preparation
from counterpoint.gateway.claims import Claim, claim_of, refusal_of
from counterpoint.gateway.commands import LookUpKey, Release, Reserve
from counterpoint.gateway.health import Health
from counterpoint.gateway.limiting import refusal, wanted_of
from counterpoint.gateway.names import Names
from counterpoint.gateway.recalled import Recalled
from counterpoint.gateway.routing.facts import CallFacts, modest
from counterpoint.gateway.routing.plan import Chance, Facts, Plan, Step
from counterpoint.gateway.routing.planning import Case, plan
from counterpoint.gateway.settling import Account
from counterpoint.ledger.entry import Purpose
from counterpoint.limits import Denied, Hold, Standing, Wanted

_JUDGED = 16
"""Bytes of a judge's question for each token of the answer that it judges, and for its own task."""
_TASK = 8192

Next = LookUpKey | Reserve | Release | Failure | None


class Side(msgspec.Struct, frozen=True):
    """Of an exchange that another one started: it has been admitted, and its plan is made."""

    purpose: Purpose
    parent: str
    key: Key
    plan: Plan


class Admission:
    """Of one exchange, whose `account` learns what is found out. To routing, it is the call that it may look into.
    `names`: by which it is decided."""

    plan: Plan | None = None
    preparation: Preparation | None = None
    standings: tuple[Standing, ...] = ()
    _claim: Claim | None = None
    _instead = ""
    _read: CallFacts | None = None

    def __init__(self, account: Account, names: Names, health: Health, chance: Chance) -> None:
        self._account = account
        self.names = names
        self._health = health
        self._chance = chance

    def start(self, now: float) -> Next:
        """The request is here."""
        call = self._account.call
        claim = self._claim = claim_of(call.headers, call.query)
        if claim is None:
            return refusals.no_key(call.lang)
        key = self.names.directory.keys.get(claim.digest)
        return LookUpKey(claim.digest) if key is None else self.key_found(key, now)

    def beside(self, side: Side, now: float) -> Next:
        """It is another exchange's."""
        account = self._account
        account.key, account.purpose, account.parent = side.key, side.purpose, side.parent
        try:
            account.peek = account.call.peek()
        except Refused as refused:
            return refused.failure
        return self._planned(side.plan, side.key, now)

    def key_found(self, key: Key | None, now: float) -> Next:
        """The answer to `LookUpKey`."""
        account, claim = self._account, self._claim
        call = account.call
        assert claim is not None  # noqa: S101 - set before a key was looked for
        refused = refusal_of(claim, key, call, call.at / 1e6, call.lang)
        if refused is None or claim.signature is None:  # a forged call is not the key's
            account.key = key
        if refused is not None or key is None:
            return refused or refusals.no_key(call.lang)
        if call.refusal is not None:
            return call.refusal
        try:
            peek = account.peek = call.peek()
        except Refused as problem:
            return problem.failure
        return self._plan(peek.model, key, now)

    def _plan(self, model: str, key: Key, now: float) -> Next:
        call, peek = self._account.call, self._account.peek
        assert peek is not None  # noqa: S101 - read before
        operation, own = call.capability, call.client_dialect
        case = Case(model, operation, upstream_dialects(operation, own), key, self, call.lang)
        found = plan(self.names, case, self._health.standings(now), self._chance)
        return found if isinstance(found, Failure) else self._planned(found, key, now)

    def _planned(self, found: Plan, key: Key, now: float) -> Next:
        account = self._account
        call, peek = account.call, account.peek
        assert peek is not None  # noqa: S101 - read before
        if call.recalled is not None and call.recalled.wish.recalls and len(found.steps) > 1:
            found = _nearest_to_its_past(found, call.recalled, call.dialect.name)
        self.plan = found
        self.preparation = self.preparation or Preparation(call, peek)
        self.preparation.connect = found.timeouts.connect
        account.route, account.names = found.route, found.names
        bound = self.names.limits.of(key.organisation, key.project, key.id, key.user)
        return Reserve(self._wanted(found, key)) if bound else None

    # What routing may look into

    def _facts(self) -> CallFacts:
        if self._read is None:
            call, peek = self._account.call, self._account.peek
            assert peek is not None  # noqa: S101 - a call that could not be read has no plan
            self.preparation = self.preparation or Preparation(call, peek)
            self._read = CallFacts(call.headers, len(call.body), self.preparation.readable)
        return self._read

    def facts(self) -> Facts:
        """What the request says, decoded."""
        return self._facts().facts()

    def modest(self, room: float, signs: tuple[bytes, ...]) -> bool:
        """Whether a glance tells that the call is as short and as plain as that."""
        call = self._account.call
        return call.recalled is None and modest(call.client_dialect, call.body, room, signs)

    def session(self, header: str) -> str:
        """What the caller names his session."""
        return self._facts().session(header)

    # Limits

    def _wanted(self, found: Plan, key: Key) -> Wanted:
        """At most what every step may come to; where more than one may have to be paid, all of them together."""
        call, most = self._account.call, self.names.bounds
        # What the call goes on is read again, at hosts that have it too.
        body = call.body if call.recalled is None else call.recalled.body_for(None)[0]
        asked = asking(
            call.capability if call.operation != "count_tokens" else "count_tokens", call.client_dialect, body
        )
        if len(found.steps) == 1 and found.steps[0].check is None:
            step = found.steps[0]
            return wanted_of(key, asked, most, (step.candidate.offering,), found.names + step.names)
        checked = [step for step in found.steps if step.check is not None]
        names = {name: None for step in found.steps for name in step.names} | dict.fromkeys(found.names)
        offerings = [step.candidate.offering for step in found.steps]
        several = bool(checked) or found.hedge_after is not None
        wanted = wanted_of(key, asked, most, offerings, names, all_of_them=several)
        for step in checked:
            for offering, times, question in _besides(step, asked.output):
                ask = asked
                if question:
                    ask = msgspec.structs.replace(
                        asked, output=1024, choices=1, bytes=asked.bytes * 2 + question
                    )
                more = wanted_of(key, ask, most, [offering], names)
                wanted = _sum(wanted, more, times)
        return wanted

    def reserved(self, answer: Hold | Denied, now: float) -> Next:
        """The answer to `Reserve`."""
        self.standings = answer.standings
        account = self._account
        if isinstance(answer, Hold):
            account.hold = answer
            return None
        limit, key = answer.limit, account.key
        assert key is not None  # noqa: S101 - it is bound by the limit
        if limit.on_hit == "downgrade" and limit.route and not self._instead and not account.purpose:
            self._instead = limit.route
            found = self._plan(limit.route, key, now)
            if not isinstance(found, Failure):
                return found
        self.plan = None
        return refusal(account.call.lang, answer, self.names.directory)

    def anew(self, left: list[int]) -> Reserve | None:
        """What to hold for the steps `left` of the plan, where a part of what was held is taken."""
        account, found = self._account, self.plan
        if found is None or account.key is None or not account.cost_something:
            return None
        rest = msgspec.structs.replace(found, steps=tuple([found.steps[at] for at in left]))
        return Reserve(self._wanted(rest, account.key))

    def held_anew(self, answer: Hold | Denied) -> Failure | None:
        """The answer to that; why there is no more, if so."""
        self.standings = answer.standings
        if isinstance(answer, Denied):
            return refusal(self._account.call.lang, answer, self.names.directory)
        self._account.hold = answer
        return None


def _besides(step: Step, output: int | None) -> list[tuple[Offering, int, int]]:
    """Who else may have to be paid for a step, how often, and bytes of what he is asked besides the request."""
    check = step.check
    if check is None:
        return []
    if check.kind == "agreement":
        others = step.judges or (step.candidate,)
        return [(other.offering, max(0, check.samples - 1), 0) for other in others]
    if check.kind != "judge":
        return []
    said = step.candidate.offering.max_output or step.candidate.offering.context or 100_000
    said = said if output is None else min(said, output)
    return [(judge.offering, 1, _TASK + said * _JUDGED) for judge in step.judges]


def _sum(wanted: Wanted, more: Wanted, times: int) -> Wanted:
    unknown = wanted.money is None or more.money is None
    return msgspec.structs.replace(
        wanted,
        offerings=(*wanted.offerings, *(name for name in more.offerings if name not in wanted.offerings)),
        tokens=wanted.tokens + more.tokens * times,
        money=None if unknown else (wanted.money or 0) + (more.money or 0) * times,
    )


def _nearest_to_its_past(found: Plan, recalled: Recalled, own: str) -> Plan:
    """What a call goes on is best gone on where it is kept, or where its sealed thinking can be read; whoever else
    answers loses that, and it is declared."""
    if any(step.check is not None for step in found.steps):
        return found
    at_home: dict[str, tuple[bool, int]] = {}
    for step in found.steps:
        host = step.candidate.host.name
        if step.candidate.dialect == own and host not in at_home:
            body, losses = recalled.body_for(host)
            at_home[host] = (body is not recalled.body, len(losses))
    abroad = (True, max((count for _, count in at_home.values()), default=0))

    def distance(step: Step) -> tuple[bool, int]:
        return at_home.get(step.candidate.host.name, abroad) if step.candidate.dialect == own else abroad

    return msgspec.structs.replace(found, steps=tuple(sorted(found.steps, key=distance)))


@cache
def upstream_dialects(operation: str, own: str) -> tuple[str, ...]:
    """The dialects in which a caller who speaks `own` can be served, his own first."""
    if own in RELAYED:
        return (own,)
    return (own, *(name for name in WHOLE.get(operation, CHAT) if name != own))
