"""What somebody should see first: what runs, what today cost, what needs attention, what to do next."""

from dataclasses import dataclass
from typing import Literal

from counterpoint.api.shapes.common import Shape


@dataclass(frozen=True)
class TodayShape(Shape):
    """Sums since midnight in the reader's zone."""

    exchanges: int
    failures: int
    unpriced: int
    tokens: int
    cost: dict[str, str]
    """By currency, exact; leaves out the unpriced."""


@dataclass(frozen=True)
class ConcernShape(Shape):
    """Something that somebody should look at."""

    code: Literal[
        "disk",
        "engine_failed",
        "keys_expire",
        "ledger_waits",
        "many_failures",
        "model_retires",
        "provider_failing",
        "provider_unusable",
        "starting",
        "unpriced",
    ]
    severity: Literal["error", "warning", "note"]
    text: str
    """In the reader's language."""
    page: str
    """Of the studio, where it can be seen to."""
    subject: str = ""
    """The name of the provider, host or model that it is about, if it is about one."""


@dataclass(frozen=True)
class StepShape(Shape):
    """A first step."""

    code: Literal["ask", "add_provider", "make_key", "call", "invite"]
    done: bool


@dataclass(frozen=True)
class HomeShape(Shape):
    """Null stands for what the reader has no right to see."""

    state: Literal["starting", "ready", "degraded"]
    gateway: str
    today: TodayShape | None
    attention: list[ConcernShape]
    """The gravest first."""
    steps: list[StepShape]
    """Those that the reader could take, in a sensible order."""
