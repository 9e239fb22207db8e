"""What people send to make routes and to say what projects may send where."""

from typing import Annotated, Literal

from pydantic import Field

from counterpoint.api.routes.given import Input
from counterpoint.control.pricing import ceiling_of
from counterpoint.control.rules import check_policy
from counterpoint.directory.losspolicy import parse
from counterpoint.directory.routes import Check, Constraints, Retrying, Route, Target, Timeouts

Name = Annotated[str, Field(min_length=1, max_length=200)]
Code = Annotated[str, Field(max_length=10)]
Names = Annotated[list[Name], Field(max_length=200)]
Codes = Annotated[list[Code], Field(max_length=60)]
Price = Annotated[
    str | None, Field(max_length=30, description="Per million tokens, in the organisation's currency.")
]
Seconds = Annotated[float | None, Field(description="Null: the host's own.")]


class CheckInput(Input):
    """When the answer of a cascade's step is accepted."""

    kind: Literal["schema", "confidence", "agreement", "judge"]
    least: float = 0.5
    samples: int = 3
    judge: str = Field(default="", max_length=200)
    # `schema` is a method of every model here, of an age when it was told apart less well.
    schema_: str = Field(default="", max_length=10_000, alias="schema")

    def check(self) -> Check:
        """As the directory has it."""
        return Check(self.kind, self.least, self.samples, self.judge, self.schema_)


class TargetInput(Input):
    """One entry of a route."""

    model: Name
    weight: int = 1
    check: CheckInput | None = None

    def target(self) -> Target:
        """As the directory has it."""
        return Target(self.model, self.weight, None if self.check is None else self.check.check())


class ConstraintsInput(Input):
    """What an offering must satisfy; what is not known of one counts as not satisfied."""

    capabilities: Names = Field(default_factory=list)
    context: int | None = None
    max_input_price: Price = None
    max_output_price: Price = None
    residency: Codes = Field(default_factory=list)
    jurisdictions: Codes = Field(default_factory=list)
    licences: Names = Field(default_factory=list)
    open_weights: bool = False
    makers: Names = Field(default_factory=list)
    hosts: Names = Field(default_factory=list)
    not_makers: Names = Field(default_factory=list)
    not_hosts: Names = Field(default_factory=list)
    losses: str | None = Field(default=None, max_length=200, examples=["refuse; severity=meaning"])

    def constraints(self) -> Constraints:
        """As the directory has them. Raises `Complaint`."""
        if self.losses:
            check_policy(self.losses)
        return Constraints(
            capabilities=frozenset(self.capabilities),
            context=self.context,
            max_input_price=ceiling_of(_said(self.max_input_price)),
            max_output_price=ceiling_of(_said(self.max_output_price)),
            residency=tuple(self.residency),
            jurisdictions=tuple(self.jurisdictions),
            licences=tuple(self.licences),
            open_weights=self.open_weights,
            makers=tuple(self.makers),
            hosts=tuple(self.hosts),
            not_makers=tuple(self.not_makers),
            not_hosts=tuple(self.not_hosts),
            losses=parse(self.losses) if self.losses else None,
        )


class RetryingInput(Input):
    """How often one offering is asked, and what is waited between."""

    attempts: int = 2
    base: float = 0.25
    most: float = 4.0
    longest_wait: float = 10.0
    budget: float = 0.2


class TimeoutsInput(Input):
    """Seconds."""

    connect: Seconds = None
    first_event: Seconds = None
    idle: Seconds = None
    total: Seconds = None


class RouteInput(Input):
    """A route to be."""

    name: str = Field(max_length=100, description="By which it is called.")
    policy: Literal["priority", "weighted", "cheapest", "fastest", "sticky", "cascade", "canary"] = "priority"
    targets: list[TargetInput] = Field(max_length=100)
    fallbacks: Names = Field(default_factory=list)
    constraints: ConstraintsInput = ConstraintsInput()
    sticky_by: Literal["session", "prefix"] = "session"
    session_header: str = Field(default="x-counterpoint-session", max_length=100)
    retrying: RetryingInput = RetryingInput()
    timeouts: TimeoutsInput = TimeoutsInput()
    hedge_after: float | None = None
    shadows: Names = Field(default_factory=list)
    shadow_share: int = 1000

    def route(self) -> Route:
        """As the directory has it. Raises `Complaint`."""
        return Route(
            name=self.name,
            policy=self.policy,
            targets=tuple(each.target() for each in self.targets),
            fallbacks=tuple(self.fallbacks),
            constraints=self.constraints.constraints(),
            sticky_by=self.sticky_by,
            session_header=self.session_header.lower(),
            retrying=Retrying(**self.retrying.model_dump()),
            timeouts=Timeouts(**self.timeouts.model_dump()),
            hedge_after=self.hedge_after,
            shadows=tuple(self.shadows),
            shadow_share=self.shadow_share,
        )


def _said(price: str | None) -> str | None:
    """An empty field of a form says nothing."""
    return (price or "").strip() or None
