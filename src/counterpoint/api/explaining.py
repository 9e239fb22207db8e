"""What a model's name comes to: the gateway's own plan, made without a call and put into words."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from random import Random

import msgspec

from counterpoint.api.shapes.rules import CandidateShape, ExplanationShape, FactsShape
from counterpoint.canonical import Failure
from counterpoint.dialects.registry import CHAT, REALTIME, RELAYED, WHOLE
from counterpoint.directory import Directory, Key
from counterpoint.directory.losspolicy import rule_for, written
from counterpoint.directory.routes import Project
from counterpoint.gateway.names import Candidate, Considered, Names
from counterpoint.gateway.routing.facts import Given, facts_of
from counterpoint.gateway.routing.plan import NOTHING_KNOWN, Facts, Plan, Step
from counterpoint.gateway.routing.planning import Case, judged
from counterpoint.gateway.routing.pricing import estimated
from counterpoint.i18n import say
from counterpoint.i18n.complaint import Complaint

OPERATIONS: dict[str, tuple[str, ...]] = {
    "chat": tuple(CHAT),
    **{name: tuple(dialects) for name, dialects in WHOLE.items()},
    **{dialect.doors[0].operation: (name,) for name, dialect in RELAYED.items()},
    "realtime": tuple(REALTIME),
}
"""With the dialects that can serve each."""
_TRIALS = 500
"""Plans that are made to see how calls spread where chance decides."""
_DECIMALS = Decimal("0.000001")
_CHANCY = ("weighted", "canary", "fastest", "sticky")


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """`operation`: chat, unless only another fits. `key`, `project`: by name or id, for whose calls it is asked."""

    requested: str
    operation: str | None = None
    key: str | None = None
    project: str | None = None
    facts: Facts = Facts()


def explain(directory: Directory, question: Question, *, lang: str | None = None) -> ExplanationShape:
    """Nothing is called. Raises `Complaint` for an unknown key or project."""
    return _Explaining(directory, question, lang).whole()


def read_facts(dialect: str, body: bytes) -> Facts:
    """Of a request in that dialect of chat. Raises `Refused`, `Complaint`."""
    found = CHAT.get(dialect)
    if found is None:
        raise Complaint("api.explain.no_dialect", name=dialect)
    return facts_of(found.decode_request(body), len(body))


class _Explaining:
    def __init__(self, directory: Directory, question: Question, lang: str | None) -> None:
        self._directory = directory
        self._names = Names(directory)
        self._question = question
        self._lang = lang
        self._key, self._project = _holder(directory, question.key, question.project)

    def whole(self) -> ExplanationShape:
        """All of it."""
        operation, found, considered = self._found()
        plan = found if isinstance(found, Plan) else None
        requested = self._question.requested
        route = self._route(requested, plan)
        facts = self._question.facts
        told = FactsShape(facts.tokens, facts.output, sorted(facts.needs))
        return ExplanationShape(
            requested=requested,
            operation=operation,
            steps=self._led(plan),
            candidates=self._candidates(plan, considered, operation),
            nearest=[] if considered or route else self._names.nearest(requested, self._key),
            route=route,
            policy=self._names.routes[route].policy if route else None,
            project=self._project.name,
            data_class=self._project.data_class,
            facts=told,
            currency=self._directory.currency,
            refusal=found.message if isinstance(found, Failure) else None,
        )

    def _found(self) -> tuple[str, Plan | Failure, tuple[Considered, ...]]:
        first = self._question.operation or "chat"
        found, considered = self._judged(first)
        if self._question.operation is None and not isinstance(found, Plan):
            for other in OPERATIONS:
                instead, told = self._judged(other)
                if isinstance(instead, Plan):
                    return other, instead, told
        return first, found, considered

    def _judged(self, operation: str) -> tuple[Plan | Failure, tuple[Considered, ...]]:
        return judged(self._names, self._case(operation), NOTHING_KNOWN, lambda: 0.5)

    def _case(self, operation: str) -> Case:
        question = self._question
        key = self._key or Key("", "", self._project.id, "")
        asked = Given(question.facts)
        return Case(question.requested, operation, OPERATIONS[operation], key, asked, self._lang or "en")

    def _route(self, requested: str, plan: Plan | None) -> str:
        if plan is not None:
            return plan.route
        if requested in self._names.routes:
            return requested
        return self._names.resolve(requested, "chat", OPERATIONS["chat"]).route

    def _led(self, plan: Plan | None) -> list[str]:
        """What aliases and routes led through, as long as there is but one way."""
        requested = self._question.requested
        if plan is None:
            return list(self._names.resolve(requested, "chat", OPERATIONS["chat"]).steps)
        ways = {step.names for step in plan.steps}
        return list(ways.pop()) if len(ways) == 1 else [requested]

    def _candidates(
        self, plan: Plan | None, considered: tuple[Considered, ...], operation: str
    ) -> list[CandidateShape]:
        """In the order in which they are tried, then shadows, then those that were dropped."""
        steps = {step.candidate.name: step for step in reversed(plan.steps)} if plan else {}
        shadows = {item.name: item for item in plan.shadows} if plan else {}
        order = [*dict.fromkeys(step.candidate.name for step in plan.steps), *shadows] if plan else []
        shares = self._shares(plan, operation) if plan is not None else {}
        ranked = sorted(considered, key=lambda item: _rank(order, item))
        return [
            self._candidate(item, steps.get(item.offering), shadows.get(item.offering), operation, shares)
            for item in ranked
        ]

    def _candidate(
        self,
        item: Considered,
        step: Step | None,
        shadow: Candidate | None,
        operation: str,
        shares: Mapping[str, float],
    ) -> CandidateShape:
        candidate = step.candidate if step is not None else shadow
        names = list(step.names) if step is not None else []
        return CandidateShape(
            offering=item.offering,
            chosen=item.kept and step is not None,
            reason=say(item.reason, lang=self._lang, **item.values),
            code=item.reason.rpartition(".")[2],
            losses=self._policy(item.offering, names, candidate),
            names=names,
            stage=None if step is None else step.stage,
            check=step.check.kind if step is not None and step.check is not None else None,
            price=self._price(item.offering, operation),
            share=shares.get(item.offering, 0.0) if shares else None,
            shadow=step is None and shadow is not None,
        )

    def _policy(self, offering: str, names: list[str], candidate: Candidate | None) -> str | None:
        """The rule on losses that counts for it, as its text."""
        also = [] if candidate is None else [candidate.offering.id, candidate.offering.model]
        rule = rule_for(self._directory.rules.losses, (*names, offering, *also))
        return written(rule.policy) if rule is not None else None

    def _price(self, name: str, operation: str) -> str | None:
        offering = self._names.find(name, None)
        if offering is None or operation not in ("chat", "embed", "rerank"):
            return None
        cost = estimated(offering, self._question.facts, self._directory, operation)
        if cost is None:
            return None
        text = f"{cost.quantize(_DECIMALS):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def _shares(self, plan: Plan, operation: str) -> dict[str, float]:
        """Where chance decides who is first: how often each is. As of a platform on which nothing was measured yet."""
        if not plan.route or self._names.routes[plan.route].policy not in _CHANCY:
            return {}
        chance = Random(0).random  # noqa: S311 - the same figures for the same question
        case = self._case(operation)
        first: Counter[str] = Counter()
        for _ in range(_TRIALS):
            found, _considered = judged(self._names, case, NOTHING_KNOWN, chance)
            if isinstance(found, Plan):
                first[found.steps[0].candidate.name] += 1
        return {name: count / _TRIALS for name, count in first.items()}


def _rank(order: list[str], item: Considered) -> tuple[bool, int]:
    at = order.index(item.offering) if item.offering in order else len(order)
    return not item.kept, at


def _holder(directory: Directory, key: str | None, project: str | None) -> tuple[Key | None, Project]:
    found = None if key is None else _key(directory, key)
    if project is not None:
        return found, _project(directory, project)
    if found is None:
        return None, Project("", "")
    return found, directory.projects.get(found.project) or Project(found.project, "")


def _project(directory: Directory, reference: str) -> Project:
    for project in directory.projects.values():
        if reference in (project.id, project.name):
            return project
    raise Complaint("control.projects.unknown", kind="not_found", name=reference)


def _key(directory: Directory, reference: str) -> Key:
    for key in directory.keys.values():
        if reference in (key.id, key.name):
            return key
    raise Complaint("control.keys.not_found", kind="not_found", name=reference)
