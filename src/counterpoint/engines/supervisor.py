"""Keeps local models running: starts them when they are called for, unloads them, starts crashed ones again.

It lives in the control process. Gateway workers ask `ensure` where a model listens and then call it themselves;
the supervisor stands in nobody's way afterwards. What it knows of a model's business is what the process reports.
"""

import asyncio
import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

import msgspec

from counterpoint.canonical import Failure, FailureKind
from counterpoint.canonical.errors import Refused
from counterpoint.engines.frames import Isolation
from counterpoint.engines.manifest import MANIFEST, Manifest, is_name, read_manifest
from counterpoint.engines.memory import needed
from counterpoint.engines.running import RunningModel, RunSettings
from counterpoint.i18n import say

MOST_CRASHES: Final = 5
"""After so many crashes in a row a model is left alone for `REST` seconds."""
REST: Final = 60.0
STEADY: Final = 60.0
"""A model that ran this long before it crashed starts with a clean record."""
LONGEST_PATH: Final = 100
"""The system's limit for a Unix socket's path is 108 bytes (unix(7)); the process needs a few for its own."""

ModelState = Literal["stopped", "loading", "ready", "failed"]


class ModelStatus(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one model is. `since`: when its process was started (epoch seconds); `rss`: bytes; `calls`: taken
    since then; `active`: at work or waiting; `context`: tokens that its calls share."""

    name: str
    state: ModelState
    pid: int | None = None
    rss: int = 0
    since: float | None = None
    calls: int = 0
    active: int = 0
    context: int = 0
    isolation: Isolation | None = None
    crashes: int = 0
    failure: Failure | None = None


class _Record:
    """What is remembered of a model from one process to the next."""

    def __init__(self) -> None:
        self.running: RunningModel | None = None
        self.starting: asyncio.Task[Path] | None = None
        self.claim = 0
        self.crashes = 0
        self.not_before = 0.0
        self.failure: Failure | None = None

    def occupied(self) -> int:
        """Bytes in use, or about to be while it loads."""
        running = self.running
        if running is None or running.exit_code is not None:
            return 0
        return max(running.resident(), self.claim if running.status.state == "loading" else 0)


class Supervisor:
    """All local models of this machine. `models`: the store's folder; `sockets`: an existing private folder with
    a short path. `memory_limit`: bytes for all models together."""

    def __init__(
        self,
        models: Path,
        sockets: Path,
        settings: RunSettings | None = None,
        memory_limit: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if len(str(sockets)) + 24 > LONGEST_PATH:
            raise ValueError(f"the folder for sockets has too long a path: {sockets}")
        self._models = models
        self._sockets = sockets
        self._settings = settings or RunSettings()
        self._memory_limit = memory_limit
        self._clock = clock
        self._records: dict[str, _Record] = {}
        self._room = asyncio.Lock()
        self._stopped = False

    @property
    def memory_limit(self) -> int | None:
        """Bytes for all models together; `None`: no limit."""
        return self._memory_limit

    async def ensure(self, name: str) -> Path:
        """Where the model listens; its process is started if need be. Raises `Refused`. Callers at the same time
        share one start; one that goes away does not stop it."""
        record = self._records.get(name)
        if record is None:
            self._manifest(name)
            record = self._records.setdefault(name, _Record())
        if record.running is not None and record.running.listens():
            return record.running.socket
        if record.starting is None:
            record.starting = asyncio.get_running_loop().create_task(self._start(name, record))
            record.starting.add_done_callback(lambda task: _forget(record, task))
        return await asyncio.shield(record.starting)

    def status(self) -> tuple[ModelStatus, ...]:
        """Every model that was called for since the start, by name."""
        return tuple(self._status(name, record) for name, record in sorted(self._records.items()))

    async def unload(self, name: str) -> bool:
        """End the model's process; calls at work fail. False: it did not run."""
        record = self._records.get(name)
        if record is None:
            return False
        if record.starting is not None:
            record.starting.cancel()
            await asyncio.wait([record.starting])
        running, record.running = record.running, None
        record.crashes, record.not_before, record.failure = 0, 0.0, None
        if running is None or running.exit_code is not None:
            return False
        await running.end()
        return True

    async def stop(self) -> None:
        """End every process; nothing can be started any more."""
        self._stopped = True
        await asyncio.gather(*(self.unload(name) for name in list(self._records)))

    async def _start(self, name: str, record: _Record) -> Path:
        manifest = self._manifest(name)
        await self._await_turn(name, record)
        async with self._room:  # two that looked for memory at once would both find the same
            record.claim = needed(manifest, self._settings.context)
            await self._make_room(name, record.claim)
            socket = self._sockets / f"{hashlib.sha256(name.encode()).hexdigest()[:12]}.sock"
            running = RunningModel(name, self._models / name / MANIFEST, socket, self._settings)
            record.running = running
        try:
            await running.load()
        except Refused as refusal:
            record.crashes += 1
            record.not_before = self._clock() + _pause(record.crashes)
            record.failure = refusal.failure
            raise
        record.failure = None
        return running.socket

    def _manifest(self, name: str) -> Manifest:
        path = self._models / name / MANIFEST
        if self._stopped:
            raise Refused(_failure(FailureKind.unavailable, "engines.stopping", "engine_stopping"))
        if not is_name(name) or not path.is_file():
            raise Refused(_failure(FailureKind.not_found, "engines.unknown", "model_not_found", model=name))
        try:
            return read_manifest(path)
        except (OSError, msgspec.DecodeError) as error:
            raise Refused(
                _failure(
                    FailureKind.unavailable, "engines.manifest", "engine_manifest", model=name, reason=error
                )
            ) from error

    async def _await_turn(self, name: str, record: _Record) -> None:
        """Let a former process end, and a model that keeps crashing rest."""
        running = record.running
        if running is not None:
            await running.end()
            if running.crashed and record.failure is None:
                steady = time.time() - running.since > STEADY
                record.crashes = 1 if steady else record.crashes + 1
                record.not_before = self._clock() + _pause(record.crashes)
            record.running = None
        wait = record.not_before - self._clock()
        if wait <= 0:
            if record.crashes >= MOST_CRASHES:
                record.crashes = 0
            return
        if record.failure is not None:  # it could not be loaded a moment ago: the same again, at once
            raise Refused(msgspec.structs.replace(record.failure, retry_after=wait))
        if record.crashes >= MOST_CRASHES:
            failure = _failure(
                FailureKind.unavailable,
                "engines.crash_loop",
                "engine_crash_loop",
                model=name,
                times=record.crashes,
            )
            raise Refused(msgspec.structs.replace(failure, retry_after=wait))
        await asyncio.sleep(wait)

    async def _make_room(self, name: str, bytes_needed: int) -> None:
        """Unload models that nobody uses, the longest unused first, until the new one fits."""
        if self._memory_limit is None:
            return
        others = [record for other, record in self._records.items() if other != name]
        occupied = sum(record.occupied() for record in others)
        idle = [record.running for record in others if record.running is not None and record.running.idle]
        idle.sort(key=lambda running: running.status.last_call)
        while occupied + bytes_needed > self._memory_limit:
            if not idle:
                raise Refused(
                    _failure(
                        FailureKind.overloaded,
                        "engines.no_memory",
                        "engine_no_memory",
                        model=name,
                        needed=bytes_needed >> 20,
                        limit=self._memory_limit >> 20,
                        occupied=occupied >> 20,
                    )
                )
            victim = idle.pop(0)
            occupied -= victim.resident()
            await victim.end()

    def _status(self, name: str, record: _Record) -> ModelStatus:
        running = record.running
        failure = record.failure
        if running is None or running.exit_code is not None:
            if failure is None and running is not None:
                failure = running.why() if running.crashed else running.status.failure
            return ModelStatus(
                name, "failed" if failure else "stopped", crashes=record.crashes, failure=failure
            )
        status = running.status
        state: ModelState = (
            "loading" if status.state == "loading" else "ready" if running.usable else "stopped"
        )
        return ModelStatus(
            name,
            state,
            pid=running.pid,
            rss=running.resident(),
            since=running.since,
            calls=status.calls,
            active=status.active,
            context=status.context,
            isolation=status.isolation,
            crashes=record.crashes,
        )


def _pause(crashes: int) -> float:
    return REST if crashes >= MOST_CRASHES else min(0.25 * 2 ** (crashes - 1), 8.0)


def _forget(record: _Record, task: asyncio.Task[Path]) -> None:
    record.starting = None
    if not task.cancelled():
        task.exception()  # every waiter has it; if all went away, nobody is left to be told


def _failure(kind: FailureKind, sentence: str, code: str, **values: object) -> Failure:
    return Failure(kind, say(sentence, lang="en", **values), code=code, param="model", from_upstream=True)
