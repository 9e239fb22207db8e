import asyncio
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterpoint.canonical.errors import Refused
from counterpoint.engines.manifest import MANIFEST
from counterpoint.engines.running import RunningModel, RunSettings
from tests.engines import CHAT, EMBED


@pytest.fixture
def sockets() -> Iterator[Path]:
    """A folder with a short path."""
    with tempfile.TemporaryDirectory(prefix="counterpoint-") as folder:
        yield Path(folder)


def test_a_model_loads_works_and_ends(models: Path, sockets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY_OF_OURS", "must not be handed on")
    monkeypatch.setenv("LANG", "C.UTF-8")

    async def main() -> None:
        model = RunningModel(EMBED, models / EMBED / MANIFEST, sockets / "m.sock", RunSettings())
        assert not model.usable
        assert model.resident() == 0
        await model.load()
        assert model.usable
        assert model.idle
        assert model.resident() > 10 << 20
        environment = environment_of(model)
        assert b"SECRET_KEY_OF_OURS" not in environment
        assert b"LANG=C.UTF-8" in environment
        await model.end()
        assert (model.exit_code, model.crashed, model.usable) == (0, False, False)

    asyncio.run(main())
    assert not list(sockets.iterdir())


def environment_of(model: RunningModel) -> bytes:
    """What the process was given."""
    return Path(f"/proc/{model.pid}/environ").read_bytes()


def test_a_load_that_takes_too_long_is_given_up(models: Path, sockets: Path) -> None:
    async def main() -> None:
        settings = RunSettings(load_timeout=0.01)
        model = RunningModel(CHAT, models / CHAT / MANIFEST, sockets / "m.sock", settings)
        with pytest.raises(Refused, match="did not load") as refused:
            await model.load()
        assert refused.value.failure.code == "engine_load_timeout"
        assert model.exit_code is not None

    asyncio.run(main())


def test_a_load_that_nobody_waits_for_leaves_no_process(models: Path, sockets: Path) -> None:
    async def main() -> None:
        model = RunningModel(CHAT, models / CHAT / MANIFEST, sockets / "m.sock", RunSettings())
        loading = asyncio.ensure_future(model.load())
        while model.pid is None:  # noqa: ASYNC110 - nothing else tells that it began
            await asyncio.sleep(0)
        loading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await loading
        with pytest.raises(ProcessLookupError):
            os.kill(model.pid, 0)

    asyncio.run(main())


def test_a_manifest_that_cannot_be_read_is_a_reason(sockets: Path) -> None:
    (sockets / "bad").mkdir()
    (sockets / "bad" / MANIFEST).write_text("{")

    async def main() -> None:
        model = RunningModel("bad", sockets / "bad" / MANIFEST, sockets / "m.sock", RunSettings())
        with pytest.raises(Refused) as refused:
            await model.load()
        assert "'bad'" in refused.value.failure.message
        assert model.why() == refused.value.failure

    asyncio.run(main())
