"""The models on this machine with the state of their processes: the store and the supervisor seen as one."""

from typing import Literal

from counterpoint.api.shapes.models import LocalModelShape, model_shape
from counterpoint.engines.manifest import Manifest
from counterpoint.engines.memory import needed
from counterpoint.engines.store import ModelStore
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

    def _shape(self, manifest: Manifest) -> LocalModelShape:
        states: dict[str, State] = {item.name: item.state for item in self._supervisor.status()}
        return model_shape(manifest, needed(manifest, None), states.get(manifest.name, "stopped"))
