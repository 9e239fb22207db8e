"""How the platform is: what runs, what waits, what failed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from counterpoint.api.shapes.common import Shape


@dataclass(frozen=True)
class WorkerShape(Shape):
    """A gateway worker process."""

    name: str
    state: Literal["starting", "listening", "stopped"]
    pid: int | None = None


@dataclass(frozen=True)
class EngineShape(Shape):
    """The process of a local model that was called for since the start."""

    model: str
    state: Literal["stopped", "loading", "ready", "failed"]
    pid: int | None = None
    memory_bytes: int = 0
    since: datetime | None = None
    calls: int = 0
    active: int = 0
    """Calls at work or waiting."""
    crashes: int = 0
    failure: str | None = None


@dataclass(frozen=True)
class LedgerShape(Shape):
    """The way of ledger entries from the workers' spools to the database."""

    shipped: int
    """Entries since the start."""
    pending_bytes: int
    """Not in the database yet."""
    failing_since: datetime | None = None
    error: str | None = None
    damaged_files: int = 0
    """Spool files that could not be read to their end and were set aside."""


@dataclass(frozen=True)
class ProcessShape(Shape):
    """A process that works on the same database, on this machine or another."""

    id: str
    roles: list[str]
    host: str
    """The machine's name."""
    pid: int
    version: str
    addresses: dict[str, str]
    """Where its gateway and its studio answer."""
    duties: list[str]
    """What it does in the background at this moment, alone among all."""
    started_at: datetime
    seen_at: datetime
    this: bool
    """Whether it is the one that answers this."""


@dataclass(frozen=True)
class StatusShape(Shape):
    """The platform at this moment."""

    state: Literal["starting", "ready", "degraded"]
    version: str
    gateway: str
    """The gateway's URL."""
    started_at: datetime
    ledger: LedgerShape
    workers: list[WorkerShape] = field(default_factory=list)
    engines: list[EngineShape] = field(default_factory=list)
    processes: list[ProcessShape] = field(default_factory=list)
    directory_revision: int = 0
    """How many changes to keys, providers and rules the workers know of."""
    components: dict[str, str] = field(default_factory=dict)
    """Versions of Python and of the libraries that decide how Counterpoint behaves."""
    licences: dict[str, str] = field(default_factory=dict)
    """Under which they are ours to use, as they say themselves; SPDX where they use it."""
    data: str = ""
    """The folder that holds the database, models and keys, on the machine that Counterpoint runs on."""
