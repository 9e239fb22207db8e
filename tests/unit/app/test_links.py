"""The control process's end of the sockets, with a peer that speaks frames by hand."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import msgspec

from counterpoint.app.frames import (
    Ensure,
    Ensured,
    Found,
    FromWorker,
    Hello,
    Listening,
    LookUp,
    Measured,
    Publish,
    Question,
    Told,
    ToWorker,
    Unpacker,
    WorkerSettings,
    pack,
)
from counterpoint.app.links import WorkerLinks
from counterpoint.canonical import Failure, FailureKind, Refused
from counterpoint.directory import Directory, Key
from counterpoint.directory.health import OfferingHealth, WorkerHealth
from counterpoint.kept import Ask, Keep, Kept, Reported, Tell
from tests.unit.gateway.conversation import KEY

MADE = Kept(
    id="r",
    project="p",
    key="k",
    host="",
    status="queued",
    created=1,
    input=b"[]",
    answer=b"{}",
    background=True,
)
DONE = msgspec.structs.replace(MADE, id="done", status="completed")
SETTINGS = WorkerSettings("127.0.0.1", 1, "/spool")


class Peer:
    """A worker, as far as its socket goes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer
        self._unpacker = Unpacker()
        self._heard: list[ToWorker] = []

    def say(self, message: FromWorker) -> None:
        self.writer.write(pack(message))

    async def hear(self) -> ToWorker:
        while not self._heard:
            data = await self._reader.read(65536)
            assert data, "the control process hung up"
            for body in self._unpacker.feed(data):
                self._heard.append(msgspec.msgpack.decode(body, type=ToWorker))
        return self._heard.pop(0)


def linked(tmp_path: Path, talk: Callable[[WorkerLinks, Peer], Awaitable[None]]) -> None:
    async def look_up(digest: bytes) -> Key | None:
        return KEY if digest == b"known" else None

    async def ensure(model: str) -> Path:
        if model == "tiny":
            return Path("/somewhere")
        raise Refused(Failure(FailureKind.not_found, f"no {model}"))

    async def run() -> None:
        links = WorkerLinks(SETTINGS, look_up, ensure)
        path = tmp_path / "s"
        await links.listen(path)
        assert os.stat(path).st_mode & 0o777 == 0o600
        peer = Peer(*await asyncio.open_unix_connection(path))
        try:
            async with asyncio.timeout(10):
                assert await peer.hear() == SETTINGS
                await talk(links, peer)
        finally:
            peer.writer.close()
            links.close()
            await asyncio.sleep(0)

    asyncio.run(run())


def test_questions_are_answered_by_their_number(tmp_path: Path) -> None:
    async def talk(links: WorkerLinks, peer: Peer) -> None:
        peer.say(LookUp(1, b"known"))
        assert await peer.hear() == Found(1, KEY)
        peer.say(LookUp(2, b"unknown"))
        assert await peer.hear() == Found(2, None)
        peer.say(Ensure(3, "tiny"))
        assert await peer.hear() == Ensured(3, path="/somewhere")
        peer.say(Ensure(4, "huge"))
        answer = await peer.hear()
        assert isinstance(answer, Ensured)
        assert answer.failure is not None
        assert answer.failure.message == "no huge"

    linked(tmp_path, talk)


def test_a_directory_reaches_those_who_are_here_and_those_who_come(tmp_path: Path) -> None:
    async def talk(links: WorkerLinks, peer: Peer) -> None:
        links.publish(Directory(revision=4))
        assert await peer.hear() == Publish(Directory(revision=4))
        late = Peer(*await asyncio.open_unix_connection(tmp_path / "s"))
        assert await late.hear() == SETTINGS
        assert await late.hear() == Publish(Directory(revision=4))
        late.writer.close()

    linked(tmp_path, talk)


def test_it_is_known_who_listens(tmp_path: Path) -> None:
    async def talk(links: WorkerLinks, peer: Peer) -> None:
        peer.say(Hello("worker-1", 7))
        assert links.names == frozenset()
        peer.say(Listening())
        await links.wait_listening(1)
        assert links.names == {"worker-1"}

    linked(tmp_path, talk)


def test_a_worker_that_leaves_leaves_what_it_was_making(tmp_path: Path) -> None:
    async def talk(links: WorkerLinks, peer: Peer) -> None:
        abandoned: list[tuple[str, str]] = []
        left = asyncio.Event()

        def abandon(answers: Iterable[tuple[str, str]]) -> None:
            abandoned.extend(answers)
            left.set()

        async def recall(question: Ask) -> Tell:
            return Reported("queued")

        links.recall, links.abandon = recall, abandon
        for number, kept in enumerate(
            (MADE, DONE, msgspec.structs.replace(MADE, id="plain", background=False))
        ):
            peer.say(Question(number, Keep(kept)))
        for number in range(3):
            while not isinstance(told := await peer.hear(), Told):
                pass
            assert (told.number, told.tell) == (number, Reported("queued"))
        peer.writer.close()
        await asyncio.wait_for(left.wait(), 10)
        assert abandoned == [("p", "r")]

    linked(tmp_path, talk)


def test_what_a_worker_has_measured_is_known_as_long_as_it_is_there(tmp_path: Path) -> None:
    async def talk(links: WorkerLinks, peer: Peer) -> None:
        assert not links.health
        peer.say(Hello("gateway-1", 7))
        for failures in (1, 5):
            told = (OfferingHealth("a/x", "open" if failures == 5 else "closed", 9, failures),)
            peer.say(Measured(1000.0 + failures, told))
        peer.say(LookUp(1, b"known"))
        await peer.hear()  # all that was said before has been heard
        assert links.health == (WorkerHealth("gateway-1", 1005.0, told),)

    linked(tmp_path, talk)
