import asyncio
from pathlib import Path

import pytest

from counterpoint.api.local import LocalModels
from counterpoint.canonical.errors import Refused
from counterpoint.engines.store import ModelStore
from counterpoint.engines.supervisor import Supervisor


def test_models_that_are_not_there(tmp_path: Path) -> None:
    async def go() -> None:
        models = LocalModels(ModelStore(tmp_path), Supervisor(tmp_path, Path("/tmp")))
        assert models.list() == []
        await models.unload("absent")
        with pytest.raises(Refused):
            await models.load("absent")

    asyncio.run(go())
