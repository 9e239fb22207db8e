"""The rules for model names, and what a name comes to under them."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from counterpoint.api.shapes.common import Shape

if TYPE_CHECKING:
    from counterpoint.control.rules import RuleBook


Owner = Literal["studio", "file"]


@dataclass(frozen=True)
class AliasShape(Shape):
    """Names that fit `pattern` mean `target`."""

    pattern: str
    target: str
    owner: Owner
    """Who declares it. Only rules of the studio can be changed here."""


@dataclass(frozen=True)
class PreferenceShape(Shape):
    """A host that is taken before others."""

    host: str
    owner: Owner


@dataclass(frozen=True)
class LossRuleShape(Shape):
    """What is to happen when the translation of a call to such a model would lose something."""

    pattern: str
    policy: str
    """`allow`, `warn` or `refuse`, then, with `; severity=` and `; codes=`, for which losses."""
    owner: Owner


@dataclass(frozen=True)
class RulesShape(Shape):
    """How the organisation resolves bare names, and what may be lost."""

    aliases: list[AliasShape]
    """The first that fits counts."""
    prefer: list[PreferenceShape]
    """Hosts, best first."""
    losses: list[LossRuleShape]
    """The first that fits a model counts."""
    revision: int
    """Counts changes; also the ETag."""


@dataclass(frozen=True)
class CandidateShape(Shape):
    """An offering that was considered."""

    offering: str
    chosen: bool
    """Whether it may answer. The first that may is tried first."""
    reason: str
    """Why, in words."""
    code: str
    """Why, stable."""
    losses: str | None
    """The policy on losses that a rule sets for it, if one does."""
    names: list[str] = field(default_factory=list)
    """The names by which the call came to it."""
    stage: int | None = None
    """Of a cascade: the next stage is taken when an answer is not accepted; null for what was dropped."""
    check: str | None = None
    """What its answer has to pass: `schema`, `confidence`, `agreement`, `judge`."""
    price: str | None = None
    """What this call would roughly cost there, in the organisation's currency; null: not known."""
    share: float | None = None
    """Of all such calls, the part that begins with it; null where it is always the same one."""
    shadow: bool = False
    """It only gets a copy."""


@dataclass(frozen=True)
class FactsShape(Shape):
    """What routing knows of a call."""

    tokens: int
    """Of its input, estimated."""
    output: int | None
    """The most that it may bring."""
    needs: list[str]
    """Capabilities that it uses."""


@dataclass(frozen=True)
class ExplanationShape(Shape):
    """What would answer to a model's name, and why."""

    requested: str
    operation: str
    steps: list[str]
    """The names that aliases led through."""
    candidates: list[CandidateShape]
    """In the order in which they are tried, then those that were dropped."""
    nearest: list[str]
    """For an unknown name: what may have been meant."""
    route: str = ""
    """The route that the name leads to, if one."""
    policy: str | None = None
    project: str = ""
    """For whose calls it was asked; empty: for nobody's in particular."""
    data_class: str = ""
    """Of what that project sends."""
    facts: FactsShape | None = None
    """The call, as far as it counts."""
    currency: str = "USD"
    refusal: str | None = None
    """What the caller would be told, where nothing may answer."""


def rules_shape(book: "RuleBook") -> RulesShape:
    """The rules, in the order in which they are tried."""
    shape = RulesShape([], [], [], book.revision)
    for row in book.rows:
        owner: Owner = "file" if row.owner == "file" else "studio"
        if row.kind == "alias":
            shape.aliases.append(AliasShape(row.pattern, row.target, owner))
        elif row.kind == "losses":
            shape.losses.append(LossRuleShape(row.pattern, row.target, owner))
        else:
            shape.prefer.append(PreferenceShape(row.pattern, owner))
    return shape
