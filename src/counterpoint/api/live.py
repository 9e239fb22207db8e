"""What changes while a page is open, told as server-sent events, so that no page has to ask again and again.

Nothing is queued, and no database is asked but for the reader's rights: a stream looks at the state of what runs,
twice a second and when the ledger has grown, and tells what is different from what it told last. So a slow or a new
reader gets the present, never a backlog.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable

import msgspec

from counterpoint.api.services import Services
from counterpoint.control.roles import Right
from counterpoint.directory.health import BreakerState

LOOK_SECONDS = 0.5
QUIET_SECONDS = 15.0
"""Then an event says so: proxies do not hang up, and a page learns that its connection still stands."""
LONGEST_SECONDS = 600.0
"""Then the stream ends; the browser opens it again."""
CHECK_SECONDS = 5.0
"""How often it is asked whether the reader may still read: he signed out, or his role is another."""


class Feed:
    """What one reader was told last. `rights`: he is told what he could ask for."""

    def __init__(self, services: Services, rights: frozenset[Right], lang: str) -> None:
        self._services = services
        self._rights = rights
        self._lang = lang
        self._status = b""
        self._jobs: dict[str, bytes] = {}
        self._shipped: int | None = None
        self._breakers: list[tuple[str, str, BreakerState]] = []

    def news(self) -> bytes:
        """Events for what has changed; empty if nothing has."""
        events: list[bytes] = []
        status = self._services.running.status()
        if "status.read" in self._rights:
            # Figures that always move would make every look a change.
            still = msgspec.json.encode(
                (
                    status.state,
                    status.workers,
                    status.directory_revision,
                    status.ledger.error,
                    [(item.model, item.state, item.failure) for item in status.engines],
                )
            )
            if still != self._status:
                self._status = still
                events.append(event("status", msgspec.json.encode(status)))
        if "models.read" in self._rights:
            for job in self._services.jobs.list():
                shape = msgspec.json.encode(job.shape(self._lang))
                if self._jobs.get(job.id) != shape:
                    self._jobs[job.id] = shape
                    events.append(event("job", shape))
        if "usage.read" in self._rights and status.ledger.shipped != self._shipped:
            added = status.ledger.shipped - (self._shipped or 0) if self._shipped is not None else 0
            self._shipped = status.ledger.shipped
            told = {"added": max(0, added), "shipped": status.ledger.shipped}
            events.append(event("exchanges", msgspec.json.encode(told)))
        if "usage.read" in self._rights:
            breakers = sorted(
                (worker.worker, each.offering, each.breaker)
                for worker in self._services.health()
                for each in worker.offerings
            )
            if breakers != self._breakers:
                events.append(event("standing", b"{}"))
            self._breakers = breakers
        return b"".join(events)


def event(name: str, data: bytes) -> bytes:
    """One server-sent event; JSON has no line breaks."""
    return b"event: " + name.encode() + b"\ndata: " + data + b"\n\n"


async def stream(
    services: Services, rights: frozenset[Right], lang: str, may_read: Callable[[], Awaitable[bool]]
) -> AsyncGenerator[bytes]:
    """The events, from the present on, while `may_read` says that the reader may."""
    feed = Feed(services, rights, lang)
    loop = asyncio.get_running_loop()
    grown = asyncio.Event()
    began = said = checked = loop.time()
    yield b"retry: 2000\n\n"
    with services.running.watched(lambda: _from_elsewhere(loop, grown)):
        while True:
            grown.clear()
            now = loop.time()
            news = feed.news()
            if news:
                said = now
                yield news
            elif now - said > QUIET_SECONDS:
                said = now
                yield event("still", b"{}")
            if services.closing.is_set() or now - began > LONGEST_SECONDS:
                return
            if now - checked > CHECK_SECONDS:
                checked = now
                if not await may_read():
                    return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(grown.wait(), LOOK_SECONDS)


def _from_elsewhere(loop: asyncio.AbstractEventLoop, grown: asyncio.Event) -> None:
    """Called in the ledger's thread; the loop may have ended when the platform stops."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(grown.set)
