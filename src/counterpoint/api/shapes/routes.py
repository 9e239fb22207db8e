"""Routes, the conditions that they set, and what projects may send where."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from counterpoint.api.shapes.common import Shape, instant
from counterpoint.directory.losspolicy import written

if TYPE_CHECKING:  # the command line shows help without loading a database library
    from counterpoint.control.projects import ProjectView
    from counterpoint.directory.routes import Check, Constraints, Target
    from counterpoint.storage.routes import RouteRow

Policy = Literal["priority", "weighted", "cheapest", "fastest", "sticky", "cascade", "canary"]
_MICRO = 1_000_000


@dataclass(frozen=True)
class CheckShape(Shape):
    """When the answer of a cascade's step is accepted."""

    kind: Literal["schema", "confidence", "agreement", "judge"]
    least: float
    """From 0 to 1: the mean probability, the share that agrees, the judge's score."""
    samples: int
    judge: str
    schema: str
    """A JSON schema as a text, where requests have none of their own."""


@dataclass(frozen=True)
class TargetShape(Shape):
    """One entry of a route."""

    model: str
    weight: int
    check: CheckShape | None


@dataclass(frozen=True)
class ConstraintsShape(Shape):
    """What an offering must satisfy; empty: anything. What is not known of an offering counts as not satisfied."""

    capabilities: list[str]
    context: int | None
    max_input_price: str | None
    """In the organisation's currency per million tokens, decimal text."""
    max_output_price: str | None
    residency: list[str]
    jurisdictions: list[str]
    licences: list[str]
    open_weights: bool
    makers: list[str]
    hosts: list[str]
    not_makers: list[str]
    not_hosts: list[str]
    losses: str | None
    """A policy on losses, as rules have them."""


@dataclass(frozen=True)
class RetryingShape(Shape):
    """How often one offering is asked, and what is waited between: seconds."""

    attempts: int
    base: float
    most: float
    longest_wait: float
    budget: float
    """Retries for each call of a worker, lately, at most."""


@dataclass(frozen=True)
class TimeoutsShape(Shape):
    """Seconds; null: the host's own."""

    connect: float | None
    first_event: float | None
    idle: float | None
    total: float | None
    """Of the whole exchange, all its attempts together."""


@dataclass(frozen=True)
class RouteShape(Shape):
    """A route."""

    name: str
    policy: Policy
    targets: list[TargetShape]
    fallbacks: list[str]
    constraints: ConstraintsShape
    sticky_by: Literal["session", "prefix"]
    session_header: str
    retrying: RetryingShape
    timeouts: TimeoutsShape
    hedge_after: float | None
    shadows: list[str]
    shadow_share: int
    """Per mille of the calls."""
    owner: Literal["studio", "file"]
    """Who declares it. Only those of the studio can be changed here."""
    created_at: datetime
    updated_at: datetime
    revision: int
    """Counts changes; also the ETag."""


@dataclass(frozen=True)
class ProjectShape(Shape):
    """A project, and what it may send where."""

    id: str
    name: str
    data_class: str
    """Of what it sends; empty: none was named."""
    constraints: ConstraintsShape
    """For every call of its keys, whatever the route says."""
    owner: Literal["studio", "file"]
    created_at: datetime
    revision: int
    """Counts changes; also the ETag."""


def route_shape(row: "RouteRow") -> RouteShape:
    """One route."""
    route = row.route
    again, times = route.retrying, route.timeouts
    return RouteShape(
        name=route.name,
        policy=route.policy,
        targets=[_target(each) for each in route.targets],
        fallbacks=list(route.fallbacks),
        constraints=constraints_shape(route.constraints),
        sticky_by=route.sticky_by,
        session_header=route.session_header,
        retrying=RetryingShape(again.attempts, again.base, again.most, again.longest_wait, again.budget),
        timeouts=TimeoutsShape(times.connect, times.first_event, times.idle, times.total),
        hedge_after=route.hedge_after,
        shadows=list(route.shadows),
        shadow_share=route.shadow_share,
        owner="file" if row.owner == "file" else "studio",
        created_at=instant(row.created_at),
        updated_at=instant(row.updated_at),
        revision=row.revision,
    )


def _target(target: "Target") -> TargetShape:
    return TargetShape(target.model, target.weight, None if target.check is None else _check(target.check))


def _check(check: "Check") -> CheckShape:
    return CheckShape(check.kind, check.least, check.samples, check.judge, check.schema_)


def constraints_shape(constraints: "Constraints") -> ConstraintsShape:
    """Of a route or a project."""
    return ConstraintsShape(
        capabilities=sorted(constraints.capabilities),
        context=constraints.context,
        max_input_price=_units(constraints.max_input_price),
        max_output_price=_units(constraints.max_output_price),
        residency=list(constraints.residency),
        jurisdictions=list(constraints.jurisdictions),
        licences=list(constraints.licences),
        open_weights=constraints.open_weights,
        makers=list(constraints.makers),
        hosts=list(constraints.hosts),
        not_makers=list(constraints.not_makers),
        not_hosts=list(constraints.not_hosts),
        losses=None if constraints.losses is None else written(constraints.losses),
    )


def _units(micros: int | None) -> str | None:
    if micros is None:
        return None
    text = f"{Decimal(micros) / _MICRO:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def project_shape(view: "ProjectView") -> ProjectShape:
    """One project."""
    return ProjectShape(
        id=view.id,
        name=view.name,
        data_class=view.data_class,
        constraints=constraints_shape(view.constraints),
        owner="file" if view.owner == "file" else "studio",
        created_at=instant(view.created_at),
        revision=view.revision,
    )
