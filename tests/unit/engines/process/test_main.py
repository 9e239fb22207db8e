import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterpoint.engines.frames import FrameReader, Status, private_socket, statuses
from counterpoint.engines.manifest import MANIFEST
from counterpoint.engines.openmp import openmp_environment
from counterpoint.engines.process.__main__ import FAILED
from tests.engines import CHAT, EMBED


@pytest.fixture
def socket() -> Iterator[Path]:
    """A place to listen at."""
    with tempfile.TemporaryDirectory(prefix="counterpoint-") as folder:
        yield Path(folder) / "m.sock"


def start(manifest: Path, socket: Path, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "counterpoint.engines.process", "--manifest", str(manifest)]
    command += ["--socket", str(socket), *more]
    environment = {**os.environ, **openmp_environment(socket.parent / "lib")}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def until(process: subprocess.Popen[bytes], *states: str) -> list[Status]:
    """What it says of itself until it is in one of `states`."""
    assert process.stdout is not None
    reader = FrameReader()
    said: list[Status] = []
    while not said or said[-1].state not in states:
        data = os.read(process.stdout.fileno(), 65536)
        assert data, said
        said += [statuses.decode(body) for body in reader.feed(data)]
    return said


def test_it_loads_shut_in_and_ends_when_asked(models: Path, socket: Path) -> None:
    with start(models / CHAT / MANIFEST, socket) as process:
        said = until(process, "ready", "failed")
        assert [status.state for status in said] == ["loading", "ready"]
        assert said[-1].context == 8192
        assert socket.stat().st_mode & 0o777 == 0o600
        assert private_socket(socket).stat().st_mode & 0o777 == 0o600
        namespace = os.readlink(f"/proc/{process.pid}/ns/net")
        listening = Path(f"/proc/{process.pid}/net/tcp").read_text().splitlines()[1:]
        filtered = "Seccomp:\t2" in Path(f"/proc/{process.pid}/status").read_text()
        if said[-1].isolation == "namespace":
            assert namespace != os.readlink("/proc/self/ns/net")
            assert not listening, "no port is open, not even within"
        else:
            assert filtered == (said[-1].isolation == "filter")
        process.send_signal(signal.SIGTERM)
        assert until(process, "unloading")
        assert process.wait(30) == 0
        assert not socket.exists()


def test_a_model_that_cannot_be_loaded_is_reported(tmp_path: Path, socket: Path) -> None:
    for content in (None, "{", '{"name": "x"}'):
        if content is not None:
            (tmp_path / MANIFEST).write_text(content)
        with start(tmp_path / MANIFEST, socket) as process:
            failure = until(process, "failed")[-1].failure
            assert failure is not None
            assert failure.code == "engine_load_failed"
            assert process.wait(30) == FAILED


def test_idle_it_ends_by_itself(models: Path, socket: Path) -> None:
    with start(models / EMBED / MANIFEST, socket, "--keep-alive", "0.1") as process:
        until(process, "unloading")
        assert process.wait(30) == 0
