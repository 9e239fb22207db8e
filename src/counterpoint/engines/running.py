"""One local model's process, seen from outside: started, watched, ended."""

import asyncio
import logging
import os
import socket
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from counterpoint.canonical import Failure, FailureKind
from counterpoint.canonical.errors import Refused
from counterpoint.engines.frames import FrameReader, OutOfStepError, Status, private_socket, statuses
from counterpoint.engines.openmp import openmp_environment
from counterpoint.i18n import say

log = logging.getLogger("counterpoint.engines")

# The process gets no more of our environment than it needs: no key, no token, no proxy.
_ENVIRONMENT: Final = frozenset(
    {"PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "LD_LIBRARY_PATH", "PYTHONPATH", "VIRTUAL_ENV"}
)
_PATIENCE: Final = 5.0
"""Seconds between asking a process to end and killing it."""


class RunSettings(msgspec.Struct, frozen=True):
    """How models are run; `None`: the process decides. `keep_alive`: seconds, -1 for ever, 0 not at all.
    `memory_limit`: bytes that one model may occupy."""

    keep_alive: float = 300.0
    load_timeout: float = 300.0
    context: int | None = None
    parallel: int = 4
    queue: int = 64
    threads: int | None = None
    memory_limit: int | None = None


class RunningModel:
    """A process and what it last said of itself. `since`: when it was started, by the clock."""

    def __init__(self, name: str, manifest: Path, place: Path, settings: RunSettings) -> None:
        self.name = name
        self.socket = place
        self.since = time.time()
        self.status = Status("loading")
        self.exit_code: int | None = None
        self._manifest = manifest
        self._settings = settings
        self._process: Process | None = None
        self._errors: deque[str] = deque(maxlen=12)
        self._changed = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process's id."""
        return self._process.pid if self._process is not None else None

    @property
    def usable(self) -> bool:
        """Calls can be sent."""
        return self.status.state == "ready" and self.exit_code is None

    @property
    def idle(self) -> bool:
        """It could work and has nothing to do."""
        return self.usable and self.status.active == 0

    @property
    def crashed(self) -> bool:
        """It ended, and not of its own will."""
        return self.exit_code is not None and self.status.state in {"loading", "ready"}

    def listens(self) -> bool:
        """Knock at the socket. A process that a signal ends has closed it already when the system still calls it
        alive, and the news of its death takes a moment to come; callers must not be sent there meanwhile."""
        if not self.usable:
            return False
        with socket.socket(socket.AF_UNIX) as knock:
            knock.setblocking(False)
            try:
                knock.connect(str(self.socket))
            except BlockingIOError:
                return True  # many are knocking
            except OSError:
                return False
        return True

    def resident(self) -> int:
        """Bytes of memory it occupies now (its mapped weights included); 0 when it does not run."""
        if self.pid is None or self.exit_code is not None:
            return 0
        with suppress(OSError):
            pages = Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1]
            return int(pages) * os.sysconf("SC_PAGE_SIZE")
        return 0

    async def load(self) -> None:
        """Start the process and wait until it takes calls. Raises `Refused` with the reason when it does not."""
        self._process = await asyncio.create_subprocess_exec(
            *self._command(),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            env={
                **{name: value for name, value in os.environ.items() if name in _ENVIRONMENT},
                **openmp_environment(self._manifest.parent.parent / ".lib"),
            },
            start_new_session=True,  # Ctrl-C at the terminal is for us; we end it in order
        )
        self._watching = asyncio.get_running_loop().create_task(self._watch(self._process))
        try:
            async with asyncio.timeout(self._settings.load_timeout):
                while self.status.state == "loading" and self.exit_code is None:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            await self.end(at_once=True)
            sentence = say(
                "engines.load_timeout", lang="en", model=self.name, seconds=self._settings.load_timeout
            )
            failure = Failure(
                FailureKind.unavailable, sentence, code="engine_load_timeout", from_upstream=True
            )
            self.status = Status("failed", failure=failure)
            raise Refused(failure) from None
        except asyncio.CancelledError:
            await self.end(at_once=True)
            raise
        if not self.usable:
            await asyncio.shield(self._watching)
            raise Refused(self.why())

    async def end(self, *, at_once: bool = False) -> None:
        """End the process: asked first, then killed."""
        process, watching = self._process, self._watching
        if process is None or watching is None:
            return
        with suppress(ProcessLookupError):
            if at_once:
                process.kill()
            else:
                process.terminate()
        try:
            async with asyncio.timeout(_PATIENCE):
                await asyncio.shield(watching)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await watching

    async def ended(self) -> None:
        """Wait until the process is gone."""
        if self._watching is not None:
            await asyncio.shield(self._watching)

    def why(self) -> Failure:
        """Why it does not run, with what it last said on standard error."""
        said = self.status.failure
        if said is not None and said.code != "engine_load_failed":
            return said
        reason = "; ".join(self._errors) or say("engines.exit_code", lang="en", code=self.exit_code)
        if said is not None:
            return msgspec.structs.replace(said, message=f"{said.message} ({reason})")
        sentence = say("engines.load_failed", lang="en", model=self.name, reason=reason)
        return Failure(FailureKind.unavailable, sentence, code="engine_load_failed", from_upstream=True)

    def _command(self) -> list[str]:
        settings = self._settings
        command = [sys.executable, "-P", "-m", "counterpoint.engines.process"]
        command += ["--manifest", str(self._manifest), "--socket", str(self.socket)]
        command += ["--parent", str(os.getpid()), "--keep-alive", str(settings.keep_alive)]
        command += ["--parallel", str(settings.parallel), "--queue", str(settings.queue)]
        for name in ("context", "threads", "memory_limit"):
            value = getattr(settings, name)
            if value is not None:
                command += [f"--{name.replace('_', '-')}", str(value)]
        return command

    async def _watch(self, process: Process) -> None:
        """Follow the process to its end."""
        streams = (self._follow(process.stdout), self._listen(process.stderr))
        await asyncio.gather(*streams)
        self.exit_code = await process.wait()
        for path in (self.socket, private_socket(self.socket)):
            path.unlink(missing_ok=True)
        if self.crashed:
            log.warning("local model %s ended unexpectedly with code %s", self.name, self.exit_code)
        self._changed.set()

    async def _follow(self, stream: asyncio.StreamReader | None) -> None:
        reader = FrameReader()
        while stream is not None and (data := await stream.read(65536)):
            try:
                for body in reader.feed(data):
                    self.status = statuses.decode(body)
                    self._changed.set()
            except (OutOfStepError, msgspec.DecodeError) as error:
                log.error("local model %s reports nonsense: %s", self.name, error)
                return

    async def _listen(self, stream: asyncio.StreamReader | None) -> None:
        while stream is not None and (line := await stream.readline()):
            text = line.decode("utf-8", "replace").strip()[:500]
            self._errors.append(text)
            log.info("local model %s: %s", self.name, text)
