import asyncio
import hashlib
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterpoint.canonical import ChatResponse, Failure, FailureKind
from counterpoint.canonical.errors import Refused
from counterpoint.engines.manifest import MANIFEST, Manifest, encode_manifest, read_manifest
from counterpoint.engines.running import RunSettings
from counterpoint.engines.supervisor import MOST_CRASHES, REST, Supervisor
from tests.engines import CHAT, EMBED, LocalModels, asked, small_gguf


@pytest.fixture
def own(models: Path) -> Iterator[LocalModels]:
    """Models of the test's own, to do harm to."""
    running = LocalModels(models)
    yield running
    running.stop()


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_callers_at_once_share_one_start(own: LocalModels) -> None:
    async def ensure() -> list[Path]:
        return await asyncio.gather(*(own.supervisor.ensure(EMBED) for _ in range(5)))

    places = own.run(ensure())
    assert len(set(places)) == 1
    assert len(str(places[0])) < 100
    status = own.status(EMBED)
    assert status.state == "ready"
    assert status.pid
    assert status.rss > 10 << 20
    assert status.isolation in {"namespace", "filter", "none"}
    assert places[0].stat().st_mode & 0o777 == 0o600


def test_a_waiter_who_leaves_does_not_stop_the_start(own: LocalModels) -> None:
    async def main() -> Path:
        impatient = asyncio.ensure_future(own.supervisor.ensure(EMBED))
        patient = asyncio.ensure_future(own.supervisor.ensure(EMBED))
        await asyncio.sleep(0)
        impatient.cancel()
        return await patient

    assert own.run(main()).is_socket()


def test_unknown_models_are_refused_and_leave_no_trace(own: LocalModels) -> None:
    for name in ("nope", "../etc", ""):
        with pytest.raises(Refused, match="no local model") as refused:
            own.run(own.supervisor.ensure(name))
        assert refused.value.failure.kind is FailureKind.not_found
    assert own.supervisor.status() == ()


def test_unloading_frees_the_process_and_fails_what_is_at_work(own: LocalModels) -> None:
    call = own.begin(asked("Tell me a very long story.", max_output=400))
    call.wait_for_events(3)
    pid = own.status(CHAT).pid
    assert own.run(own.supervisor.unload(CHAT))
    end = call.end()
    assert isinstance(end, Failure)
    assert end.code == "engine_unloaded"
    assert own.status(CHAT).state == "stopped"
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert list(own.sockets.iterdir()) == []
    assert not own.run(own.supervisor.unload(CHAT)), "it is gone already"
    assert not own.run(own.supervisor.unload("nope"))


def test_idle_models_unload_themselves(models: Path) -> None:
    own = LocalModels(models, RunSettings(keep_alive=0.2))
    try:
        own.chat(asked("Hi", max_output=2))
        running = own.supervisor._records[CHAT].running
        assert running is not None
        own.run(running.ended())
        assert running.exit_code == 0
        assert own.status(CHAT).state == "stopped"
        assert isinstance(own.chat(asked("Hi", max_output=2)), ChatResponse), "and come back when called"
    finally:
        own.stop()


def test_keep_alive_of_a_call_counts(own: LocalModels) -> None:
    """Nothing is kept alive by default here, but one call says that it goes at once."""
    call = own.begin(asked("Hi", max_output=2), keep_alive=0)
    call.end()
    running = own.supervisor._records[CHAT].running
    assert running is not None
    own.run(running.ended())
    assert running.exit_code == 0
    assert not running.crashed


def test_a_file_that_changed_is_not_loaded(models: Path, tmp_path: Path) -> None:
    shutil.copytree(models / CHAT, tmp_path / CHAT)
    weights = tmp_path / CHAT / "weights.gguf"
    with weights.open("r+b") as stream:
        stream.seek(50_000_000)
        stream.write(b"\x00evil\x00")
    own = LocalModels(tmp_path)
    try:
        failure = own.run(refusal(own.supervisor, CHAT))
        assert failure.code == "engine_hash_mismatch"
        assert read_manifest(tmp_path / CHAT / MANIFEST).sha256 in failure.message
        status = own.status(CHAT)
        assert (status.state, status.failure) == ("failed", failure)
    finally:
        own.stop()


async def refusal(supervisor: Supervisor, name: str) -> Failure:
    """Why the model is not started."""
    try:
        await supervisor.ensure(name)
    except Refused as refused:
        return refused.failure
    raise AssertionError("it was started")


def test_a_model_that_cannot_be_loaded_says_why_and_is_not_tried_at_every_call(tmp_path: Path) -> None:
    """A whole GGUF header without a usable model: the runtime's own words reach the caller."""
    content = small_gguf()
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "m.gguf").write_bytes(content)
    manifest = Manifest("broken", "chat", "gguf", "m.gguf", hashlib.sha256(content).hexdigest(), len(content))
    (folder / MANIFEST).write_bytes(encode_manifest(manifest))
    own = LocalModels(tmp_path)
    try:
        first = own.run(refusal(own.supervisor, "broken"))
        assert first.code == "engine_load_failed"
        assert "broken" in first.message
        assert "(" in first.message, "what the runtime said is in it"
        again = own.run(refusal(own.supervisor, "broken"))
        assert again.retry_after is not None
        assert own.status("broken").crashes == 1, "the second call did not start it"
    finally:
        own.stop()


def test_a_model_that_keeps_crashing_is_left_alone_for_a_while(models: Path) -> None:
    clock = Clock()
    own = LocalModels(models)
    own.supervisor._clock = clock
    try:
        for _ in range(MOST_CRASHES):
            own.run(own.supervisor.ensure(EMBED))
            running = own.supervisor._records[EMBED].running
            assert running is not None
            assert running.pid is not None
            os.kill(running.pid, signal.SIGKILL)
            own.run(running.ended())
            assert running.crashed
            clock.now += 10
        failure = own.run(refusal(own.supervisor, EMBED))
        assert failure.code == "engine_crash_loop"
        assert str(MOST_CRASHES) in failure.message
        clock.now += REST
        assert own.run(own.supervisor.ensure(EMBED)).is_socket()
    finally:
        own.stop()


def test_the_longest_unused_model_makes_room(models: Path) -> None:
    own = LocalModels(models, RunSettings(keep_alive=-1, context=2048), memory_limit=480 << 20)
    try:
        own.run(own.supervisor.ensure(EMBED))
        own.run(own.supervisor.ensure(CHAT))
        assert own.status(CHAT).state == "ready"
        call = own.begin(asked("Tell me a very long story.", max_output=300))
        call.wait_for_events(2)
        own.supervisor._memory_limit = 260 << 20
        own.run(own.supervisor.unload(EMBED))
        failure = own.run(refusal(own.supervisor, EMBED))
        assert failure.code == "engine_no_memory", "a model at work is not unloaded for another"
        own.cancel(call)
        own.wait_until_idle(CHAT)
        own.run(own.supervisor.ensure(EMBED))
        assert own.status(CHAT).state == "stopped"
    finally:
        own.stop()


def test_after_the_end_nothing_starts(models: Path) -> None:
    own = LocalModels(models)
    own.run(own.supervisor.stop())
    assert own.run(refusal(own.supervisor, CHAT)).code == "engine_stopping"
    own.stop()


def test_a_folder_too_deep_for_sockets_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too long"):
        Supervisor(tmp_path, tmp_path / ("x" * 90))
