"""How offerings do: what the ledger's sums say of some time, and what gateway workers measure at the moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from counterpoint.api.shapes.common import Shape

Standing = Literal["well", "shaky", "out", "quiet"]


@dataclass(frozen=True)
class WorkerViewShape(Shape):
    """Of one offering, lately, by one gateway worker."""

    worker: str
    breaker: Literal["closed", "open", "half_open"]
    """`open`: it failed too often and is left alone until `until`; `half_open`: one call tries whether it answers."""
    calls: int
    """Of the last minute, as are `failures`."""
    failures: int
    consecutive: int
    first_event_ms: float | None
    failure: str
    """The kind of the last one."""
    since: datetime | None
    until: datetime | None
    at: datetime
    """When it was told."""


@dataclass(frozen=True)
class HourShape(Shape):
    """An hour."""

    at: datetime
    exchanges: int
    failures: int
    p50_total_ms: float | None
    p95_total_ms: float | None
    p50_first_event_ms: float | None
    p95_first_event_ms: float | None


@dataclass(frozen=True)
class MishapShape(Shape):
    """A try that failed. The exchange may have been answered by another offering."""

    at: datetime
    exchange: str
    """The id of its entry in the ledger."""
    status: int | None
    failure: str
    answered: bool
    """Whether the caller got an answer all the same."""


@dataclass(frozen=True)
class StandingShape(Shape):
    """How one offering does."""

    offering: str
    """`host/id`."""
    host: str
    model: str
    standing: Standing
    """`out`: every worker leaves it alone. `shaky`: some do, or many calls fail. `quiet`: it was not asked."""
    offered: bool
    """Whether calls may name it now."""
    exchanges: int
    failures: int
    """Of exchanges that ended with it."""
    p50_total_ms: float | None
    p95_total_ms: float | None
    p50_first_event_ms: float | None
    p95_first_event_ms: float | None
    steps: list[HourShape]
    workers: list[WorkerViewShape]
    mishaps: list[MishapShape]
    """The last ones, newest first."""


@dataclass(frozen=True)
class HostStandingShape(Shape):
    """How a host does: its offerings that were asked of late."""

    host: str
    standing: Standing
    """Of its offerings the worst."""
    exchanges: int
    failures: int
    offerings: list[StandingShape]


@dataclass(frozen=True)
class StandingsShape(Shape):
    """How all of them do, the worst first."""

    since: datetime
    until: datetime
    hosts: list[HostStandingShape]
    measured: bool
    """Whether a gateway worker tells what it measures. Those of other machines tell the processes there."""
