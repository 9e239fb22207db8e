"""The rules for model names, and what a name comes to under them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterpoint.api.shapes.common import Shape

if TYPE_CHECKING:
    from counterpoint.directory import Rules


@dataclass(frozen=True)
class AliasShape(Shape):
    """Names that fit `pattern` mean `target`."""

    pattern: str
    target: str


@dataclass(frozen=True)
class RulesShape(Shape):
    """How the organisation resolves bare names."""

    aliases: list[AliasShape]
    """The first that fits counts."""
    prefer: list[str]
    """Hosts, best first."""


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


def rules_shape(rules: "Rules") -> RulesShape:
    """The rules."""
    return RulesShape([AliasShape(pattern, target) for pattern, target in rules.aliases], list(rules.prefer))
