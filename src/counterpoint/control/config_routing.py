"""What the configuration file says of routes and of projects, as the services take it; and what is wrong with it."""

from collections.abc import Iterator

import msgspec

from counterpoint.control.config import (
    Configuration,
    ConstraintsSection,
    ProjectSection,
    RouteSection,
    TargetSection,
)
from counterpoint.control.names import check_name
from counterpoint.control.pricing import ceiling_of
from counterpoint.control.projects import NewProject, check_class
from counterpoint.control.routecheck import constraint_faults, route_faults, together
from counterpoint.control.rules import check_policy
from counterpoint.control.schema import Fault
from counterpoint.control.schema import Path as KeyPath
from counterpoint.directory.losspolicy import parse
from counterpoint.directory.routes import Constraints, Route, Target
from counterpoint.i18n.complaint import Complaint


def routes_from(configuration: Configuration) -> list[Route]:
    """All of them. Raises `Complaint`."""
    return [_route(section) for section in configuration.routes]


def projects_from(configuration: Configuration) -> list[NewProject]:
    """Those of which the file says what they may send where. Raises `Complaint`."""
    return [
        NewProject(section.name, section.data_class, constraints_from(section.constraints))
        for section in configuration.projects
    ]


def faults(configuration: Configuration) -> Iterator[Fault]:
    """What is wrong, at its place."""
    routes: dict[str, Route] = {}
    places: dict[str, KeyPath] = {}
    for index, section in enumerate(configuration.routes):
        place: KeyPath = ("routes", index)
        if section.name in routes:
            yield Fault((*place, "name"), "control.config.twice", {"name": section.name})
        unreadable = list(_unreadable(section.constraints))
        yield from (_at((*place, "constraints"), fault) for fault in unreadable)
        if unreadable:
            continue
        route = _route(section)
        yield from (_at(place, fault) for fault in route_faults(route))
        routes[route.name], places[route.name] = route, place
    for fault in together(routes, list(configuration.rules.aliases.items())):
        yield _at(places[str(fault.path[0])], msgspec.structs.replace(fault, path=fault.path[1:]))
    seen: set[str] = set()
    for index, project in enumerate(configuration.projects):
        place = ("projects", index)
        if project.name in seen:
            yield Fault((*place, "name"), "control.config.twice", {"name": project.name})
        seen.add(project.name)
        yield from (_at(place, fault) for fault in _project(project))


def _project(section: ProjectSection) -> Iterator[Fault]:
    for name, check, value in (
        ("name", check_name, section.name),
        ("data_class", check_class, section.data_class),
    ):
        try:
            check(value)
        except Complaint as complaint:
            yield Fault((name,), complaint.sentence, complaint.values)
    unreadable = list(_unreadable(section.constraints))
    found = unreadable or constraint_faults(constraints_from(section.constraints))
    yield from (_at(("constraints",), fault) for fault in found)


def _unreadable(section: ConstraintsSection) -> Iterator[Fault]:
    for name in ("max_input_price", "max_output_price"):
        try:
            ceiling_of(getattr(section, name))
        except Complaint as complaint:
            yield Fault((name,), complaint.sentence, complaint.values)
    if section.losses is not None:
        try:
            check_policy(section.losses)
        except Complaint as complaint:
            yield Fault(("losses",), complaint.sentence, complaint.values)


def _at(place: KeyPath, fault: Fault) -> Fault:
    return msgspec.structs.replace(fault, path=(*place, *fault.path))


def _route(section: RouteSection) -> Route:
    return Route(
        name=section.name,
        policy=section.policy,
        targets=tuple(_target(each) for each in section.targets),
        fallbacks=section.fallbacks,
        constraints=constraints_from(section.constraints),
        sticky_by=section.sticky_by,
        session_header=section.session_header.lower(),
        retrying=section.retrying,
        timeouts=section.timeouts,
        hedge_after=section.hedge_after,
        shadows=section.shadows,
        shadow_share=section.shadow_share,
    )


def _target(section: TargetSection | str) -> Target:
    if isinstance(section, str):
        return Target(section)
    return Target(section.model, section.weight, section.check)


def constraints_from(section: ConstraintsSection) -> Constraints:
    """As the directory has them. Raises `Complaint`."""
    plain = {
        field.name: getattr(section, field.name)
        for field in msgspec.structs.fields(Constraints)
        if field.name not in ("capabilities", "losses", "max_input_price", "max_output_price")
    }
    return Constraints(
        capabilities=frozenset(section.capabilities),
        max_input_price=ceiling_of(section.max_input_price),
        max_output_price=ceiling_of(section.max_output_price),
        losses=None if section.losses is None else parse(section.losses),
        **plain,
    )
