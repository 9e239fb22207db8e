"""Clients that vanish from real workers, at every moment and in every way: their host is left within a second, what
was used is settled, and the entry says that they went."""

import asyncio
import contextlib
import math
import socket
import struct
import time
from collections.abc import Iterator

import pytest

from counterpoint.directory import Directory, Host, Offering, Price, PriceTier
from counterpoint.ledger import Entry
from counterpoint.serving import Limits
from tests.staging.faulty import Visit
from tests.staging.tongues import HOST_PATHS, MESSAGES, TONGUES
from tests.staging.words import PATIENCE
from tests.staging.yard import KEYS, PROJECTS, Yard

CANCELLED_SECONDS = 1.0
STALL_SECONDS = 1.5
NAP = 0.005
PRICE = Price(tiers=(PriceTier(input=1_000_000, output=2_000_000),))
MOMENTS = {"before the head": "stalls", "in the answer": "stalls-in-answer", "in a flood": "floods"}
WAYS = ("closes", "resets", "half-closes")


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    yard = Yard(tmp_path_factory.mktemp("yard"), limits=Limits(stall_seconds=STALL_SECONDS))
    hosts = {
        f"{fault}-{dialect}": Host(
            f"{fault}-{dialect}", yard.hosts.url(fault, dialect), {dialect: HOST_PATHS[dialect]}
        )
        for fault in MOMENTS.values()
        for dialect in TONGUES
    }
    offerings = tuple(Offering(name, "m", name, price=PRICE) for name in hosts)
    yard.publish(Directory(revision=1, keys=KEYS, projects=PROJECTS, hosts=hosts, offerings=offerings))
    yield yard
    yard.close()


async def _vanish(yard: Yard, data: bytes, way: str, *, heard: bool) -> tuple[Visit, float, float]:
    """Call, wait until the host is at work (`heard`: and its first words have come), go. The host's visit, how many
    seconds later it was left, and in how many of them the machine had no time for this very loop."""
    coming = yard.hosts.next_visit()
    reader, writer = await asyncio.open_connection("127.0.0.1", yard.port)
    writer.write(data)
    visit = await coming
    if heard:
        await reader.readuntil(b"Hello")
        visit.heard.set()
    went = time.monotonic()
    if way == "half-closes":
        writer.write_eof()
    elif way == "resets":
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
    elif way == "closes":
        writer.transport.abort()
    lost = asyncio.create_task(_lost(visit.over))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await visit.over.wait()
    writer.transport.abort()
    visit.over.set()
    return visit, (visit.left or math.inf) - went, await lost


async def _lost(over: asyncio.Event) -> float:
    """Seconds that naps took too long until it was over: as late as this loop, the host's notes its end, and the worker
    beside it hears of it."""
    seconds = 0.0
    while not over.is_set():
        before = time.monotonic()
        await asyncio.sleep(NAP)
        seconds += max(0.0, time.monotonic() - before - 2 * NAP)
    return seconds


def _settled(yard: Yard, known: int) -> Entry:
    """The entry that was written since there were `known`."""
    end = time.monotonic() + PATIENCE
    while len(found := yard.all_entries()) == known:
        assert time.monotonic() < end, "no entry was written"
        time.sleep(0.01)
    assert len(found) == known + 1
    return found[-1]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("moment", list(MOMENTS)[:2])
@pytest.mark.parametrize("dialect", TONGUES)
def test_a_host_is_left_within_a_second(yard: Yard, dialect: str, moment: str, way: str) -> None:
    known = len(yard.all_entries())
    asking = yard.asking(TONGUES[dialect], f"{MOMENTS[moment]}-{dialect}/m", streamed=True)
    begun = moment == "in the answer"
    visit, seconds, lost = yard.run(_vanish(yard, asking, way, heard=begun))
    assert visit.left is not None, "the host was never left"
    assert seconds - lost < CANCELLED_SECONDS
    entry = _settled(yard, known)
    assert (entry.status, entry.failure, entry.stream) == (499, None, True)
    assert [attempt.offering for attempt in entry.attempts] == [f"{MOMENTS[moment]}-{dialect}/m"]
    if begun:  # what was used is told as far as it is known, and paid for
        assert entry.usage.input > 0
        assert entry.cost
        assert dialect != MESSAGES or entry.usage.input == 3  # whose hosts say so at the beginning


@pytest.mark.parametrize("dialect", TONGUES)
def test_a_whole_answer_that_nobody_waits_for_is_stopped_too(yard: Yard, dialect: str) -> None:
    known = len(yard.all_entries())
    asking = yard.asking(TONGUES[dialect], f"stalls-in-answer-{dialect}/m", streamed=False)
    visit, seconds, lost = yard.run(_vanish(yard, asking, "closes", heard=False))
    assert visit.left is not None
    assert seconds - lost < CANCELLED_SECONDS
    assert _settled(yard, known).status == 499


@pytest.mark.parametrize("dialect", TONGUES)
def test_a_client_that_stops_reading_is_not_waited_for_without_end(yard: Yard, dialect: str) -> None:
    """Its host is slowed down first, and left when the client's time is up."""
    known = len(yard.all_entries())
    asking = yard.asking(TONGUES[dialect], f"floods-{dialect}/m", streamed=True)
    visit, seconds, _ = yard.run(_vanish(yard, asking, "stays", heard=True))
    assert visit.left is not None
    assert seconds > STALL_SECONDS / 2
    assert _settled(yard, known).status == 499
