"""Gateway workers as processes, between real sockets on both sides; the test is their control process.

Everything that a test calls there is published before it begins: a directory that changes under calls is another
subject.
"""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

import uvloop

from counterpoint.app.frames import WorkerSettings
from counterpoint.app.links import WorkerLinks
from counterpoint.app.workers import Workers
from counterpoint.canonical import Failure, FailureKind, Refused
from counterpoint.directory import Directory, Key
from counterpoint.directory.keytext import digest_of
from counterpoint.directory.routes import Project
from counterpoint.ledger import Entry
from counterpoint.ledger.reader import read_batch, spool_files
from counterpoint.serving import Limits
from counterpoint.serving.server import bind
from tests.staging.answers import Answer, answers
from tests.staging.faulty import Faulty, faulty
from tests.staging.tongues import Tongue
from tests.staging.words import PATIENCE, SECRET

T = TypeVar("T")
KEYS = {digest_of(SECRET): Key(id="k1", name="mine", project="p1", organisation="o1")}
PROJECTS = {"p1": Project("p1", "p1")}


class Yard:
    """`hosts`: the server whose every path is a faulty host; `workers`: the processes; `port`: where they listen."""

    def __init__(self, folder: Path, count: int = 1, limits: Limits | None = None) -> None:
        self.folder = folder
        self.spool = folder / "spool"
        self._offsets: dict[Path, int] = {}
        self._entries: list[Entry] = []
        self.loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self._open = contextlib.AsyncExitStack()
        self.run(self._set_up(count, limits or Limits()))

    async def _set_up(self, count: int, limits: Limits) -> None:
        self._sock = bind("127.0.0.1", 0)
        self.port: int = self._sock.getsockname()[1]
        settings = WorkerSettings("127.0.0.1", self.port, str(self.spool), limits, grace=5.0)
        self.links = WorkerLinks(settings, _nobody, _nothing)
        link = self.folder / "link.sock"
        await self.links.listen(link)
        self.hosts: Faulty = await self._open.enter_async_context(faulty())
        self._count = count
        self.workers = Workers(link, count)

    def publish(self, directory: Directory) -> None:
        """What the workers serve from; they start with it."""
        self.run(self._start(directory))

    async def _start(self, directory: Directory) -> None:
        self.links.publish(directory)
        self.workers.start()
        await self.links.wait_listening(self._count)
        ready = 0
        while ready < 3 * self._count:  # a worker listens a moment before it knows the directory
            asking = f"GET /v1/models HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {SECRET}\r\n"
            asking += "connection: close\r\n\r\n"
            (answer,) = await self.talk(asking.encode())
            ready = ready + 1 if answer.status == 200 else 0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do `work` on the yard's loop; whatever takes longer than `PATIENCE` hangs."""
        return asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, PATIENCE * 2), self.loop).result()

    async def talk(self, data: bytes, model: str = "") -> list[Answer]:
        """Send `data`, then read until the gateway hangs up. `model`: whose host learns when its first words came."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 24)
        try:
            writer.write(data)
            got = b""
            while more := await reader.read(1 << 20):
                got += more
                if model and b"Hello" in got:
                    self.hosts.heard[model].set()
            return answers(got)
        finally:
            writer.transport.abort()

    def asking(self, tongue: Tongue, model: str, *, streamed: bool) -> bytes:
        """A whole request, the last of its connection."""
        body = tongue.body(model, streamed=streamed)
        lines = [f"POST {tongue.target(model, streamed=streamed)} HTTP/1.1", "host: x", "connection: close"]
        lines += [
            f"content-length: {len(body)}",
            f"authorization: Bearer {SECRET}",
            "content-type: application/json",
        ]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def entries(self, request_id: str) -> Sequence[Entry]:
        """What the ledger has of that request."""
        return [entry for entry in self.all_entries() if entry.id == request_id]

    def all_entries(self) -> Sequence[Entry]:
        """The ledger so far."""
        for path in spool_files(self.spool):
            batch = read_batch(path, self._offsets.get(path, 0), 10**6)
            self._offsets[path] = batch.offset
            self._entries += batch.entries
        return self._entries

    def close(self) -> None:
        """End everything that was started."""
        self.run(self._tear_down())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE)
        self.loop.close()

    async def _tear_down(self) -> None:
        await self.workers.stop(5.0)
        self.links.close()
        await self._open.aclose()
        self._sock.close()


async def _nobody(_: bytes) -> Key | None:
    return None


async def _nothing(model: str) -> Path:
    raise Refused(Failure(FailureKind.unavailable, f"no {model} here", code="engine_missing"))
