"""A gateway behind its real server in this process, called over a socket."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvloop

from counterpoint.canonical import Failure, FailureKind
from counterpoint.directory import Directory, Key
from counterpoint.directory.keytext import digest_of
from counterpoint.engines.links import Links
from counterpoint.gateway.driver import Plant
from counterpoint.gateway.service import Cors, Gateway
from counterpoint.ledger import Entry
from counterpoint.ledger.reader import read_batch, spool_files
from counterpoint.ledger.spool import SpoolWriter
from counterpoint.serving import Server
from counterpoint.serving.server import bind
from counterpoint.transport import Pool
from tests.unit.gateway.conversation import DIRECTORY, KEY, SECRET

Answer = tuple[int, dict[str, str], Any]


class LateKeys:
    """The port for keys: knows one that the directory does not have, and answers a moment later."""

    def look_up(self, digest: bytes, answer: Callable[[Key | None], None]) -> None:
        found = KEY if digest == digest_of("late") else None
        asyncio.get_running_loop().call_soon(answer, found)


class Front:
    """What a test holds."""

    def __init__(self, port: int, spool: Path, gateway: Gateway, plant: Plant) -> None:
        self.port = port
        self.gateway = gateway
        self.plant = plant
        self._spool = spool

    async def call(self, method: str, path: str, body: bytes = b"", /, **headers: str) -> Answer:
        """Status, headers and JSON (or bytes) of one answer. `key` among the headers: the bearer token."""
        key = headers.pop("key", SECRET)
        lines = [f"{method} {path} HTTP/1.1", "host: x", "connection: close", f"content-length: {len(body)}"]
        if key:
            lines.append(f"authorization: Bearer {key}")
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return await self.raw("\r\n".join([*lines, "", ""]).encode() + body)

    async def raw(self, data: bytes) -> Answer:
        """The answer to whatever bytes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(data)
            if writer.can_write_eof():
                answer = await asyncio.wait_for(reader.read(), 10)
        finally:
            writer.close()
        head, _, rest = answer.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        pairs = (line.split(": ", 1) for line in lines)
        found = {name.lower(): value for name, value in pairs}
        is_json = found.get("content-type") == "application/json"
        return int(first.split()[1]), found, json.loads(rest) if is_json else rest

    def entries(self) -> list[Entry]:
        """The ledger so far."""
        return [entry for path in spool_files(self._spool) for entry in read_batch(path, 0).entries]


def with_front(
    tmp_path: Path,
    test: Callable[[Front], Awaitable[None]],
    *,
    cors: tuple[str, ...] = (),
    directory: Directory | None = DIRECTORY,
) -> None:
    """Run `test` against a fresh gateway."""

    async def run() -> None:
        def nowhere(model: str, answer: Callable[[Path | Failure], None]) -> None:
            failure = Failure(FailureKind.unavailable, f"no {model} here", code="gone", from_upstream=True)
            asyncio.get_running_loop().call_soon(answer, failure)

        spool = SpoolWriter(tmp_path / "spool", "test")
        plant = Plant(Pool(), Links(nowhere), spool, LateKeys())
        gateway = Gateway(plant, Cors(cors))
        if directory is not None:
            gateway.publish(directory)
        server = Server(gateway)
        sock = bind("127.0.0.1", 0)
        port = sock.getsockname()[1]
        await server.listen(sock)
        try:
            async with asyncio.timeout(30):
                await test(Front(port, tmp_path / "spool", gateway, plant))
        finally:
            await server.drain(0.1)
            plant.pool.close()
            spool.close()

    uvloop.run(run())
