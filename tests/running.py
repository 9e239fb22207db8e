"""Counterpoint started as its users start it: a process, told apart from the test by nothing but its folder."""

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

START_SECONDS = 240
"""The first start downloads models."""
STOP_SECONDS = 60
PULLED = Path(__file__).resolve().parent.parent / ".tools" / "pulled"
"""A data folder with nothing but the demo models, where `make test` pulled them."""


@dataclass(frozen=True)
class Running:
    """A platform that answers. `gateway`, `studio`: addresses without a path."""

    gateway: str
    studio: str
    sign_in: str
    key: str
    models: tuple[str, ...]
    version: str
    data: Path
    process: "subprocess.Popen[str]"

    def call(self, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None) -> Any:
        """One request to the gateway with the demo key; the JSON of its answer. An error status raises."""
        given = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **(headers or {})}
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(self.gateway + path, data, given), timeout=120) as answer:
            return json.load(answer)

    def members(self) -> dict[int, str]:
        """Every process that lives in its session, with its command line: the platform's, no others."""
        found = {}
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                # After the command's name in brackets: state, parent, process group, session (proc(5)).
                state, _, _, session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
                if int(session) == self.process.pid and state != "Z":
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        return found

    def stop(self) -> int:
        """As the user's Ctrl-C or the init system does it; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)


@contextlib.contextmanager
def running(
    program: Sequence[str | Path],
    data: Path,
    *options: str,
    environment: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    pulled: Path = PULLED,
) -> Iterator[Running]:
    """`program up` on free ports with its data in `data`, until the block ends. Its log is beside it.

    Models that are in `pulled` are not downloaded again.
    """
    data.mkdir(parents=True, exist_ok=True)
    if pulled.is_dir() and not (data / "models").exists():
        shutil.copytree(pulled / "models", data / "models", copy_function=link_or_copy)
    log = data.with_name(f"{data.name}.up.log")
    command = [*map(str, program), "up", "--json", "--port", "0", "--admin-port", "0", "--data", str(data)]
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [*command, *options],
            env={**(os.environ if environment is None else environment), "COUNTERPOINT_LANG": "en"},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        ) as process,
    ):
        try:
            told = first_object(process)
            if told is None:
                process.kill()
                raise AssertionError(f"`{' '.join(command)}` did not start:\n{log.read_text()[-4000:]}")
            yield Running(
                gateway=told["gateway"].rstrip("/"),
                studio=told["studio"].rstrip("/"),
                sign_in=told["sign_in"],
                key=told["key"],
                models=tuple(told["models"]),
                version=told["version"],
                data=data,
                process=process,
            )
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    raise


def link_or_copy(source: str, target: str) -> None:
    """Large files take no space twice where the file system allows it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def first_object(process: "subprocess.Popen[str]") -> dict[str, Any] | None:
    """The JSON object that `--json` prints once everything stands; `None` if the process ends or takes too long.

    The object may be spread over lines. What comes after it is read and dropped, so that the pipe never fills.
    """
    found: queue.Queue[dict[str, Any] | None] = queue.Queue()

    def read() -> None:
        text, done = "", False
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                text += line
                if not done:
                    with contextlib.suppress(json.JSONDecodeError):
                        found.put(json.loads(text))
                        done = True
        found.put(None)

    threading.Thread(target=read, daemon=True).start()
    try:
        return found.get(timeout=START_SECONDS)
    except queue.Empty:
        return None
