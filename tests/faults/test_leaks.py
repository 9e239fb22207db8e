"""A worker process after thousands of calls, good, bad and broken off: no file stays open, no memory is lost."""

import asyncio
import json
import os
import random
from pathlib import Path
from typing import Any

from tests.unit.app.rig import Rig, with_worker
from tests.unit.gateway.conversation import CHAT_STREAM
from tests.unit.serving.talk import until

ROUND = 400
"""Calls between two looks at the process."""
SPAN = 5
GROWTH = 8 << 20
"""In so many looks, a process may grow by fewer bytes."""


def post(body: bytes, *, path: str = "/v1/chat/completions", key: str = "known") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


def chat(content: Any = "hi", model: str = "gpt-x", **more: Any) -> bytes:
    return json.dumps({"model": model, "messages": [{"role": "user", "content": content}], **more}).encode()


ANSWERED = (
    post(chat()),
    post(chat(stream=True)),
    post(chat(max_tokens=9, stream=True), path="/v1/messages"),
    post(chat(max_tokens=9), path="/v1/messages"),
    post(chat(max_tokens=9), path="/v1/messages/count_tokens"),
    post(chat("x" * 200_000)),
    post(chat(model="nobody's")),
    post(chat(model="alpha/" + "x" * 100_000)),
    post(chat(), key="newer"),
    post(chat(), key="guessed"),
    post(b"{", path="/v1/messages"),
    post(b'{"model":"gpt-x","messages":' + b"[" * 50_000 + b"]" * 50_000 + b"}"),
    post(chat(max_tokens=True), path="/v1/messages"),
    post(b"", path="/nowhere"),
    b"GET /v1/models HTTP/1.1\r\nhost: x\r\nauthorization: Bearer known\r\n\r\n",
)
REFUSED = (
    b"NONSENSE\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n",
    b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999\r\n\r\n",
    b"GET / HTTP/1.1\r\nhost: x\r\n" + b"a: b\r\n" * 200 + b"\r\n",
)
LEFT = (
    (post(chat("hang", stream=True)), CHAT_STREAM[0]),
    (post(chat("hang", stream=True)) + post(chat()) * 3, CHAT_STREAM[1]),
    (post(chat("hang", stream=True)), b""),
    (post(chat("x" * 200_000))[:100_000], b""),
    (post(chat())[:40], b""),
    (b"", b""),
)
"""What a client sends before it leaves, and what it waits for until it does."""
TOGETHER = 20
"""Clients at a time."""


class Process:
    """What the system says of a process."""

    def __init__(self, pid: int) -> None:
        self._folder = Path("/proc") / str(pid)

    def files(self) -> int:
        return len(os.listdir(self._folder / "fd"))

    def memory(self) -> int:
        return int((self._folder / "statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def call(rig: Rig, chance: random.Random) -> None:
    """One client: some calls on one connection, the last of which is refused or broken off."""
    reader, writer = await asyncio.open_connection("127.0.0.1", rig.port)
    for data in chance.choices(ANSWERED, k=chance.randint(0, 3)):
        writer.write(data)
        await answer(reader)
    if chance.random() < 0.3:
        writer.write(chance.choice(REFUSED))
        await answer(reader)
    else:
        data, until = chance.choice(LEFT)
        writer.write(data)
        if until:
            await reader.readuntil(until)
    if chance.random() < 0.5:
        writer.close()
    else:
        writer.transport.abort()


async def answer(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
    if length:
        await reader.readexactly(int(length))
        return
    while size := int(await reader.readline(), 16):
        await reader.readexactly(size + 2)
    await reader.readline()


async def calls(rig: Rig, chance: random.Random) -> None:
    for _ in range(ROUND // TOGETHER):
        async with asyncio.timeout(30):
            await asyncio.gather(*(call(rig, chance) for _ in range(TOGETHER)))


def test_thousands_of_calls_leave_nothing_behind(tmp_path: Path) -> None:
    async def test(rig: Rig) -> None:
        chance = random.Random(5)
        await rig.ask(json.loads(chat()))
        (pid,) = rig.workers.pids.values()
        worker = Process(pid)
        files = worker.files()
        memory: list[int] = []
        # It goes up and down with the calls that happen to run together; what leaks goes up and up.
        while len(memory) <= SPAN or (memory[-1] >= memory[-SPAN] + GROWTH and len(memory) < 6 * SPAN):
            await calls(rig, chance)
            memory.append(worker.memory())
        # Connections to hosts that wait for the next call may stay.
        await until(lambda: worker.files() <= files + TOGETHER)
        assert memory[-1] < memory[-SPAN] + GROWTH
        assert rig.workers.pids == {"worker-1": pid}, "it was never started again"
        status, _, _ = await rig.ask(json.loads(chat()))
        assert status == 200

    with_worker(tmp_path, test)
