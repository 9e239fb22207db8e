"""A platform under load for as long as one likes, while everything around it fails: hosts, clients, its own workers,
its database. What must not happen is that it forgets an answer, grows, slows down, or lets a good call fail.

`python -m tests.soak --minutes 30` is `make soak`.
"""

import asyncio
import contextlib
import json
import os
import random
import signal
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counterpoint.storage.database import open_database
from tests.faults.fleet import KEY, Fleet, Part
from tests.soak.watching import Growth, Seen, growth, look, percentile, stability
from tests.staging.faulty import Faulty, faulty

FAULTS = ("resets", "429", "500", "stalls", "cut-in-chunk", "error-inside")
LOUD = tuple(fault for fault in FAULTS if fault != "stalls")
"""Those for whose end nobody has to wait ten minutes, as a host may take by default."""
KINDS = {"plain": 60, "stream": 15, "rough": 10, "rough stream": 5, "failing": 5, "leaving": 5}
"""What callers do, by weight. `rough`: a route whose first host fails; `failing`: nobody else can be asked."""
PATIENCE = 20.0
SATURATING_SECONDS = 10.0
CALM_SECONDS = 4.0
"""So long after a disturbance a call may be slow, and after a worker was killed broken off."""


@dataclass(frozen=True)
class Settings:
    """`seconds` of load at `rate` calls a second (`None`: half of what it takes at most) by `clients`; `warm`: seconds
    in which processes find their size; `every`: between disturbances."""

    seconds: float
    rate: float | None = None
    clients: int = 96
    warm: float = 60.0
    every: float = 60.0
    away: float = 5.0


@dataclass(frozen=True)
class Report:
    """What came of it. `rate`: calls a second; `lost`, `twice`: answers without an entry, or with more than one."""

    settings: Settings
    seen: Seen
    rate: float
    seconds: float
    growths: tuple[Growth, ...]
    p99: tuple[float, float]
    entries: int
    lost: int
    twice: int

    def lines(self) -> Iterator[str]:
        """For people."""
        calls = sum(sum(each.values()) for each in self.seen.outcomes.values())
        yield f"{calls:,} calls in {self.seconds:,.0f} s, {self.rate:,.0f} a second asked for"
        for kind, outcomes in self.seen.outcomes.items():
            told = ", ".join(f"{count:,} {name}" for name, count in sorted(outcomes.items()))
            yield f"  {kind}: {told}"
        what = [name for _, name in self.seen.disturbances]
        yield "disturbances: " + (", ".join(f"{what.count(n)} x {n}" for n in dict.fromkeys(what)) or "none")
        for each in self.growths:
            first, last = (size / (1 << 20) for size in each.memory)
            yield (
                f"{each.name}: {first:.1f} to {last:.1f} MB ({each.share:+.1%}), "
                f"{each.files[0]:.0f} to {each.files[1]:.0f} files, over {each.seconds:,.0f} s"
            )
        took = [seconds for _, seconds in self.seen.calm]
        yield f"plain calls in calm times: p50 {percentile(took, 0.5) * 1e3:.1f} ms"
        yield f"  p99 of the first third {self.p99[0] * 1e3:.1f} ms, of the last {self.p99[1] * 1e3:.1f} ms"
        answers = len(self.seen.ids)
        yield f"ledger: {self.entries:,} entries; of {answers:,} whole answers {self.lost} lost, {self.twice} twice"
        yield from self.seen.wrong[:20]


class Caller:
    """One client and its connection."""

    def __init__(self, port: int, seen: Seen, chance: random.Random) -> None:
        self._port = port
        self._seen = seen
        self._chance = chance
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def call(self) -> None:
        """One, of some kind; a connection that breaks is made anew by the next."""
        kind = self._chance.choices(list(KINDS), list(KINDS.values()))[0]
        began = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE):
                outcome = await self.ask(kind, began)
        except TimeoutError:
            outcome = "hung"
            self._seen.wrong.append(f"{kind}: no answer within {PATIENCE:g} s")
            self.hang_up()
        except (ConnectionError, asyncio.IncompleteReadError, ValueError) as error:
            outcome = "broken off"
            self.hang_up()
            if not self._seen.disturbed(time.monotonic(), CALM_SECONDS, ("worker killed",)):
                self._seen.wrong.append(f"{kind}: {error!r} with nothing to excuse it")
        self._seen.note(kind, outcome)

    async def ask(self, kind: str, began: float) -> str:
        """What became of it."""
        fault = self._chance.choice(FAULTS if kind.startswith("rough") else LOUD)
        model = {"rough": f"rough-{fault}", "failing": f"{fault}/m", "leaving": "endless/m"}
        streamed = kind in ("stream", "rough stream", "leaving")
        name = model.get(kind.partition(" ")[0], "steady/m")
        if self._reader is not None and self._reader.at_eof():
            self.hang_up()  # a worker that was replaced has closed what nobody used
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(_request(name, streamed=streamed))
        head = await self._reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        if kind == "leaving" and status == 200:
            await self._reader.readuntil(b"Hello")
            self.hang_up()
            return "left"
        body = await _body(self._reader, head.lower())
        self._seen.ids.append(_field(head, b"x-request-id"))
        if b"connection: close" in head.lower():
            self.hang_up()
        took = time.monotonic() - began
        if kind == "plain" and not self._seen.disturbed(time.monotonic(), CALM_SECONDS):
            self._seen.calm.append((began, took))
        good = status == 200 and b"Hello" in body and (not streamed or b"[DONE]" in body)
        if not good and kind not in ("failing", "leaving"):
            self._seen.wrong.append(f"{kind} ({name}): {status} {body[:200]!r}")
        return "answered" if good else f"refused with {status}"

    def hang_up(self) -> None:
        """The next call makes a new connection."""
        if self._writer is not None:
            self._writer.transport.abort()
        self._reader = self._writer = None


def _request(model: str, *, streamed: bool) -> bytes:
    body = json.dumps(
        {"model": model, "stream": streamed, "messages": [{"role": "user", "content": "hi"}]}
    ).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\n"
    return f"{head}content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


def _field(head: bytes, name: bytes) -> str:
    return head.lower().partition(b"\r\n" + name + b": ")[2].partition(b"\r\n")[0].decode()


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    length = _field(head, b"content-length")
    if length:
        return await reader.readexactly(int(length))
    body = b""
    while size := int(await reader.readline(), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return body


def configuration(hosts: Faulty) -> str:
    """A steady host, faulty ones, and routes that lead from each of these to the steady one."""
    named = {"steady": "good", "endless": "floods", **{fault: fault for fault in FAULTS}}
    lines = ["[models]", "pull = []", "[server]", 'grace = "10s"']
    for name, fault in named.items():
        url = hosts.url(fault, "openai-chat") + "/v1"
        lines += ["[[providers]]", f'name = "{name}"', f'base_url = "{url}"', 'models = ["m"]']
    for fault in FAULTS:
        lines += ["[[routes]]", f'name = "rough-{fault}"', f'targets = ["{fault}/m", "steady/m"]']
        lines += ["timeouts = { first_event = 1.0, idle = 1.0 }"]
    return "\n".join([*lines, ""])


async def soak(fleet: Fleet, settings: Settings) -> Report:
    """Start, load, disturb, stop, count."""
    async with faulty() as hosts:
        fleet.config.write_text(configuration(hosts))
        part = await asyncio.to_thread(fleet.start, "up", "soaked", "--port", "0", "--admin-port", "0")
        seen = Seen()
        rate = settings.rate or await _saturation(part.port, settings.clients) / 2
        began = time.monotonic()
        async with _beside(_watch(part, seen)), _beside(_disturb(fleet, part, seen, settings)):
            await _load(part.port, seen, rate, settings)
        seconds = time.monotonic() - began
        growths = _growths(seen, settings)
        assert await asyncio.to_thread(part.stop) == 0, part.log.read_text()[-4000:]
        counts = await asyncio.to_thread(_ledger, fleet.url)
    lost = sum(id_ not in counts for id_ in seen.ids)
    twice = sum(count > 1 for count in counts.values())
    return Report(
        settings, seen, rate, seconds, growths, stability(seen.calm), sum(counts.values()), lost, twice
    )


@contextlib.asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Have `work` done until the block ends."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _saturation(port: int, clients: int) -> float:
    """Calls a second, of all kinds, when everybody asks again at once."""
    seen, begin = Seen(), time.monotonic()
    end = begin + SATURATING_SECONDS

    async def ask(number: int) -> None:
        caller = Caller(port, seen, random.Random(number))
        while time.monotonic() < end:
            await caller.call()
        caller.hang_up()

    await asyncio.gather(*(ask(number) for number in range(clients)))
    calls = sum(sum(each.values()) for each in seen.outcomes.values())
    return calls / (time.monotonic() - begin)


async def _load(port: int, seen: Seen, rate: float, settings: Settings) -> None:
    """Calls that come at random times, `rate` a second on average, whatever becomes of those before."""
    chance = random.Random(7)
    due: asyncio.Queue[bool] = asyncio.Queue(maxsize=settings.clients * 4)

    async def work(number: int) -> None:
        caller = Caller(port, seen, random.Random(number))
        while await due.get():
            await caller.call()
        caller.hang_up()

    async with asyncio.TaskGroup() as group:
        for number in range(settings.clients):
            group.create_task(work(number))
        begin = at = time.monotonic()
        while at < begin + settings.seconds:
            at += chance.expovariate(rate)
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            await due.put(True)
        for _ in range(settings.clients):
            await due.put(False)


async def _watch(part: Part, seen: Seen) -> None:
    while True:
        now = time.monotonic()
        pids = await asyncio.to_thread(part.workers)
        for name, pid in [("control", part.process.pid), *(("worker", pid) for pid in pids)]:
            found = look(pid, now)
            if found is not None:
                seen.looks[name, pid].append(found)
        await asyncio.sleep(0.5)


async def _disturb(fleet: Fleet, part: Part, seen: Seen, settings: Settings) -> None:
    """A worker replaced, a worker killed, the database away for a while, again and again."""
    while True:
        await asyncio.sleep(settings.every)
        seen.disturbances.append((time.monotonic(), "workers replaced"))
        part.process.send_signal(signal.SIGHUP)
        await asyncio.sleep(settings.every)
        seen.disturbances.append((time.monotonic(), "worker killed"))
        for pid in await asyncio.to_thread(part.workers):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            break
        await asyncio.sleep(settings.every)
        seen.disturbances.append((time.monotonic(), "database away"))
        await asyncio.to_thread(fleet.stop_database)
        await asyncio.sleep(settings.away)
        await asyncio.to_thread(fleet.start_database)
        seen.disturbances.append((time.monotonic(), "database back"))


def _growths(seen: Seen, settings: Settings) -> tuple[Growth, ...]:
    found = (growth(name, looks, settings.warm, settings.warm / 2) for (name, _), looks in seen.looks.items())
    return tuple(each for each in found if each is not None)


def _ledger(url: str) -> dict[str, int]:
    """How often each id stands there."""
    database = open_database(url)
    found: dict[str, int] = {}
    with database.read() as connection:
        for id_ in connection.exec_driver_sql("SELECT id FROM ledger_entries").scalars():
            found[id_] = found.get(id_, 0) + 1
    database.close()
    return found


def run(folder: Path, settings: Settings) -> Report:
    """A soak in a folder of its own."""
    fleet = Fleet(folder)
    try:
        return asyncio.run(soak(fleet, settings))
    finally:
        fleet.close()
