"""A gateway that keeps answers, behind its real server, with hosts of two dialects; all in this process."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvloop

from counterpoint.canonical import Failure, FailureKind
from counterpoint.control.kept import KeptAnswers
from counterpoint.directory import Directory, Host, Key, Offering
from counterpoint.directory.keytext import digest_of
from counterpoint.directory.routes import Project
from counterpoint.engines.links import Links
from counterpoint.gateway.driver import Plant
from counterpoint.gateway.service import Gateway
from counterpoint.kept import Ask, Tell
from counterpoint.ledger.spool import SpoolWriter
from counterpoint.serving import Server
from counterpoint.serving.server import bind
from counterpoint.storage.database import open_database, sqlite_url
from counterpoint.storage.migrate import migrate
from counterpoint.transport import Pool
from tests.unit.gateway.conversation import PRICE
from tests.unit.gateway.front import Answer, Front, LateKeys

CHATTY, TYPED, KEEPER = "chatty/m", "typed/m", "keeper/m"
KEYS = {
    name: Key(id=f"key-{name}", name=name, project=f"p-{name}", organisation="o")
    for name in ("mine", "theirs")
}


class Memory:
    """The port, with the real service behind it. `away`: nobody answers."""

    def __init__(self, kept: KeptAnswers) -> None:
        self.kept = kept
        self.away = False
        self.asked: list[Ask] = []

    def ask(self, question: Ask, answer: Callable[[Tell | Failure], None]) -> None:
        self.asked.append(question)
        loop = asyncio.get_running_loop()
        if self.away:
            failure = Failure(FailureKind.unavailable, "away", code="state_unavailable", retry_after=1)
            loop.call_soon(answer, failure)
            return
        found = self.kept.answer(question)
        loop.call_soon(answer, found)


class World:
    """What a test holds. `sent`: what hosts were asked, by host. `pause`: hosts wait for it in mid-stream. `deleted`:
    paths that hosts were asked to delete."""

    def __init__(self, front: Front, memory: Memory, gateway: Gateway) -> None:
        self.front = front
        self.memory = memory
        self.gateway = gateway
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.pause: asyncio.Event | None = None
        self.count = 0
        self.output: list[dict[str, Any]] | None = None
        self.deleted: asyncio.Queue[str] = asyncio.Queue()

    async def call(
        self, method: str, path: str, body: Any = None, *, key: str = "mine", status: int = 200
    ) -> Any:
        """One call; the JSON (or bytes) of its answer."""
        data = b"" if body is None else json.dumps(body).encode()
        answer = await self.front.call(method, path, data, key=key)
        assert answer[0] == status, answer
        return answer[2]

    async def create(self, model: str, said: Any = None, *, status: int = 200, **more: Any) -> Any:
        """One response."""
        body = {"model": model, **({} if said is None else {"input": said}), **more}
        return await self.call("POST", "/v1/responses", body, status=status)

    def words(self, number: int = -1) -> list[Any]:
        """What a host was sent, in short: the words of each message."""
        _, body = self.sent[number]
        items = body.get("input", body.get("messages"))
        return [_words(item) for item in items] if isinstance(items, list) else [items]


def _words(item: dict[str, Any]) -> Any:
    content = item.get("content", item.get("output", item.get("type")))
    return "".join(part.get("text", "") for part in content) if isinstance(content, list) else content


def events_of(stream: bytes) -> list[dict[str, Any]]:
    """The events of a stream; chunk sizes are between them."""
    lines = [line for line in stream.split(b"\n") if line.startswith(b"data: {")]
    return [json.loads(line[6:]) for line in lines]


def with_memory(tmp_path: Path, test: Callable[[World], Awaitable[None]]) -> None:
    """Run `test` against a fresh gateway."""

    async def run() -> None:
        async with _world(tmp_path) as world, asyncio.timeout(30):
            await test(world)

    uvloop.run(run())


@asynccontextmanager
async def _world(tmp_path: Path) -> AsyncIterator[World]:
    database = open_database(sqlite_url(tmp_path))
    migrate(database)
    memory = Memory(KeptAnswers(database))
    spool = SpoolWriter(tmp_path / "spool", "test")

    def nowhere(model: str, answer: Callable[[Path | Failure], None]) -> None:
        raise AssertionError(model)

    plant = Plant(Pool(), Links(nowhere), spool, LateKeys())
    gateway = Gateway(plant, memory=memory)
    sock = bind("127.0.0.1", 0)
    world = World(Front(sock.getsockname()[1], tmp_path / "spool", gateway, plant), memory, gateway)

    async def host(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                body = json.loads(await reader.readexactly(length) or b"{}")
                method, path = head.decode().split(" ")[:2]
                name = path.split("/")[1]
                if method == "DELETE":
                    world.deleted.put_nowait(path)
                    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
                    continue
                world.sent.append((name, body))
                await _answer(world, name, body, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    upstream = await asyncio.start_server(host, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{upstream.sockets[0].getsockname()[1]}"
    responses, keeps = {"openai-responses": "/responses"}, frozenset({"keeps_answers"})
    hosts = (
        Host("chatty", f"{address}/chatty", {"openai-chat": "/chat"}),
        Host("typed", f"{address}/typed", responses),
        Host("keeper", f"{address}/keeper", responses, quirks=keeps),
    )
    gateway.publish(
        Directory(
            revision=1,
            keys={digest_of(name): key for name, key in KEYS.items()},
            projects={key.project: Project(key.project, name) for name, key in KEYS.items()},
            hosts={item.name: item for item in hosts},
            offerings=tuple(Offering(item.name, "m", "m", price=PRICE) for item in hosts),
        )
    )
    server = Server(gateway)
    await server.listen(sock)
    try:
        yield world
    finally:
        await server.drain(0.1)
        await gateway.close()
        plant.pool.close()
        spool.close()
        upstream.close()
        database.close()


async def _answer(world: World, name: str, body: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    """`pong 1`, `pong 2`, ... in the host's dialect."""
    world.count += 1
    text = f"pong {world.count}"
    value, stream = _chat(text, world.count) if name == "chatty" else _response(world, text, body)
    if not body.get("stream"):
        data = json.dumps(value).encode()
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n")
        writer.write(b"content-length: %d\r\n\r\n%s" % (len(data), data))
        return
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
    for place, piece in enumerate(stream):
        if place == len(stream) - 2 and world.pause is not None:
            await world.pause.wait()
        writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        await writer.drain()
    writer.write(b"0\r\n\r\n")


def _chat(text: str, count: int) -> tuple[dict[str, Any], list[bytes]]:
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
    base = {"id": "chatcmpl-same", "created": 1, "model": "m"}
    message = {"role": "assistant", "content": text}
    whole = {
        **base,
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": usage,
    }
    deltas: list[tuple[dict[str, Any], str | None]] = [(message, None), ({}, "stop")]
    chunks: list[dict[str, Any]] = [
        {
            **base,
            "object": "chat.completion.chunk",
            "choices": [{"index": 0, "delta": delta, "finish_reason": end}],
        }
        for delta, end in deltas
    ]
    chunks.append({**base, "object": "chat.completion.chunk", "choices": [], "usage": usage})
    return whole, [b"data: %s\n\n" % json.dumps(chunk).encode() for chunk in chunks] + [b"data: [DONE]\n\n"]


def _response(world: World, text: str, body: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    part = {"type": "output_text", "text": text, "annotations": []}
    item = {
        "id": f"msg_{world.count}",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [part],
    }
    whole = {
        "id": f"resp_up{world.count}",
        "object": "response",
        "created_at": 7,
        "model": "m-1",
        "status": "completed",
        "store": body.get("store", True),
        "previous_response_id": body.get("previous_response_id"),
        "output": [*(world.output or []), item],
        "usage": {"input_tokens": 3, "output_tokens": 2, "total_tokens": 5},
    }
    begun = {**whole, "status": "in_progress", "output": []}
    told: list[dict[str, Any]] = [
        {"type": "response.created", "response": begun},
        {"type": "response.output_item.added", "output_index": 0, "item": {**item, "content": []}},
        {
            "type": "response.output_text.delta",
            "item_id": item["id"],
            "output_index": 0,
            "content_index": 0,
            "delta": text,
        },
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": whole},
    ]
    frames = [
        b"event: %s\ndata: %s\n\n"
        % (event["type"].encode(), json.dumps({**event, "sequence_number": number}).encode())
        for number, event in enumerate(told)
    ]
    return whole, frames


__all__ = ["CHATTY", "KEEPER", "TYPED", "Answer", "Memory", "World", "events_of", "with_memory"]
