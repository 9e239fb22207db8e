"""From a name to everything that may answer to it, before the call itself is looked at: routes, aliases and models are
followed, and what the key, the project and the routes' conditions rule out for every call is dropped, with its reason.
It depends on the directory alone, so it is worked out once.
"""

import math
from collections.abc import Iterator

import msgspec

from counterpoint.directory import Key
from counterpoint.directory.losspolicy import LossPolicy
from counterpoint.directory.routes import Check, Constraints, Route, Target
from counterpoint.gateway.names import Candidate, Considered, Names, Resolution, allowed
from counterpoint.gateway.routing.constraints import NEEDS, forbidden_data, objection, tiered
from counterpoint.gateway.routing.facts import SIGNS

_ANYTHING = Constraints()
_DEEPEST = 8
"""Routes in routes in routes: nobody could follow more."""


class Option(msgspec.Struct, frozen=True):
    """A candidate, and how it was come to: `names`; the conditions that hold for it; what they say of losses."""

    candidate: Candidate
    names: tuple[str, ...]
    bounds: tuple[Constraints, ...] = ()
    losses: tuple[LossPolicy, ...] = ()


class Node(msgspec.Struct, frozen=True):
    """What a name comes to: `options` of a model, best first, or a `route` with its branches."""

    name: str
    options: tuple[Option, ...] = ()
    route: Route | None = None
    branches: tuple["Branch", ...] = ()
    fallbacks: tuple["Node", ...] = ()
    shadows: tuple["Node", ...] = ()

    def all_options(self) -> Iterator[Option]:
        """Of the whole tree, in its order; shadows are not part of it."""
        yield from self.options
        for branch in self.branches:
            yield from branch.node.all_options()
        for node in self.fallbacks:
            yield from node.all_options()

    def all_judges(self) -> Iterator[Option]:
        """Who may be asked by checks in the whole tree."""
        for branch in self.branches:
            yield from branch.judges
            yield from branch.node.all_judges()
        for node in self.fallbacks:
            yield from node.all_judges()

    def routes(self) -> Iterator[Route]:
        """Of the whole tree."""
        if self.route is not None:
            yield self.route
        for node in (*(branch.node for branch in self.branches), *self.fallbacks):
            yield from node.routes()


class Branch(msgspec.Struct, frozen=True):
    """A route's target. `judges`: who may be asked by its check."""

    node: Node
    target: Target
    judges: tuple[Option, ...] = ()

    @property
    def check(self) -> Check | None:
        """When its answer is accepted."""
        return self.target.check


class Ground(msgspec.Struct, frozen=True):
    """`steps`: the names that led to the root. `considered`: everything, once. `curious`: whether the call itself
    can make a difference to what is kept; not where all of it has `room` and none of `signs` is in it. `known`: whether
    the name means anything at all."""

    root: Node
    steps: tuple[str, ...]
    considered: tuple[Considered, ...]
    curious: bool
    known: bool
    room: float = math.inf
    signs: tuple[bytes, ...] = ()


def ground(names: Names, requested: str, operation: str, dialects: tuple[str, ...], key: Key) -> Ground:
    """Where a call of `key` for `requested` may go."""
    return _Survey(names, operation, dialects, key).made(requested)


class _Survey:
    def __init__(self, names: Names, operation: str, dialects: tuple[str, ...], key: Key) -> None:
        self._names = names
        self._operation = operation
        self._dialects = dialects
        self._key = key
        project = names.project_of(key)
        assert project is not None  # noqa: S101 - a key of an unknown project may call nothing
        self._project = project
        self._considered: dict[str, Considered] = {}

    def made(self, requested: str) -> Ground:
        own = self._project.constraints
        bounds = () if own == _ANYTHING else (own,)
        root = self._expand(requested, (), bounds)
        if root.route is not None and root.route.shadows:
            inner = _with(bounds, root.route.constraints)
            shadows = tuple(self._shadow(name, root.route, inner) for name in root.route.shadows)
            root = msgspec.structs.replace(root, shadows=shadows)
        options = [*root.all_options()]
        copied = [item for node in root.shadows for item in node.all_options()]
        judges: list[Option] = [*root.all_judges()]
        everyone: list[Option] = [*options, *copied]
        steps = tuple(dict.fromkeys((requested, *(name for item in options for name in item.names))))
        return Ground(
            root=root,
            steps=steps,
            considered=tuple(self._considered.values()),
            curious=_curious(options, [*copied, *judges], routed=root.route is not None),
            known=bool(self._considered) or root.route is not None,
            room=min(map(_room, [*everyone, *judges]), default=math.inf),
            signs=_signs(everyone),
        )

    def _shadow(self, name: str, route: Route, bounds: tuple[Constraints, ...]) -> Node:
        """It gets a copy of what may be asked of it; its answers are nobody's."""
        apart = _Survey(self._names, self._operation, self._dialects, self._key)
        node = apart._expand(name, (route.name,), bounds)
        for offering, verdict in apart._considered.items():
            copied = Considered(offering, True, "gateway.explain.shadow") if verdict.kept else verdict
            self._considered.setdefault(offering, copied)
        return node

    def _expand(self, name: str, path: tuple[str, ...], bounds: tuple[Constraints, ...]) -> Node:
        """`path`: the names that led here. A route that names itself means the models of that name."""
        route = self._names.routes.get(name)
        if route is not None and (not path or path[-1] != name):
            return self._route(route, path, bounds)
        found = self._names.resolve(name, self._operation, self._dialects)
        led = (*path, *(step for step in found.steps if not path or step != path[-1]))
        if found.route:
            return self._route(self._names.routes[found.route], led[:-1], bounds)
        if not found.considered and path:
            self._note(Considered(name, False, "gateway.explain.unknown_name"))
        return Node(name, self._options(found, led, bounds))

    def _route(self, route: Route, path: tuple[str, ...], bounds: tuple[Constraints, ...]) -> Node:
        if route.name in path or len(path) > _DEEPEST:
            self._note(Considered(route.name, False, "gateway.explain.cycle"))
            return Node(route.name)
        inner, here = _with(bounds, route.constraints), (*path, route.name)
        branches = [self._branch(target, here, inner) for target in route.targets]
        return Node(
            name=route.name,
            route=route,
            branches=tuple(branch for branch in branches if branch is not None),
            fallbacks=tuple(self._expand(name, here, inner) for name in route.fallbacks),
        )

    def _branch(
        self, target: Target, path: tuple[str, ...], bounds: tuple[Constraints, ...]
    ) -> Branch | None:
        check = target.check
        if check is None or not (check.kind == "judge" or (check.kind == "agreement" and check.judge)):
            return Branch(self._expand(target.model, path, bounds), target)
        asked = _Survey(self._names, "chat", self._dialects, self._key)
        judges = tuple(asked._expand(check.judge, path, bounds).all_options())
        if judges:
            return Branch(self._expand(target.model, path, bounds), target, judges)
        before = dict(self._considered)
        for option in self._expand(target.model, path, bounds).all_options():
            name = option.candidate.name
            if name not in before or not before[name].kept:
                values = {"judge": check.judge}
                self._considered[name] = Considered(name, False, "gateway.explain.no_judge", values)
        return None

    def _options(
        self, found: Resolution, path: tuple[str, ...], bounds: tuple[Constraints, ...]
    ) -> tuple[Option, ...]:
        kept = []
        verdicts = {item.offering: item for item in found.considered}
        losses = tuple(each.losses for each in bounds if each.losses is not None)
        for candidate in found.candidates:
            dropped = self._objection(candidate, path, bounds)
            verdict = verdicts.pop(candidate.name)
            if dropped is None:
                kept.append(Option(candidate, path, bounds, losses))
            self._note(dropped or verdict)
        for verdict in verdicts.values():
            self._note(verdict)
        return tuple(kept)

    def _objection(
        self, candidate: Candidate, path: tuple[str, ...], bounds: tuple[Constraints, ...]
    ) -> Considered | None:
        offering = candidate.offering
        if self._key.models and not allowed(self._key, path, offering):
            return Considered(candidate.name, False, "gateway.explain.not_allowed")
        found = forbidden_data(offering, self._project.data_class)
        for each in bounds:
            found = found or objection(offering, each, self._names.directory, self._operation)
        if found is None:
            return None
        return Considered(candidate.name, False, f"gateway.explain.{found[0]}", found[1])

    def _note(self, verdict: Considered) -> None:
        """Once for each: kept by one of its ways is kept."""
        known = self._considered.get(verdict.offering)
        if known is None or (verdict.kept and not known.kept):
            self._considered[verdict.offering] = verdict


def _with(bounds: tuple[Constraints, ...], more: Constraints) -> tuple[Constraints, ...]:
    return bounds if more == _ANYTHING or more in bounds else (*bounds, more)


def _curious(options: list[Option], besides: list[Option], *, routed: bool) -> bool:
    """Whether what the call is like could tell options apart, or rule out who is asked `besides`. Where all have the
    same bounds of their own, a call that fits none is better told so by a host, which knows exactly."""
    if any(tiered(item.candidate.offering, each) for item in [*options, *besides] for each in item.bounds):
        return True
    kinds = {(item.candidate.offering.context, _needed(item)) for item in options} if routed else ()
    return len(kinds) > 1


def _room(option: Option) -> float:
    """Tokens up to which the length of a call says nothing against an option."""
    offering = option.candidate.offering
    room = math.inf if offering.context is None else offering.context
    if offering.price is not None and any(tiered(offering, each) for each in option.bounds):
        room = min(room, *(tier.above for tier in offering.price.tiers[1:]))
    return room


def _signs(options: list[Option]) -> tuple[bytes, ...]:
    """Of what some of them are known to lack."""
    able = [item.candidate.offering.capabilities for item in options if item.candidate.offering.capabilities]
    lacking = sorted(NEEDS.difference(frozenset.intersection(*able))) if able else []
    return tuple(dict.fromkeys(sign for need in lacking for sign in SIGNS[need]))


def _needed(option: Option) -> frozenset[str] | None:
    capabilities = option.candidate.offering.capabilities
    return NEEDS & capabilities if capabilities else None
