"""A gateway worker: `python -m counterpoint.app.worker LINK NAME PARENT [SOCKET ...]`; the sockets on which it accepts
calls are open files that it inherits, by number. They are the control process's: what waits there outlives the worker.

Pure data plane. It asks the control process (the Unix socket LINK) for its settings and its directory, then
serves until it is told to stop (SIGTERM: drain) or the control process is gone for good. When the control
process is only restarted, the worker goes on with what it knows and connects again.
"""

import asyncio
import contextlib
import ctypes
import gc
import logging
import os
import signal
import socket
import ssl
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import msgspec
import uvloop

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
from counterpoint.app.tls import context_of
from counterpoint.canonical import Failure, FailureKind
from counterpoint.directory import Directory, Key
from counterpoint.engines.links import Links
from counterpoint.gateway.driver import Plant
from counterpoint.gateway.purse import Purse
from counterpoint.gateway.service import Cors, Gateway
from counterpoint.i18n import say
from counterpoint.i18n.catalogue import LANGUAGES, sentences
from counterpoint.kept import Ask, Tell
from counterpoint.kept.errands import Done, Errand
from counterpoint.ledger.commits import DatabaseCommits, DiskCommits
from counterpoint.ledger.spool import SpoolWriter
from counterpoint.limits.claims import Claim, Grant
from counterpoint.serving import Server
from counterpoint.serving.server import share
from counterpoint.transport import Pool, reach

log = logging.getLogger("counterpoint.worker")

_PR_SET_PDEATHSIG = 1
LOOK_UPS_WAITING = 1000
"""More unknown keys at a time than this are guesses: they are refused without asking."""

LOOK_UP_SECONDS = 5.0
"""A control process that takes longer to look up a key is as good as away."""

ERRANDS_WAITING = 32
"""Files may be large, and all that wait are in memory."""
ERRAND_SECONDS = 330.0
"""Longer than a host may take that holds a file."""
QUESTIONS_WAITING = 2000
QUESTION_SECONDS = 8.0
"""A control process that takes longer to say what it keeps is as good as away."""

CLAIM_SECONDS = 3.0
"""A control process that takes longer to grant a lease is as good as away."""

_decoder = msgspec.msgpack.Decoder(ToWorker)


class Link(asyncio.Protocol):
    """The worker's end of the socket to the control process."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._transport: asyncio.Transport | None = None
        self._unpacker = Unpacker()
        self._number = 0
        self._look_ups: dict[int, tuple[Callable[[Key | None], None], asyncio.TimerHandle]] = {}
        self._ensures: dict[int, Callable[[Path | Failure], None]] = {}
        self._errands: dict[int, tuple[Callable[[Done | Failure], None], asyncio.TimerHandle]] = {}
        self._questions: dict[int, tuple[Callable[[Tell | Failure], None], asyncio.TimerHandle]] = {}
        self._claims: dict[int, tuple[Callable[[tuple[Grant, ...] | None], None], asyncio.TimerHandle]] = {}
        self.holder = ""
        self.on_settings: Callable[[WorkerSettings], None] = lambda _: None
        self.on_directory: Callable[[Directory], None] = lambda _: None
        self.on_leave: Callable[[float], None] = lambda _: None
        self.on_committed: Callable[[str, int | None], None] = lambda _file, _place: None
        self.on_lost: Callable[[], None] = lambda: None
        self.lost = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is not derived from it
        self._unpacker = Unpacker()
        self.lost.clear()
        self.send(Hello(self._name, os.getpid(), self.holder))

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        look_ups, self._look_ups = self._look_ups, {}
        for answer, timer in look_ups.values():
            timer.cancel()
            answer(None)
        ensures, self._ensures = self._ensures, {}
        for located in ensures.values():
            located(_control_away())
        errands, self._errands = self._errands, {}
        for ran, timer in errands.values():
            timer.cancel()
            ran(_control_away())
        questions, self._questions = self._questions, {}
        for told, timer in questions.values():
            timer.cancel()
            told(_state_away())
        claims, self._claims = self._claims, {}
        for granted, timer in claims.values():
            timer.cancel()
            granted(None)
        self.on_lost()
        self.lost.set()

    def send(self, message: FromWorker) -> bool:
        """Whether there is anyone to send to."""
        if self._transport is None:
            return False
        self._transport.write(pack(message))
        return True

    def data_received(self, data: bytes) -> None:
        for body in self._unpacker.feed(data):
            self._take(_decoder.decode(body))

    def _take(self, message: ToWorker) -> None:
        match message:
            case WorkerSettings():
                self.on_settings(message)
            case Publish(directory):
                self.on_directory(directory)
            case Leave(patience):
                self.on_leave(patience)
            case Committed(file, place):
                self.on_committed(file, place)
            case _:
                self._take_answer(message)

    def _take_answer(self, message: Found | Ensured | Ran | Leased | Told) -> None:
        match message:
            case Found(number, key):
                waiting = self._look_ups.pop(number, None)
                if waiting is not None:
                    waiting[1].cancel()
                    waiting[0](key)
            case Ensured(number, path, failure):
                located = self._ensures.pop(number, None)
                if located is not None:
                    located(Path(path) if path is not None else failure or _control_away())
            case Ran(number, done, failure):
                sent = self._errands.pop(number, None)
                if sent is not None:
                    sent[1].cancel()
                    sent[0](done or failure or _control_away())
            case Leased(number, grants):
                claimed = self._claims.pop(number, None)
                if claimed is not None:
                    claimed[1].cancel()
                    claimed[0](grants)
            case Told(number, tell, failure):
                asked = self._questions.pop(number, None)
                if asked is not None:
                    asked[1].cancel()
                    asked[0](tell or failure or _state_away())

    def look_up(self, digest: bytes, answer: Callable[[Key | None], None]) -> None:
        """The gateway's port for keys newer than the directory."""
        self._number += 1
        if len(self._look_ups) >= LOOK_UPS_WAITING or not self.send(LookUp(self._number, digest)):
            answer(None)
            return
        unknown = Found(self._number, None)
        timer = asyncio.get_running_loop().call_later(LOOK_UP_SECONDS, self._take_answer, unknown)
        self._look_ups[self._number] = (answer, timer)

    def commit(self, file: str) -> bool:
        """Have the entries in that spool file committed; whether there is anybody to ask."""
        return self.send(Commit(file))

    def claim(self, claims: tuple[Claim, ...], answer: Callable[[tuple[Grant, ...] | None], None]) -> None:
        """The purse's way to whoever grants leases."""
        self._number += 1
        if not self.send(Lease(self._number, self.holder, claims)):
            answer(None)
            return
        nobody = Leased(self._number)
        timer = asyncio.get_running_loop().call_later(CLAIM_SECONDS, self._take_answer, nobody)
        self._claims[self._number] = (answer, timer)

    def locate(self, model: str, answer: Callable[[Path | Failure], None]) -> None:
        """The gateway's way to local models: have one started, learn where it listens."""
        self._number += 1
        if self.send(Ensure(self._number, model)):
            self._ensures[self._number] = answer
        else:
            asyncio.get_running_loop().call_soon(answer, _control_away())

    def run(self, errand: Errand, answer: Callable[[Done | Failure], None]) -> None:
        """The gateway's port for files and batches."""
        loop = asyncio.get_running_loop()
        self._number += 1
        number = self._number
        if len(self._errands) >= ERRANDS_WAITING or not self.send(Run(number, errand)):
            loop.call_soon(answer, _control_away())
            return
        timer = loop.call_later(ERRAND_SECONDS, self._take_answer, Ran(number))
        self._errands[number] = (answer, timer)

    def ask(self, question: Ask, answer: Callable[[Tell | Failure], None]) -> None:
        """The gateway's port for what is kept."""
        loop = asyncio.get_running_loop()
        self._number += 1
        number = self._number
        if len(self._questions) >= QUESTIONS_WAITING or not self.send(Question(number, question)):
            loop.call_soon(answer, _state_away())
            return
        timer = loop.call_later(QUESTION_SECONDS, self._take_answer, Told(number))
        self._questions[number] = (answer, timer)


def _state_away() -> Failure:
    return Failure(
        kind=FailureKind.unavailable,
        message=say("app.state_away", lang="en"),
        code="state_unavailable",
        retry_after=1,
        from_upstream=True,
    )


def _control_away() -> Failure:
    return Failure(
        kind=FailureKind.unavailable,
        message=say("app.control_away", lang="en"),
        code="control_away",
        retry_after=1,
        from_upstream=True,
    )


async def serve(link_path: str, name: str, files: Sequence[int] = ()) -> int:
    """Serve until told to stop; 0 if every answer in flight was completed. `files`: numbers of sockets to accept on."""
    loop = asyncio.get_running_loop()
    link = Link(name)
    purse = Purse(link.claim)
    link.holder = purse.holder
    settled: asyncio.Future[WorkerSettings] = loop.create_future()

    def settle(settings: WorkerSettings) -> None:
        if not settled.done():  # a later connection repeats them; a worker keeps those that it started with
            settled.set_result(settings)

    link.on_settings = settle
    pending: list[Directory] = []
    link.on_directory = pending.append
    await loop.create_unix_connection(lambda: link, link_path)
    settings = await settled
    logging.getLogger().setLevel(settings.log_level.upper())

    reach.extend(settings.private_networks)
    pool = Pool()
    # By the holder's name in its files control sees when all that a worker wrote is stored, and closes its leases.
    spool = SpoolWriter(settings.spool, f"{name}.{purse.holder}", sync_ends=settings.commit == "disk")
    commits = _commits(settings, spool, link)
    engines = Links(link.locate)
    plant = Plant(pool, engines, spool, link, commits, purse)
    gateway = Gateway(plant, Cors(settings.cors), link, link)
    server = Server(gateway, settings.limits)

    def publish(directory: Directory) -> None:
        purse.publish(directory)
        gateway.publish(directory)

    link.on_directory = publish
    if pending:
        publish(pending[-1])
    inherited = [socket.socket(fileno=number) for number in files]
    for sock in inherited or [share(settings.host, settings.port)]:
        sock.setblocking(False)
        await server.listen(sock, _tls(settings))
    patience: list[float] = []

    def leave(seconds: float) -> None:
        patience.append(seconds)
        gateway.leave()
        server.leave()

    link.on_leave = leave
    link.send(Listening())
    for language in LANGUAGES:
        sentences(language)  # now: when no file can be opened any more, errors must still be told
    gc.collect()
    # Calls under way make no cycles, and 64 of them would set it off all the time.
    gc.set_threshold(20_000, 20, 50)
    gc.freeze()  # what stands now lives as long as the worker: no need to look at it again

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    sweeping = asyncio.create_task(_sweep(plant, commits, link))
    reconnecting = asyncio.create_task(_reconnect(link, link_path))
    ticking = asyncio.create_task(purse.run())
    await stop.wait()
    until = loop.time() + settings.grace
    gateway.part()
    clean = await server.drain(settings.grace, min(patience[-1], settings.grace / 2) if patience else 0.0)
    await gateway.close(until - loop.time())
    for task in (sweeping, reconnecting, ticking):
        task.cancel()
    purse.close()
    pool.close()
    engines.close()
    if commits is not None:
        commits.close()
    spool.close()
    return 0 if clean else 1


def _commits(
    settings: WorkerSettings, spool: SpoolWriter, link: Link
) -> DiskCommits | DatabaseCommits | None:
    """What the ends of answers wait for, besides the spool."""
    if settings.commit == "disk":
        return DiskCommits(spool)
    if settings.commit == "database":
        commits = DatabaseCommits(spool, link.commit, settings.commit_wait)
        link.on_committed, link.on_lost = commits.committed, commits.lost
        return commits
    return None


async def _sweep(plant: Plant, commits: DiskCommits | DatabaseCommits | None, link: Link) -> None:
    loop = asyncio.get_running_loop()
    told = measured = 0
    while True:
        await asyncio.sleep(1.0)
        now = loop.time()
        plant.sweep(now)
        if plant.health.changes != measured:
            epoch = time.time()
            if link.send(Measured(epoch, plant.health.told(now, epoch))):
                measured = plant.health.changes
        if commits is not None and commits.waits.number != told:
            told = commits.waits.number
            link.send(Waited(commits.waits))


async def _reconnect(link: Link, path: str) -> None:
    """Find the control process again after it was restarted."""
    loop = asyncio.get_running_loop()
    while True:
        await link.lost.wait()
        with contextlib.suppress(OSError):  # it is not back yet
            await loop.create_unix_connection(lambda: link, path)
            link.send(Listening())
            continue
        await asyncio.sleep(0.5)


def _tls(settings: WorkerSettings) -> ssl.SSLContext | None:
    if settings.tls_certificate is None:
        return None
    return context_of(settings.tls_certificate, settings.tls_key or "")


def main() -> None:
    """The process's entry."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    if sys.platform == "linux":  # do not outlive the control process that supervises us
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    link_path, name, parent, *files = sys.argv[1:]
    if os.getppid() != int(parent):
        sys.exit(1)  # it died before it could be told that we do not outlive it
    sys.exit(uvloop.run(serve(link_path, name, [int(number) for number in files])))


if __name__ == "__main__":
    main()
