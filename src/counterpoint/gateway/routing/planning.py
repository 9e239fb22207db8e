"""The plan of a call: the candidates of the name that it asks for, as the route, the key and the project allow, in the
order of the route's policy.

A model's name without a route has the plan that its directory gives it, looked up, not made; so has every route
whose order does not depend on the call.
"""

from typing import Any

import msgspec

from counterpoint.canonical import Failure
from counterpoint.directory import Key
from counterpoint.directory.routes import Retrying
from counterpoint.gateway import refusals
from counterpoint.gateway.names import Candidate, Considered, Names
from counterpoint.gateway.routing.constraints import misfit, too_dear
from counterpoint.gateway.routing.grounds import Ground, Option, ground
from counterpoint.gateway.routing.ordering import Sorter, Stages, Turn, settled
from counterpoint.gateway.routing.plan import NOTHING_KNOWN, Asked, Chance, Plan, Standings, Step
from counterpoint.i18n import say

_REMEMBERED = 4096
_LONGEST = 512
_ALL = 1000
_ONCE = Retrying(attempts=1)
"""Without a route each offering is asked once, and the next one then."""
_NOT_ALLOWED = "gateway.explain.not_allowed"
_TOLD = 10
"""Candidates that a refusal gives reasons for."""


class Ready(msgspec.Struct, frozen=True):
    """What is remembered of a name. `plan`: of every call that can make no difference, where there is one for all."""

    ground: Ground
    plan: Plan | None = None


class Case(msgspec.Struct, frozen=True):
    """What a call asks for, and of whom; `asked` looks into it."""

    requested: str
    operation: str
    dialects: tuple[str, ...]
    key: Key
    asked: Asked
    lang: str = "en"


def plan(names: Names, case: Case, standings: Standings, chance: Chance) -> Plan | Failure:
    """A `Failure`: nothing may answer, and why."""
    key = case.key
    if names.project_of(key) is None:
        return refusals.unknown_project(case.lang, key.name)
    wanted = (case.requested, case.operation, case.dialects, key.project, key.models)
    ready = names.ready.get(wanted)
    if ready is None:
        ready = _worked_out(names, wanted, case)
    found = ready.ground
    curious = found.curious and not case.asked.modest(found.room, found.signs)
    if ready.plan is None or curious:
        return _Making(names, found, case, standings, chance, curious=curious).plan()
    return _without(ready.plan, standings) if standings.closed_off else ready.plan


def judged(
    names: Names, case: Case, standings: Standings, chance: Chance
) -> tuple[Plan | Failure, tuple[Considered, ...]]:
    """The plan, or why there is none, with all that was considered in either case: for whoever wants to understand."""
    if names.project_of(case.key) is None:
        return refusals.unknown_project(case.lang, case.key.name), ()
    found = ground(names, case.requested, case.operation, case.dialects, case.key)
    making = _Making(names, found, case, standings, chance, curious=found.curious)
    made = making.plan()
    return made, made.considered if isinstance(made, Plan) else making.considered()


def _worked_out(names: Names, wanted: Any, case: Case) -> Ready:
    found = ground(names, case.requested, case.operation, case.dialects, case.key)
    if not found.known:  # whatever people mistype is not to be remembered
        return Ready(found)
    made = _Making(names, found, case, NOTHING_KNOWN, float, curious=False).plan() if _fixed(found) else None
    ready = Ready(found, made if isinstance(made, Plan) else None)
    if len(names.ready) >= _REMEMBERED:
        names.ready.clear()
    names.ready[wanted] = ready
    return ready


def _fixed(found: Ground) -> bool:
    """Whether every call gets the same plan, as far as it fits."""
    route = found.root.route
    always = route is None or not route.shadows or route.shadow_share >= _ALL
    return always and settled(found.root)


def _without(ready: Plan, standings: Standings) -> Plan:
    """Less what has an open breaker."""
    steps, off = opened(ready.steps, standings)
    if not off:
        return ready
    return msgspec.structs.replace(ready, steps=steps, considered=_judged(ready.considered, off))


def opened(steps: tuple[Step, ...], standings: Standings) -> tuple[tuple[Step, ...], dict[str, Considered]]:
    """The steps without those whose breaker is open, and these by name. A breaker chooses between offerings; the
    last one it does not take away."""
    closed = standings.closed_off
    left = tuple(step for step in steps if step.candidate.name not in closed)
    if not left or len(left) == len(steps):
        return steps, {}
    names = {step.candidate.name for step in steps} & closed
    return left, {name: Considered(name, False, "gateway.explain.closed_off") for name in names}


def _judged(considered: tuple[Considered, ...], over: dict[str, Considered]) -> tuple[Considered, ...]:
    return tuple(over.get(item.offering, item) for item in considered) if over else considered


class _Making:
    """`curious`: whether the call itself has to be looked at."""

    def __init__(
        self, names: Names, found: Ground, case: Case, standings: Standings, chance: Chance, *, curious: bool
    ) -> None:
        self._names = names
        self._ground = found
        self._case = case
        self._standings = standings
        self._chance = chance
        self._curious = curious
        self._misfits: dict[str, Considered] = {}

    def plan(self) -> Plan | Failure:
        """Or why there is none."""
        root = self._ground.root
        sorter = Sorter(
            self._names.directory,
            self._case.operation,
            self._case.asked,
            self._standings,
            self._chance,
            self._fits,
            self._affordable,
        )
        steps = _steps(sorter.stages(root))
        if not steps:
            return self._nothing()
        steps, off = opened(steps, self._standings)
        spoken = {step.candidate.name for step in steps} | off.keys()
        shadows = self._shadows(sorter)
        considered = _judged(self._ground.considered, self._misfits | off)
        if root.route is None:
            names = self._ground.steps
            return Plan(steps=steps, names=names, considered=considered, retrying=_ONCE)
        route = root.route
        return Plan(
            steps=steps,
            names=self._ground.steps,
            considered=_unchosen(considered, spoken | {item.name for item in shadows}),
            route=route.name,
            retrying=route.retrying,
            timeouts=route.timeouts,
            hedge_after=route.hedge_after,
            shadows=shadows,
            sticky=sorter.sticky,
        )

    def _fits(self, option: Option) -> bool:
        """Whether this very call is for it."""
        if not self._curious:
            return True
        name = option.candidate.name
        found = misfit(
            option.candidate.offering,
            self._case.asked.facts(),
            option.bounds,
            self._names.directory,
            self._case.operation,
        )
        if found is not None:
            self._misfits[name] = Considered(name, False, f"gateway.explain.{found[0]}", found[1])
        return found is None

    def _affordable(self, judge: Option) -> bool:
        """Whether it may be asked about this very call; what it must be able to read is its own question."""
        if not self._curious:
            return True
        facts, directory = self._case.asked.facts(), self._names.directory
        return too_dear(judge.candidate.offering, facts, judge.bounds, directory, "chat") is None

    def _shadows(self, sorter: Sorter) -> tuple[Candidate, ...]:
        route = self._ground.root.route
        if route is None or not self._ground.root.shadows:
            return ()
        if route.shadow_share < _ALL and self._chance() * _ALL >= route.shadow_share:
            return ()
        stages = (sorter.stages(node) for node in self._ground.root.shadows)
        return tuple(found[0][0].option.candidate for found in stages if found)

    def considered(self) -> tuple[Considered, ...]:
        """Everything, judged by this very call; for one that has no plan."""
        return _judged(self._ground.considered, self._misfits)

    def _nothing(self) -> Failure:
        case, considered = self._case, self.considered()
        lang, requested = case.lang, case.requested
        able = self._names.able(case.operation, case.dialects, case.key)
        if not self._ground.known:
            nearest = self._names.nearest(requested[:_LONGEST], case.key)
            return refusals.unknown_model(lang, requested, nearest, able)
        reasons = {item.reason for item in considered}
        if reasons and reasons <= {_NOT_ALLOWED}:
            return refusals.forbidden_model(lang, requested, case.key.name)
        if self._ground.root.route is None and len(considered) == 1:
            only = considered[0]
            why = say(only.reason, lang=lang, **only.values)
            return refusals.unusable_model(lang, requested, why, able)
        told = [
            f"{item.offering}: {say(item.reason, lang=lang, **item.values)}" for item in considered[:_TOLD]
        ]
        if len(considered) > _TOLD:
            told.append(f"+{len(considered) - _TOLD}")
        return refusals.nothing_left(lang, requested, told)


def _steps(stages: Stages) -> tuple[Step, ...]:
    """One after the other; what was there already, and would be judged the same way, is not asked again."""
    seen: set[tuple[str, bool]] = set()
    steps = []
    for stage, turns in enumerate(stages):
        for turn in turns:
            mark = (turn.option.candidate.name, turn.check is None)
            if mark not in seen:
                seen.add(mark)
                steps.append(_step(turn, stage))
    return tuple(steps)


def _step(turn: Turn, stage: int) -> Step:
    option = turn.option
    return Step(option.candidate, turn.check, turn.judges, stage, option.names, option.losses)


def _unchosen(considered: tuple[Considered, ...], spoken: set[str]) -> tuple[Considered, ...]:
    """What a policy left out of this call's plan (the other half of a canary, a weight of nought) says so."""
    if all(item.offering in spoken for item in considered if item.kept):
        return considered
    return tuple(
        Considered(item.offering, False, "gateway.explain.not_this_time")
        if item.kept and item.offering not in spoken
        else item
        for item in considered
    )
