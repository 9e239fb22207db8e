"""Several gateways over one PostgreSQL, a host that counts what it is paid for, and many callers at once."""

import asyncio
import contextlib
import hashlib
import json
import os
import resource
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.databases import postgresql
from tests.running import first_object

KEY = "sk-a-key-that-all-gateways-know"
PROGRAM = Path(sys.executable).with_name("counterpoint")
INPUT, OUTPUT = 20, 50
"""Tokens that the host counts for each call."""
INPUT_PRICE, OUTPUT_PRICE = 1, 10
"""Per million tokens, so in micro-units a token."""
COST = INPUT * INPUT_PRICE + OUTPUT * OUTPUT_PRICE
BODY = {"model": "mock/m", "max_tokens": 100, "messages": [{"role": "user", "content": "Say something."}]}
STOP_SECONDS = 30


class Said(NamedTuple):
    """An answer, as its caller saw it. `at`: when the host was paid for it, or it was refused."""

    status: int
    headers: dict[str, str]
    body: bytes


@contextlib.contextmanager
def closing(writer: asyncio.StreamWriter) -> Iterator[None]:
    """Nothing of the connection is left when the block ends."""
    try:
        yield
    finally:
        writer.transport.abort()


class Host:
    """Speaks the chat dialect that most hosts speak. `paid`: when it began each answer, on the loop's clock."""

    def __init__(self, seconds: float = 0.02) -> None:
        self.seconds = seconds
        self.paid: list[float] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=4096)
        self.port = self._socket.getsockname()[1]

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator["Host"]:
        """Until the block ends."""
        async with await asyncio.start_server(self._take, sock=self._socket):
            yield self
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await asyncio.sleep(0.1)  # what was aborted is closed in the loop's next turns

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError), closing(writer):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    int(line[15:])
                    for line in head.lower().split(b"\r\n")
                    if line.startswith(b"content-length:")
                )
                asked = json.loads(await reader.readexactly(length))
                self.paid.append(asyncio.get_running_loop().time())
                await asyncio.sleep(self.seconds)
                writer.write(_streamed() if asked.get("stream") else _whole())
                await writer.drain()


def _usage() -> dict[str, int]:
    return {"prompt_tokens": INPUT, "completion_tokens": OUTPUT, "total_tokens": INPUT + OUTPUT}


def _whole() -> bytes:
    message = {"role": "assistant", "content": "Something."}
    body = json.dumps(
        {
            "id": "c",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": _usage(),
        }
    ).encode()
    return (
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body) + body
    )


def _streamed() -> bytes:
    def event(**fields: Any) -> bytes:
        told = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", **fields}
        return b"data: " + json.dumps(told).encode() + b"\n\n"

    def choice(delta: dict[str, str], finish: str | None = None) -> list[Any]:
        return [{"index": 0, "delta": delta, "finish_reason": finish}]

    body = (
        event(choices=choice({"role": "assistant", "content": "Some"}))
        + event(choices=choice({"content": "thing."}, "stop"))
        + event(choices=[], usage=_usage())
        + b"data: [DONE]\n\n"
    )
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    return head + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


class Fleet:
    """What runs. `database`: the URL."""

    def __init__(self, folder: Path, database: str, configuration: str) -> None:
        self._folder = folder
        self.database = database
        self._file = folder / "counterpoint.toml"
        self._file.write_text(configuration)
        self.processes: list[subprocess.Popen[str]] = []
        self.gateways: list[str] = []

    def start(self, name: str) -> str:
        """One more gateway, as on a machine of its own; its address."""
        data = self._folder / name
        data.mkdir(exist_ok=True)
        environment = {
            **os.environ,
            "COUNTERPOINT_LANG": "en",
            "COUNTERPOINT_DATABASE_URL": self.database,
            "COUNTERPOINT_MASTER_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        }
        command: list[str | Path] = [PROGRAM, "gateway", "--json", "--port", "0", "--workers", "1"]
        with (self._folder / f"{name}.log").open("w") as log:
            process = subprocess.Popen(
                [*command, "--data", data, "--config", self._file],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        self.processes.append(process)
        told = first_object(process)
        assert told is not None, (self._folder / f"{name}.log").read_text()[-4000:]
        self.gateways.append(told["gateway"].rstrip("/"))
        return self.gateways[-1]

    def stop(self) -> None:
        """All of them, in order."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def configuration(host: int, limits: str) -> str:
    """For a host at that port."""
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    return f"""
[models]
pull = []

[[providers]]
name = "mock"
base_url = "http://127.0.0.1:{host}"
dialects = {{ openai-chat = "/v1/chat/completions" }}
models = ["m"]

[[keys]]
name = "team"
sha256 = "{digest}"

[[prices]]
offering = "mock/m"
prices = {{ input = {INPUT_PRICE}, output = {OUTPUT_PRICE} }}

{limits}
"""


@contextlib.contextmanager
def fleet(folder: Path, host: int, limits: str, count: int) -> Iterator[Fleet]:
    """So many gateways, with a database of their own."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 20_000)), hard))
    with postgresql().fresh() as database:
        started = Fleet(folder, database, configuration(host, limits))
        try:
            for number in range(count):
                started.start(f"gateway-{number + 1}")
            yield started
        finally:
            started.stop()


async def call(gateway: str, *, stream: bool = False, body: dict[str, Any] | None = None) -> Said:
    """One call on a connection of its own."""
    place = urlsplit(gateway)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    with closing(writer):
        return await _ask(reader, writer, stream=stream, body=body or BODY)


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, stream: bool, body: dict[str, Any]
) -> Said:
    data = json.dumps({**body, **({"stream": True} if stream else {})}).encode()
    writer.write(
        b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %b\r\n"
        b"content-type: application/json\r\ncontent-length: %d\r\n\r\n" % (KEY.encode(), len(data)) + data
    )
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if "content-length" in headers:
        return Said(int(first.split()[1]), headers, await reader.readexactly(int(headers["content-length"])))
    whole = b""
    while size := int(await reader.readline(), 16):
        whole += (await reader.readexactly(size + 2))[:-2]
    await reader.readexactly(2)
    return Said(int(first.split()[1]), headers, whole)


async def storm(gateways: Sequence[str], count: int) -> list[Said]:
    """So many calls at once, every other one streamed, spread over the gateways."""
    return await asyncio.gather(
        *(call(gateways[number % len(gateways)], stream=number % 2 == 1) for number in range(count))
    )


async def hammer(gateways: Sequence[str], callers: int, seconds: float, *, pause: float = 0.0) -> list[Said]:
    """So many callers, each calling again as soon as it has an answer. `pause`: after a refusal."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    answers: list[Said] = []

    async def one(number: int) -> None:
        place = urlsplit(gateways[number % len(gateways)])
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        with closing(writer):
            while loop.time() < until:
                answers.append(await _ask(reader, writer, stream=number % 2 == 1, body=BODY))
                if answers[-1].status != 200:
                    await asyncio.sleep(pause)

    await asyncio.gather(*(one(number) for number in range(callers)))
    return answers
