"""The models on this machine with the state of their processes: the store and the supervisor seen as one."""

import shutil
from typing import Literal

from counterpoint.api.shapes.models import (
    LocalModelShape,
    MemoryShape,
    PullableShape,
    ShelfShape,
    model_shape,
)
from counterpoint.engines.manifest import Manifest
from counterpoint.engines.memory import machine, needed
from counterpoint.engines.sources.named import schemes
from counterpoint.engines.store import ModelStore, default_models
from counterpoint.engines.supervisor import Supervisor

State = Literal["stopped", "loading", "ready", "failed"]


class LocalModels:
    """What `store` holds, run by `supervisor`."""

    def __init__(self, store: ModelStore, supervisor: Supervisor) -> None:
        self.store = store
        self._supervisor = supervisor

    def list(self) -> list[LocalModelShape]:
        """All, by name."""
        return [self._shape(manifest) for manifest in self.store.list()]

    def show(self, name: str) -> LocalModelShape:
        """One. Raises `Complaint`."""
        return self._shape(self.store.show(name))

    async def load(self, name: str) -> None:
        """Have it running; returns when it takes calls. Raises `Refused`."""
        await self._supervisor.ensure(name)

    async def unload(self, name: str) -> None:
        """End its process, if it runs; a failure of its last start is forgotten."""
        await self._supervisor.unload(name)

    def shelf(self) -> ShelfShape:
        """What can be pulled by name, and the room for it."""
        here = {manifest.name for manifest in self.store.list()}
        total, available = machine()
        self.store.folder.mkdir(parents=True, exist_ok=True)
        return ShelfShape(
            memory=MemoryShape(
                total=total,
                available=available,
                limit=self._supervisor.memory_limit,
                occupied=sum(item.rss for item in self._supervisor.status()),
            ),
            disk_free=shutil.disk_usage(self.store.folder).free,
            sources=[f"{scheme}:" for scheme in schemes()],
            items=[_pullable(manifest, here) for manifest in default_models()],
        )

    def _shape(self, manifest: Manifest) -> LocalModelShape:
        states: dict[str, State] = {item.name: item.state for item in self._supervisor.status()}
        return model_shape(manifest, needed(manifest, None), states.get(manifest.name, "stopped"))


def _pullable(manifest: Manifest, here: set[str]) -> PullableShape:
    return PullableShape(
        name=manifest.name,
        display=manifest.display or manifest.name,
        kind=manifest.kind,
        size=manifest.size,
        memory_bytes=needed(manifest, None),
        context=manifest.context,
        quantisation=manifest.quantisation,
        licence=manifest.licence,
        notes=manifest.notes,
        present=manifest.name in here,
    )
