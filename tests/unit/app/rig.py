"""A gateway worker in its own process, with this test as its control process and as the host behind it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvloop

from counterpoint.app.frames import WorkerSettings
from counterpoint.app.links import WorkerLinks
from counterpoint.app.workers import Workers
from counterpoint.canonical import Failure, FailureKind, Refused
from counterpoint.directory import Directory, Host, Key, Offering
from counterpoint.directory.keytext import digest_of
from counterpoint.directory.routes import Project
from counterpoint.ledger import Entry
from counterpoint.ledger.reader import read_batch, spool_files
from counterpoint.serving.server import bind
from tests.unit.gateway.conversation import CHAT_ANSWER, CHAT_STREAM, PRICE

KEY = Key(id="k1", name="mine", project="p1", organisation="o1")


class Rig:
    """What a test holds: the worker's address, the links to it, what the host was asked."""

    def __init__(self, spool: Path, port: int, host_port: int, links: WorkerLinks, workers: Workers) -> None:
        self.spool = spool
        self.port = port
        self.links = links
        self.workers = workers
        self.asked: list[bytes] = []
        self.looked_up: list[bytes] = []
        self.directory = Directory(
            revision=1,
            keys={digest_of("known"): KEY},
            projects={"p1": Project("p1", "p1")},
            hosts={
                "alpha": Host(
                    "alpha", f"http://127.0.0.1:{host_port}/v1", {"openai-chat": "/chat/completions"}
                )
            },
            offerings=(Offering("alpha", "gpt-x", "gpt-x", price=PRICE),),
        )

    async def ask(
        self, body: Any, *, key: str = "known", path: str = "/v1/chat/completions"
    ) -> tuple[int, dict[str, str], bytes]:
        """One request on a connection of its own: status, headers, body as it came (chunks included)."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        data = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\nconnection: close\r\n"
        writer.write(f"{head}content-length: {len(data)}\r\n\r\n".encode() + data)
        try:
            answer = await reader.read()
        finally:
            writer.close()
        head_bytes, _, rest = answer.partition(b"\r\n\r\n")
        first, *lines = head_bytes.decode().split("\r\n")
        return int(first.split()[1]), dict(line.split(": ", 1) for line in lines), rest

    async def ask_until(self, body: Any, enough: Callable[[int], bool]) -> tuple[int, dict[str, str], bytes]:
        """Ask again until the status is the one wanted: a new directory takes a moment to arrive."""
        while True:
            answer = await self.ask(body)
            if enough(answer[0]):
                return answer

    def entries(self) -> list[Entry]:
        """The ledger entries that stand in the spool."""
        found: list[Entry] = []
        for path in spool_files(self.spool):
            found += read_batch(path, 0).entries
        return found


def with_worker(
    tmp_path: Path, test: Callable[[Rig], Awaitable[None]], *, publish: bool = True, **settings: Any
) -> None:
    """Run `test` against a fresh worker."""

    async def run() -> None:
        rig: Rig | None = None

        async def host(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while True:
                    head = await reader.readuntil(b"\r\n\r\n")
                    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                    body = await reader.readexactly(length)
                    assert rig is not None
                    rig.asked.append(head + body)
                    await _answer(reader, writer, json.loads(body))
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()

        async def look_up(digest: bytes) -> Key | None:
            assert rig is not None
            rig.looked_up.append(digest)
            return KEY if digest == digest_of("newer") else None

        async def ensure(model: str) -> Path:
            raise Refused(Failure(FailureKind.unavailable, f"no {model} here", code="engine_missing"))

        server = await asyncio.start_server(host, "127.0.0.1", 0)
        sock = bind("127.0.0.1", 0)
        port = sock.getsockname()[1]
        spool = tmp_path / "spool"
        links = WorkerLinks(
            WorkerSettings("127.0.0.1", port, str(spool), grace=5.0, **settings), look_up, ensure
        )
        await links.listen(tmp_path / "control.sock")
        workers = Workers(tmp_path / "control.sock", 1)
        rig = Rig(spool, port, server.sockets[0].getsockname()[1], links, workers)
        if publish:
            links.publish(rig.directory)
        workers.start()
        try:
            async with asyncio.timeout(60):
                await links.wait_listening(1)
                await test(rig)
        finally:
            await workers.stop(5.0)
            links.close()
            server.close()
            sock.close()

    uvloop.run(run())


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: dict[str, Any]) -> None:
    if body.get("stream"):
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        for piece in CHAT_STREAM:
            writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            await writer.drain()
        if body["messages"][0]["content"] == "hang":
            await reader.read()  # until the worker has had enough
        writer.write(b"0\r\n\r\n")
    else:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n")
        writer.write(b"content-length: %d\r\n\r\n%s" % (len(CHAT_ANSWER), CHAT_ANSWER))
