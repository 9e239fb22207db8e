"""A host that answers with given bytes, piece by piece, and a gateway in a thread of the test that calls it."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import uvloop

from counterpoint.app.shelving import Reception, Workshop
from counterpoint.canonical import Failure, FailureKind
from counterpoint.control.claiming import Claims
from counterpoint.control.masterkey import new_master_key
from counterpoint.control.shelf import Shelf
from counterpoint.directory import Directory, Key
from counterpoint.engines.links import Links
from counterpoint.gateway.driver import Plant
from counterpoint.gateway.service import Gateway
from counterpoint.kept.errands import Done, Errand
from counterpoint.ledger import Entry
from counterpoint.ledger.reader import read_batch, spool_files
from counterpoint.ledger.spool import SpoolWriter
from counterpoint.serving import Server
from counterpoint.serving.server import bind
from counterpoint.storage.database import open_database, sqlite_url
from counterpoint.storage.migrate import migrate
from counterpoint.transport import Pool


@dataclass
class Asked:
    """A request that a host got."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Told:
    """What it answers. `breaks`: it hangs up after the pieces, although more was promised."""

    pieces: Sequence[bytes]
    media_type: str = "application/json"
    status: int = 200
    breaks: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


class Replaying:
    """`told`: method and path to the answer. `asked`: what came in. `gate`: it answers nothing until that is set."""

    def __init__(self) -> None:
        self.url = ""
        self.told: dict[tuple[str, str], Told] = {}
        self.asked: list[Asked] = []
        self.gate: threading.Event | None = None


@contextmanager
def replaying() -> Iterator[Replaying]:
    """A running host."""
    host = Replaying()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            if host.gate is not None:
                host.gate.wait(20)
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            host.asked.append(Asked(self.command, self.path, headers, body))
            told = host.told.get((self.command, self.path)) or Told(
                (b'{"error":"nothing here"}',), status=404
            )
            self.send_response(told.status)
            self.send_header("content-type", told.media_type)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            for piece in told.pieces:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                self.wfile.flush()
            if told.breaks:
                self.close_connection = True
            else:
                self.wfile.write(b"0\r\n\r\n")

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - names that http.server wants

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as http.server calls it
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Control:
    """The control process, as far as a gateway asks it: it keeps files and batches, and knows the keys for these."""

    def __init__(self) -> None:
        self.reception: Reception | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def look_up(self, digest: bytes, answer: Callable[[Key | None], None]) -> None:
        self._do(self._look_up(digest, answer))

    async def _look_up(self, digest: bytes, answer: Callable[[Key | None], None]) -> None:
        async def nobody(_: bytes) -> Key | None:
            return None

        answer(await self.reception.looking_up(nobody)(digest) if self.reception else None)

    def run(self, errand: Errand, answer: Callable[[Done | Failure], None]) -> None:
        self._do(self._run(errand, answer))

    async def _run(self, errand: Errand, answer: Callable[[Done | Failure], None]) -> None:
        assert self.reception is not None
        answer(await self.reception.desk.run(errand))

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


@dataclass
class Served:
    """A gateway that answers at `url`."""

    url: str
    spool: Path

    def entries(self) -> list[Entry]:
        """The ledger so far."""
        return [entry for path in spool_files(self.spool) for entry in read_batch(path, 0).entries]


@contextmanager
def serving(directory: Directory, folder: Path, tls: ssl.SSLContext | None = None) -> Iterator[Served]:
    """A gateway behind its real server, in a thread, until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    started = threading.Event()
    ports: list[int] = []
    ending: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def nowhere(model: str, answer: Callable[[Path | Failure], None]) -> None:
        failure = Failure(FailureKind.unavailable, f"no {model} here", code="gone")
        asyncio.get_running_loop().call_soon(answer, failure)

    async def run() -> None:
        stop = asyncio.Event()
        ending.append((asyncio.get_running_loop(), stop))
        spool = SpoolWriter(folder / "spool", "test")
        control = Control()
        plant = Plant(Pool(), Links(nowhere), spool, control)
        gateway = Gateway(plant, desk=control)
        gateway.publish(directory)
        server = Server(gateway)
        sock = bind("127.0.0.1", 0)
        ports.append(sock.getsockname()[1])
        await server.listen(sock, tls)
        url = f"http://127.0.0.1:{ports[0]}"
        database = open_database(sqlite_url(folder))
        migrate(database)
        shelf, masters = Shelf(database), (new_master_key(),)
        workshop = Workshop(shelf, masters, Claims(database, "me"), lambda: url)
        control.reception = Reception(shelf, masters, lambda: directory)
        control.reception.begun = workshop.batches.begin
        working = asyncio.create_task(workshop.batches.watch())
        started.set()
        await stop.wait()
        gateway.part()
        working.cancel()
        await workshop.stop()
        control.reception.close()
        database.close()
        await server.drain(0.1)
        plant.pool.close()
        spool.close()

    thread = threading.Thread(target=lambda: uvloop.run(run()))
    thread.start()
    try:
        assert started.wait(30)
        yield Served(f"http{'s' if tls else ''}://127.0.0.1:{ports[0]}", folder / "spool")
    finally:
        for loop, stop in ending:
            loop.call_soon_threadsafe(stop.set)
        thread.join()
