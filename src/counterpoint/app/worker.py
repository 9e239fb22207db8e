"""A gateway worker: `python -m counterpoint.app.worker LINK NAME`.

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
import ssl
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

import msgspec
import uvloop

from counterpoint.app.frames import (
    Ensure,
    Ensured,
    Found,
    FromWorker,
    Hello,
    Listening,
    LookUp,
    Publish,
    Question,
    Ran,
    Run,
    Told,
    ToWorker,
    Unpacker,
    WorkerSettings,
    pack,
)
from counterpoint.canonical import Failure, FailureKind
from counterpoint.directory import Directory, Key
from counterpoint.engines.links import Links
from counterpoint.gateway.driver import Plant
from counterpoint.gateway.service import Cors, Gateway
from counterpoint.i18n import say
from counterpoint.i18n.catalogue import LANGUAGES, sentences
from counterpoint.kept import Ask, Tell
from counterpoint.kept.errands import Done, Errand
from counterpoint.ledger.spool import SpoolWriter
from counterpoint.serving import Server
from counterpoint.serving.server import share
from counterpoint.transport import Pool

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
        self.on_settings: Callable[[WorkerSettings], None] = lambda _: None
        self.on_directory: Callable[[Directory], None] = lambda _: None
        self.lost = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is not derived from it
        self._unpacker = Unpacker()
        self.lost.clear()
        self.send(Hello(self._name, os.getpid()))

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
        timer = asyncio.get_running_loop().call_later(LOOK_UP_SECONDS, self._take, unknown)
        self._look_ups[self._number] = (answer, timer)

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
        timer = loop.call_later(ERRAND_SECONDS, self._take, Ran(number))
        self._errands[number] = (answer, timer)

    def ask(self, question: Ask, answer: Callable[[Tell | Failure], None]) -> None:
        """The gateway's port for what is kept."""
        loop = asyncio.get_running_loop()
        self._number += 1
        number = self._number
        if len(self._questions) >= QUESTIONS_WAITING or not self.send(Question(number, question)):
            loop.call_soon(answer, _state_away())
            return
        timer = loop.call_later(QUESTION_SECONDS, self._take, Told(number))
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


async def serve(link_path: str, name: str) -> int:
    """Serve until told to stop; 0 if every answer in flight was completed."""
    loop = asyncio.get_running_loop()
    link = Link(name)
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

    pool = Pool()
    spool = SpoolWriter(settings.spool, name)
    engines = Links(link.locate)
    plant = Plant(pool, engines, spool, link)
    gateway = Gateway(plant, Cors(settings.cors), link, link)
    server = Server(gateway, settings.limits)
    link.on_directory = gateway.publish
    if pending:
        gateway.publish(pending[-1])
    await server.listen(share(settings.host, settings.port), _tls(settings))
    link.send(Listening())
    for language in LANGUAGES:
        sentences(language)  # now: when no file can be opened any more, errors must still be told
    gc.collect()
    gc.freeze()  # what stands now lives as long as the worker: no need to look at it again

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    sweeping = asyncio.create_task(_sweep(plant))
    reconnecting = asyncio.create_task(_reconnect(link, link_path))
    await stop.wait()
    until = loop.time() + settings.grace
    gateway.part()
    clean = await server.drain(settings.grace)
    await gateway.close(until - loop.time())
    for task in (sweeping, reconnecting):
        task.cancel()
    pool.close()
    engines.close()
    spool.close()
    return 0 if clean else 1


async def _sweep(plant: Plant) -> None:
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(1.0)
        plant.sweep(loop.time())


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
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(settings.tls_certificate, settings.tls_key)
    return context


def main() -> None:
    """The process's entry."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    if sys.platform == "linux":  # do not outlive the control process that supervises us
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    link_path, name = sys.argv[1:3]
    sys.exit(uvloop.run(serve(link_path, name)))


if __name__ == "__main__":
    main()
