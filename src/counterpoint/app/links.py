"""The control process's end of the sockets to its gateway workers."""

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any, cast

import msgspec

from counterpoint.app.frames import (
    Commit,
    Committed,
    Ensure,
    Ensured,
    Found,
    FromWorker,
    Hello,
    Lease,
    Leased,
    Leave,
    Listening,
    LookUp,
    Measured,
    Publish,
    Question,
    Ran,
    Run,
    Told,
    ToWorker,
    Unpacker,
    Waited,
    WorkerSettings,
    pack,
)
from counterpoint.canonical import Failure, FailureKind, Refused
from counterpoint.directory import Directory, Key
from counterpoint.directory.health import WorkerHealth
from counterpoint.i18n import say
from counterpoint.kept import Ask, Keep, Tell
from counterpoint.kept.errands import Done, Errand
from counterpoint.kept.values import RUNNING
from counterpoint.ledger.commits import Waits
from counterpoint.limits.claims import Claim, Grant

log = logging.getLogger(__name__)

_decoder = msgspec.msgpack.Decoder(FromWorker)


class WorkerLinks:
    """All workers' links. `look_up` finds a key by digest, `ensure` has a local model running (raises
    `Refused`), `recall` answers questions about what is kept, `run` does errands; each may take its time, other
    messages go on meanwhile."""

    def __init__(
        self,
        settings: WorkerSettings,
        look_up: Callable[[bytes], Awaitable[Key | None]],
        ensure: Callable[[str], Awaitable[Path]],
        recall: Callable[[Ask], Awaitable[Tell]] | None = None,
    ) -> None:
        self.look_up = look_up
        self.ensure = ensure
        self.recall = recall
        self.abandon: Callable[[Iterable[tuple[str, str]]], None] = lambda _: None
        self.run: Callable[[Errand], Awaitable[Done]] | None = None
        self.commit: Callable[[str], Awaitable[int | None]] | None = None
        self.waited: Callable[[str, Waits], None] = lambda _worker, _waits: None
        self.lease: Callable[[str, tuple[Claim, ...]], Awaitable[tuple[Grant, ...] | None]] | None = None
        self._settings = settings
        self._directory: bytes | None = None
        self._links: set[_Link] = set()
        self._changed = asyncio.Condition()
        self._server: asyncio.Server | None = None

    async def listen(self, path: Path) -> None:
        """Accept workers at a socket that only this user can open."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_unix_server(lambda: _Link(self), sock=bind_private(path))

    def publish(self, directory: Directory) -> None:
        """Every worker, those to come included, serves from this directory from now on."""
        self._directory = pack(Publish(directory))
        for link in self._links:
            link.write(self._directory)

    @property
    def health(self) -> tuple[WorkerHealth, ...]:
        """What each worker has measured of the offerings that it asks, as it told last."""
        told = [link.health for link in self._links if link.health is not None]
        return tuple(sorted(told, key=lambda each: each.worker))

    @property
    def listening(self) -> int:
        """How many workers accept connections."""
        return sum(link.listening for link in self._links)

    @property
    def names(self) -> frozenset[str]:
        """The workers that accept connections."""
        return frozenset(link.name for link in self._links if link.listening)

    @property
    def holders(self) -> frozenset[str]:
        """The names under which the workers that are connected hold leases."""
        return frozenset(link.holder for link in self._links)

    async def wait_listening(self, count: int) -> None:
        """Return when that many workers accept connections."""
        async with self._changed:
            await self._changed.wait_for(lambda: self.listening >= count)

    async def wait_for(self, pid: int) -> None:
        """Return when the worker that is this process accepts connections."""
        async with self._changed:
            await self._changed.wait_for(
                lambda: any(link.listening and link.pid == pid for link in self._links)
            )

    def say_leave(self, patience: float, pid: int | None = None) -> None:
        """The worker that is this process, or every one, is to end soon."""
        for link in self._links:
            if pid is None or link.pid == pid:
                link.write(pack(Leave(patience)))

    async def note_change(self) -> None:
        """Wake whoever waits for workers."""
        async with self._changed:
            self._changed.notify_all()

    def welcome(self, link: "_Link") -> None:
        """A worker has connected."""
        self._links.add(link)
        link.write(pack(self._settings))
        if self._directory is not None:
            link.write(self._directory)

    def leave(self, link: "_Link") -> None:
        """A worker has gone, and what it was making with it."""
        self._links.discard(link)
        if link.making:
            self.abandon(link.making)

    def close(self) -> None:
        """Accept no more, hang up."""
        if self._server is not None:
            self._server.close()
        for link in list(self._links):
            link.hang_up()


def bind_private(path: Path) -> socket.socket:
    """A Unix socket that only this user can open, from its first moment on."""
    path.unlink(missing_ok=True)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        sock.bind(str(path))
    finally:
        os.umask(mask)
    return sock


class _Link(asyncio.Protocol):
    """One worker."""

    def __init__(self, links: WorkerLinks) -> None:
        self._links = links
        self._transport: asyncio.Transport | None = None
        self._unpacker = Unpacker()
        self._tasks: set[asyncio.Task[None]] = set()
        self.listening = False
        self.making: set[tuple[str, str]] = set()
        self.health: WorkerHealth | None = None
        self.name = self.holder = ""
        self.pid = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is not derived from it
        self._links.welcome(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        self._links.leave(self)
        for task in self._tasks:
            task.cancel()

    def write(self, frame: bytes) -> None:
        if self._transport is not None:
            self._transport.write(frame)

    def hang_up(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        for body in self._unpacker.feed(data):
            self._take(_decoder.decode(body))

    def _take(self, message: FromWorker) -> None:
        match message:
            case Hello(worker, pid, holder):
                self.name, self.pid, self.holder = worker, pid, holder
                log.info("worker %s (process %d) connected", worker, pid)
            case Listening():
                self.listening = True
                self._work(self._links.note_change())
            case LookUp(number, digest):
                self._work(self._look_up(number, digest))
            case Ensure(number, model):
                self._work(self._ensure(number, model))
            case Question(number, ask):
                self._work(self._recall(number, ask))
            case Run(number, errand):
                self._work(self._run(number, errand))
            case Commit(file):
                self._work(self._commit(file))
            case Lease(number, holder, claims):
                self._work(self._lease(number, holder, claims))
            case Waited(waits):
                self._links.waited(self.name, waits)
            case Measured(at, offerings):
                self.health = WorkerHealth(self.name, at, offerings)

    def _work(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _answer(self, message: ToWorker) -> None:
        self.write(pack(message))

    async def _look_up(self, number: int, digest: bytes) -> None:
        self._answer(Found(number, await self._links.look_up(digest)))

    async def _ensure(self, number: int, model: str) -> None:
        try:
            path = await self._links.ensure(model)
        except Refused as refused:
            self._answer(Ensured(number, failure=refused.failure))
        else:
            self._answer(Ensured(number, path=str(path)))

    async def _commit(self, file: str) -> None:
        commit = self._links.commit
        self._answer(Committed(file, None if commit is None else await commit(file)))

    async def _lease(self, number: int, holder: str, claims: tuple[Claim, ...]) -> None:
        lease = self._links.lease
        self._answer(Leased(number, None if lease is None else await lease(holder, claims)))

    async def _run(self, number: int, errand: Errand) -> None:
        try:
            if self._links.run is None:
                raise LookupError("nothing is kept here")
            self._answer(Ran(number, await self._links.run(errand)))
        except Exception:
            log.exception("an errand could not be done: %s %s", errand.method, errand.operation)
            message = say("app.not_done", lang="en")
            failure = Failure(FailureKind.unavailable, message, code="files_unavailable", retry_after=5)
            self._answer(Ran(number, failure=failure))

    def _note(self, ask: Ask) -> None:
        """Which answers the worker makes in the background: they are lost if it dies."""
        if isinstance(ask, Keep) and ask.kept.background:
            making = self.making.add if ask.kept.status in RUNNING else self.making.discard
            making((ask.kept.project, ask.kept.id))

    async def _recall(self, number: int, ask: Ask) -> None:
        try:
            if self._links.recall is None:
                raise LookupError("nothing is kept here")
            self._note(ask)
            self._answer(Told(number, await self._links.recall(ask)))
        except Exception:
            # Whatever is wrong with the database: the caller waits, and the worker goes on without it.
            log.exception("a question about kept answers could not be answered")
            message = say("app.not_kept", lang="en")
            failure = Failure(
                FailureKind.unavailable, message, code="state_unavailable", retry_after=1, from_upstream=True
            )
            self._answer(Told(number, failure=failure))
