"""A gateway in a thread of its own, between clients that send any bytes and hosts that answer as scripted.

Adversarial tests call it thousands of times, from synchronous code, so it stands for a whole module. It sees what
must not happen: errors that are logged, exceptions that nobody caught, connections and exchanges left behind.
"""

import asyncio
import contextlib
import logging
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

import uvloop

from counterpoint.canonical import Failure, FailureKind
from counterpoint.canonical.errors import Refused
from counterpoint.directory import LOCAL_HOST, Directory, Host, Key, Offering
from counterpoint.directory.keytext import digest_of
from counterpoint.directory.routes import Project
from counterpoint.engines.links import Links
from counterpoint.engines.running import RunSettings
from counterpoint.engines.supervisor import Supervisor
from counterpoint.gateway.driver import Plant
from counterpoint.gateway.service import Gateway
from counterpoint.ledger import Entry
from counterpoint.ledger.reader import read_batch, spool_files
from counterpoint.ledger.spool import SpoolWriter
from counterpoint.serving import Limits, Server
from counterpoint.serving.server import bind
from counterpoint.transport import Pool
from tests.engines import CHAT, EMBED
from tests.staging.answers import Answer, answers
from tests.staging.connections import Connections
from tests.staging.hosts import Script
from tests.staging.words import HOST_SECRET, OPENAI, PATHS, PATIENCE, SECRET, request

T = TypeVar("T")


class Stage:
    """What a test holds. `complaints`: what should not have happened, in words."""

    def __init__(self, folder: Path, limits: Limits | None = None, models: Path | None = None) -> None:
        self.complaints: list[str] = []
        self._entries: list[Entry] = []
        self._offsets: dict[Path, int] = {}
        self.spool = folder / "spool"
        self._models = models
        self._sockets = tempfile.TemporaryDirectory(prefix="counterpoint-")
        self._hosts: dict[str, tuple[Host, asyncio.Server]] = {}
        self._connections = Connections()
        self.loop = uvloop.new_event_loop()
        self.loop.set_exception_handler(lambda _, context: self.complaints.append(repr(context)))
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self._log = _Log(self.complaints)
        logging.getLogger("counterpoint").addHandler(self._log)
        self.run(self._raise_curtain(limits))

    async def _raise_curtain(self, limits: Limits | None) -> None:
        sockets = Path(self._sockets.name)
        self._supervisor = (
            Supervisor(self._models, sockets, RunSettings(keep_alive=-1)) if self._models else None
        )
        self.pool = Pool()
        self._engines = Links(self._locate)
        self._ledger = SpoolWriter(self.spool, "stage")
        self.plant = Plant(self.pool, self._engines, self._ledger, _NoKeys())
        self.gateway = Gateway(self.plant)
        self.server = Server(self.gateway, limits)
        sock = bind("127.0.0.1", 0)
        self.port: int = sock.getsockname()[1]
        await self.server.listen(sock)
        self._publish()
        self._sweeping = self.loop.create_task(self._sweep())

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(0.02)
            now = self.loop.time()
            self.plant.sweep(now)
            for connection in list(self.server.connections):
                connection.sweep(now)

    def _locate(self, model: str, answer: Callable[[Path | Failure], None]) -> None:
        async def locate() -> None:
            if self._supervisor is None:
                answer(Failure(FailureKind.unavailable, f"no {model} here", from_upstream=True))
                return
            try:
                answer(await self._supervisor.ensure(model))
            except Refused as refused:
                answer(refused.failure)

        self._locating = self.loop.create_task(locate())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do `work` on the stage's loop; whatever takes longer than `PATIENCE` hangs."""
        return asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, PATIENCE), self.loop).result()

    def host(self, name: str, script: Script, dialects: Sequence[str] = (OPENAI,), **settings: Any) -> None:
        """Have a host of that name, whose every connection is a run of `script`, and its model `name/m`."""
        self.run(self._add_host(name, script, dialects, settings))

    async def _add_host(
        self, name: str, script: Script, dialects: Sequence[str], settings: dict[str, Any]
    ) -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._connections.talk(script(reader, writer), writer)

        if name in self._hosts:
            self._hosts[name][1].close()
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        headers = (("authorization", f"Bearer {HOST_SECRET}"),)
        paths = {dialect: PATHS[dialect] for dialect in dialects}
        host = Host(name, settings.pop("url", url), paths, headers, **settings)
        self._hosts[name] = (host, server)
        self._publish()

    def url(self, name: str) -> str:
        """Where that host is."""
        return self._hosts[name][0].base_url

    def _publish(self) -> None:
        hosts = {name: host for name, (host, _) in self._hosts.items()}
        self.gateway.publish(
            Directory(
                keys={digest_of(SECRET): Key(id="k1", name="mine", project="p1", organisation="o1")},
                projects={"p1": Project("p1", "p1")},
                hosts={**hosts, LOCAL_HOST: Host(LOCAL_HOST)},
                offerings=(
                    *(Offering(name, "m", name) for name in hosts),
                    Offering(LOCAL_HOST, CHAT, CHAT, capabilities=frozenset({"chat"})),
                    Offering(LOCAL_HOST, EMBED, EMBED, capabilities=frozenset({"embed"})),
                ),
            )
        )

    # The client's side

    def talk(self, *pieces: bytes) -> list[Answer]:
        """Send `pieces` one by one, then read until the server hangs up."""
        return self.run(self._talk(pieces))

    async def _talk(self, pieces: Sequence[bytes]) -> list[Answer]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            with contextlib.suppress(ConnectionError):
                for piece in pieces:
                    writer.write(piece)
                    await writer.drain()
            data = b""
            with contextlib.suppress(ConnectionError):
                while more := await reader.read(1 << 20):
                    data += more
            return answers(data)
        finally:
            writer.close()

    def post(self, dialect: str, body: bytes, **headers: str) -> Answer:
        """One well-formed request with whatever body."""
        (answer,) = self.talk(request(dialect, body, **headers))
        return answer

    @contextlib.asynccontextmanager
    async def client(self, data: bytes) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """A connection on which `data` was sent; for use on the stage's loop."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 16)
        try:
            writer.write(data)
            yield reader, writer
        finally:
            writer.transport.abort()

    @property
    def idle(self) -> int:
        """Connections to hosts that wait for a call."""
        return sum(len(lane.idle) for lane in self.pool._lanes.values())

    def wait(self, condition: Callable[[], bool]) -> None:
        """Until `condition` holds, which must not take long."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, "it does not come"
            time.sleep(0.002)

    def entries(self) -> list[Entry]:
        """The ledger so far."""
        for path in spool_files(self.spool):
            batch = read_batch(path, self._offsets.get(path, 0), 10**6)
            self._offsets[path] = batch.offset
            self._entries += batch.entries
        return self._entries

    # The end

    def settle(self) -> None:
        """Every client has gone: nothing may be left of them, and nothing may have gone wrong."""
        self.wait(lambda: not self.server.connections and not self.plant.drivers)
        complaints, self.complaints[:] = list(self.complaints), []
        assert not complaints, "\n".join(complaints)

    def close(self) -> None:
        """Clear the stage."""
        self.run(self._drop_curtain())
        logging.getLogger("counterpoint").removeHandler(self._log)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE)
        self.loop.close()
        self._sockets.cleanup()

    async def _drop_curtain(self) -> None:
        self._sweeping.cancel()
        await self.server.drain(0.1)
        self._engines.close()
        if self._supervisor is not None:
            await self._supervisor.stop()
        self.pool.close()
        for _, server in self._hosts.values():
            server.close()
        await self._connections.end()
        self._ledger.close()


class _NoKeys:
    """Nobody knows a key that the directory does not."""

    def look_up(self, digest: bytes, answer: Callable[[Key | None], None]) -> None:
        asyncio.get_running_loop().call_soon(answer, None)


class _Log(logging.Handler):
    """Whatever our code finds worth an error."""

    def __init__(self, complaints: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._complaints = complaints

    def emit(self, record: logging.LogRecord) -> None:
        self._complaints.append(self.format(record))
