"""What a route must satisfy that its type does not say, each fault with the path of the field that is wrong: the same
rules for the configuration file, the admin API and the studio's form."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from counterpoint.canonical.globs import fits
from counterpoint.catalog.values import CAPABILITIES
from counterpoint.control.known import Known
from counterpoint.control.names import check_patterns, check_places
from counterpoint.control.schema import Fault, nearest
from counterpoint.control.schema import Path as KeyPath
from counterpoint.directory.routes import Check, Constraints, Route, Target
from counterpoint.i18n.complaint import Complaint

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._:-]{0,98}[A-Za-z0-9])?")
_HEADER = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]{1,100}")
_ALL = 1000
_MOST_ATTEMPTS = 10
_SAMPLES = (2, 9)
_UNCHECKED = ("cheapest", "fastest", "sticky")
"""Policies that sort offerings, whatever targets they come from: a cascade's checks would be lost in them."""


def route_faults(route: Route, known: Known | None = None) -> Iterator[Fault]:
    """By itself. `known`: `None`: whom its conditions exclude is not judged."""
    if not _NAME.fullmatch(route.name):
        yield _fault(("name",), "unusable_name", name=route.name[:100])
    yield from _targets(route)
    for field in ("fallbacks", "shadows"):
        for index, name in enumerate(getattr(route, field)):
            yield from _model((field, index), name)
    if not _HEADER.fullmatch(route.session_header):
        yield _fault(("session_header",), "not_a_header", name=route.session_header[:100])
    if not 0 <= route.shadow_share <= _ALL:
        yield _fault(("shadow_share",), "not_a_share", most=_ALL)
    yield from _times(route)
    for fault in constraint_faults(route.constraints, known):
        yield msgspec.structs.replace(fault, path=("constraints", *fault.path))


def _targets(route: Route) -> Iterator[Fault]:
    if not route.targets:
        yield _fault(("targets",), "no_targets")
    seen: set[str] = set()
    for index, target in enumerate(route.targets):
        place: KeyPath = ("targets", index)
        yield from _model((*place, "model"), target.model)
        if target.model in seen:
            yield _fault((*place, "model"), "twice", name=target.model)
        seen.add(target.model)
        if target.weight < 0:
            yield _fault((*place, "weight"), "negative")
        yield from _checked(route, place, target, last=index == len(route.targets) - 1)
    if route.policy == "weighted" and route.targets and not any(item.weight > 0 for item in route.targets):
        yield _fault(("targets",), "no_weight")
    if route.policy == "canary":
        if len(route.targets) not in (0, 2):
            yield _fault(("targets",), "canary_of_two")
        elif route.targets and route.targets[1].weight > _ALL:
            yield _fault(("targets", 1, "weight"), "not_a_share", most=_ALL)


def _checked(route: Route, place: KeyPath, target: Target, *, last: bool) -> Iterator[Fault]:
    check = target.check
    if route.policy != "cascade":
        if check is not None:
            yield _fault((*place, "check"), "check_elsewhere")
        return
    if check is None:
        if not last:
            yield _fault(place, "no_check", name=target.model)
        return
    if last and not route.fallbacks:
        yield _fault((*place, "check"), "check_on_last")
    yield from _check((*place, "check"), check)


def _check(place: KeyPath, check: Check) -> Iterator[Fault]:
    if not 0 <= check.least <= 1:
        yield _fault((*place, "least"), "not_a_part")
    if check.kind == "agreement" and not _SAMPLES[0] <= check.samples <= _SAMPLES[1]:
        yield _fault((*place, "samples"), "samples", least=_SAMPLES[0], most=_SAMPLES[1])
    if check.kind == "judge" and not check.judge:
        yield _fault(place, "no_judge")
    if check.judge:
        yield from _model((*place, "judge"), check.judge)
    if check.schema_:
        try:
            found = msgspec.json.decode(check.schema_.encode())
        except msgspec.DecodeError:
            found = None
        if not isinstance(found, dict):
            yield _fault((*place, "schema"), "not_a_schema")


def _times(route: Route) -> Iterator[Fault]:
    again = route.retrying
    if not 1 <= again.attempts <= _MOST_ATTEMPTS:
        yield _fault(("retrying", "attempts"), "attempts", most=_MOST_ATTEMPTS)
    for name in ("base", "most", "longest_wait"):
        if not 0 <= getattr(again, name) <= _DAY:
            yield _fault(("retrying", name), "not_seconds")
    if again.most < again.base:
        yield _fault(("retrying", "most"), "most_below_base")
    if not 0 <= again.budget <= 1:
        yield _fault(("retrying", "budget"), "not_a_part")
    for name, seconds in msgspec.structs.asdict(route.timeouts).items():
        if seconds is not None and not 0 < seconds <= _DAY:
            yield _fault(("timeouts", name), "not_seconds")
    if route.hedge_after is not None and not 0 < route.hedge_after <= _DAY:
        yield _fault(("hedge_after",), "not_seconds")


_DAY = 86_400


def constraint_faults(wanted: Constraints, known: Known | None = None) -> Iterator[Fault]:
    """Of a route or a project. `known`: `None`: whom they exclude is not judged."""
    for capability in sorted(wanted.capabilities - set(CAPABILITIES)):
        hint = nearest(capability, list(CAPABILITIES))
        yield _fault(("capabilities",), "unknown_capability", hint, name=capability[:100])
    if wanted.context is not None and wanted.context <= 0:
        yield _fault(("context",), "negative")
    for name in ("max_input_price", "max_output_price"):
        ceiling = getattr(wanted, name)
        if ceiling is not None and ceiling < 0:
            yield _fault((name,), "negative")
    for name in ("residency", "jurisdictions"):
        yield from _tried((name,), check_places, getattr(wanted, name))
    for name in ("licences", "makers", "hosts", "not_makers", "not_hosts"):
        yield from _tried((name,), check_patterns, getattr(wanted, name))
    for name in ("makers", "hosts"):
        excluded = getattr(wanted, f"not_{name}")
        both = [each for each in getattr(wanted, name) if fits(each, excluded)]
        if both:
            yield _fault((f"not_{name}",), "wanted_and_not", name=min(both))
        if known is not None:
            yield from _excluding_nobody(name, excluded, getattr(known, name))


def _excluding_nobody(kind: str, excluded: Sequence[str], known: Collection[str]) -> Iterator[Fault]:
    """A misspelt exclusion would let through what it is there to keep out. A misspelt demand lets nothing through, so
    it shows by itself."""
    for index, pattern in enumerate(excluded):
        if not any(fits(name, (pattern,)) for name in known):
            hint = nearest(pattern.casefold(), sorted(known))
            told = (
                f"control.routes.excluding_nobody.{kind}_but"
                if hint
                else f"control.routes.excluding_nobody.{kind}"
            )
            values = {"name": pattern[:100], "nearest": hint or ""}
            yield Fault((f"not_{kind}", index), told, values)


def together(routes: Mapping[str, Route], aliases: Sequence[tuple[str, str]]) -> Iterator[Fault]:
    """Among all routes: that none leads back to itself, and that no check is lost. The first part of a fault's path
    is the route's name."""
    for name, route in routes.items():
        led = _circle(name, routes, aliases)
        if led:
            yield Fault((name, "targets"), "control.routes.circle", {"names": " → ".join(led)})
        if route.policy not in _UNCHECKED:
            continue
        for index, target in enumerate(route.targets):
            inner = routes.get(_led(target.model, routes, aliases))
            if inner is not None and inner is not route and inner.policy == "cascade":
                values = {"name": inner.name, "policy": route.policy}
                yield Fault((name, "targets", index), "control.routes.cascade_inside", values)


def _circle(start: str, routes: Mapping[str, Route], aliases: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The names of the way from `start` back to it, if there is one. A route that has its own name as a target means
    the models of that name."""
    waiting: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while waiting:
        way = waiting.pop()
        route = routes[way[-1]]
        for name in (*(target.model for target in route.targets), *route.fallbacks, *route.shadows):
            if name == route.name:
                continue
            led = _led(name, routes, aliases)
            if led == start:
                return (*way, led)
            if led in routes and led not in seen:
                seen.add(led)
                waiting.append((*way, led))
    return ()


def _led(name: str, routes: Mapping[str, Route], aliases: Sequence[tuple[str, str]]) -> str:
    """Where aliases lead. One whose name is a model's, too, does not count then; which models there are is not known
    here, so a circle through it is refused all the same."""
    seen = {name}
    while name not in routes:
        target = next((target for pattern, target in aliases if fits(name, (pattern,))), None)
        if target is None or target in seen:
            return name
        seen.add(target)
        name = target
    return name


def first_fault(
    route: Route,
    routes: Mapping[str, Route],
    aliases: Sequence[tuple[str, str]],
    known: Known | None = None,
) -> Fault | None:
    """By itself, then among all. Of routes that were there before only what this one brings about is told."""
    found = next(route_faults(route, known), None)
    if found is not None:
        return found
    others = {name: item for name, item in routes.items() if name != route.name}
    before = {(fault.path, fault.sentence) for fault in together(others, aliases)}
    return next(
        (item for item in together(routes, aliases) if (item.path, item.sentence) not in before), None
    )


def _model(place: KeyPath, name: str) -> Iterator[Fault]:
    yield from _tried(place, check_patterns, (name,))
    if any(sign in name for sign in "*?["):
        yield _fault(place, "pattern", name=name[:100])


def _tried(place: KeyPath, check: Any, value: object) -> Iterator[Fault]:
    try:
        check(value)
    except Complaint as complaint:
        yield Fault(place, complaint.sentence, complaint.values)


def _fault(path: KeyPath, sentence: str, hint: str | None = None, **values: Any) -> Fault:
    return Fault(path, f"control.routes.{sentence}", values, hint)


class Faulty(Complaint):
    """A fault, as a person is told it who sent one route or one project: with its place."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.sentence, **fault.values)
        self.path = fault.path
        self.place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in fault.path)[1:]
