import asyncio
import dataclasses
import json
import threading

import pytest

from counterpoint.api import live
from counterpoint.api.live import Feed, event, stream
from counterpoint.api.services import Services
from counterpoint.control.roles import RIGHTS_OF
from counterpoint.directory.health import OfferingHealth, WorkerHealth
from tests.unit.api.conftest import StillRunning


async def allowed() -> bool:
    return True


def told(feed: Feed) -> list[tuple[str, dict[str, object]]]:
    events = [part.split("\n") for part in feed.news().decode().split("\n\n") if part]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in events]


def test_the_present_first_then_only_what_changes(services: Services, running: StillRunning) -> None:
    feed = Feed(services, RIGHTS_OF["owner"], "en")
    assert [name for name, _ in told(feed)] == ["status", "exchanges"]
    assert told(feed) == []
    running.ready = False
    running.shipped = 3
    status, exchanges = told(feed)
    assert status[1]["state"] == "starting"
    assert exchanges == ("exchanges", {"added": 3, "shipped": 3})


def test_a_job_is_told_from_its_beginning_to_its_end(services: Services) -> None:
    feed = Feed(services, RIGHTS_OF["user"], "en")
    assert told(feed) == []
    go = threading.Event()
    job = services.jobs.start("a model", lambda report: go.wait(10))
    assert [(name, shape["state"]) for name, shape in told(feed)] == [("job", "running")]
    go.set()
    assert job.wait(10)
    assert [(name, shape["state"]) for name, shape in told(feed)] == [("job", "done")]


def test_a_breaker_that_opens_is_told_and_its_figures_are_not(services: Services) -> None:
    measured: list[WorkerHealth] = []
    feed = Feed(dataclasses.replace(services, health=lambda: tuple(measured)), RIGHTS_OF["auditor"], "en")
    told(feed)
    measured[:] = [WorkerHealth("one", 1.0, (OfferingHealth("host/small"),))]
    assert told(feed) == [("standing", {})]
    measured[:] = [WorkerHealth("one", 2.0, (OfferingHealth("host/small", calls=9),))]
    assert told(feed) == []
    measured[:] = [WorkerHealth("one", 3.0, (OfferingHealth("host/small", "open"),))]
    assert told(feed) == [("standing", {})]


def test_form() -> None:
    assert event("job", b"{}") == b"event: job\ndata: {}\n\n"


def test_a_growing_ledger_is_told_at_once(
    services: Services, running: StillRunning, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not at the next look, which would never come here."""
    monkeypatch.setattr(live, "LOOK_SECONDS", 600.0)

    async def read() -> bytes:
        told = stream(services, RIGHTS_OF["owner"], "en", allowed)
        assert b"retry" in await anext(told)
        assert b"event: status" in await anext(told)
        running.shipped = 2
        running.watchers[0]()
        async with asyncio.timeout(30):
            news = await anext(told)
        await told.aclose()
        return news

    assert asyncio.run(read()) == event("exchanges", b'{"added":2,"shipped":2}')
    assert running.watchers == []


def test_silence_is_told_too(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(live, "QUIET_SECONDS", 0.0)

    async def read() -> list[bytes]:
        told = stream(services, RIGHTS_OF["owner"], "en", allowed)
        return [await anext(told) for _ in range(3)]

    assert asyncio.run(read())[-1] == event("still", b"{}")


def test_a_stream_ends_with_the_platform(services: Services) -> None:
    services.closing.set()

    async def read() -> list[bytes]:
        return [piece async for piece in stream(services, RIGHTS_OF["owner"], "en", allowed)]

    assert len(asyncio.run(read())) == 2


def test_who_may_not_read_any_more_is_told_no_more(
    services: Services, running: StillRunning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(live, "CHECK_SECONDS", 0.0)
    answers = iter([True, True, False])

    async def may_read() -> bool:
        return next(answers)

    async def read() -> list[bytes]:
        return [piece async for piece in stream(services, RIGHTS_OF["owner"], "en", may_read)]

    pieces = asyncio.run(asyncio.wait_for(read(), 30))
    assert b"event: status" in b"".join(pieces)
    assert next(answers, None) is None
