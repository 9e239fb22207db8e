"""The rules for model names, and what a name comes to under them."""

from dataclasses import dataclass
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
