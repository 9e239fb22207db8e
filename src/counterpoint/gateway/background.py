"""Answers that are made without their client: he may leave, ask how it goes, listen again, or stop it.

The worker that makes one reports what it has every moment, so that any worker can tell how it goes. Whoever keeps the
reports tells back when nobody wants the answer any more. When the worker ends, so does the answer, and says so.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from counterpoint.canonical import Failure
from counterpoint.canonical.kept import KEPT_LIMIT
from counterpoint.directory import Key
from counterpoint.gateway.driver import Driver
from counterpoint.gateway.ports import Memory, Outlet
from counterpoint.gateway.recalled import Recalled
from counterpoint.kept import Drop, Keep, Report, Reported, Tell
from counterpoint.kept.values import RUNNING

Json = dict[str, Any]
Headers = tuple[tuple[bytes, bytes], ...]

REPORT_SECONDS = 0.25
BEAT_SECONDS = 1.0
"""At least so often, also when there is nothing to report: it is how the worker learns that it is to stop."""
CLOSE_SECONDS = 3.0
MOST = 256
"""Answers that one worker makes in the background."""
CREATED, QUEUED = "response.created", "response.queued"
FAILED = "response.failed"


class Background:
    """All that one worker makes."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.runs: set[Run] = set()
        self._idle = asyncio.Event()
        self._idle.set()

    def begin(self, run: "Run") -> None:
        """One more."""
        self.runs.add(run)
        self._idle.clear()

    def end(self, run: "Run") -> None:
        """It is over."""
        self.runs.discard(run)
        if not self.runs:
            self._idle.set()

    async def close(self, grace: float) -> None:
        """Wait a while for what is being made; the rest is failed."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), max(0.0, grace))
        for run in list(self.runs):
            run.interrupt()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), CLOSE_SECONDS)


class Run:
    """One of them; the driver's outlet. `listener`: the client, as long as he is there and wants events. `started`
    is called once the answer is known to be kept, and begins to make it."""

    def __init__(self, background: Background, recalled: Recalled, key: Key, queued: Json) -> None:
        self._background = background
        self._recalled = recalled
        self._state = recalled.state
        self._key = key
        self._answer = queued
        self._first = 0
        self._pending = [
            self._state.event(CREATED, 0, queued),
            self._state.event(QUEUED, 1, queued),
        ]
        self._size = 0
        self._watch = self._state.watch({**recalled.told, "id": recalled.id}, 2)
        self._asking = False
        self._reported_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._last: Keep | None = None
        self._final = b""
        self.driver: Driver | None = None
        self.listener: Outlet | None = None
        self.refused: tuple[int, Headers, bytes] | None = None
        self._over = False

    @property
    def wants_events(self) -> bool:
        """Whether the client asked for a stream."""
        return self._recalled.wish.stream

    @property
    def beginning(self) -> bytes:
        """The events before anything is made."""
        return b"".join(self._pending)

    def keep(self, then: Callable[[Failure | None], None]) -> None:
        """Keep that it was asked for; `then` it may begin, or has failed."""

        def told(tell: Tell | Failure) -> None:
            self._asking = False
            if isinstance(tell, Failure):
                then(tell)
                return
            self._first, self._pending = 2, []
            self._background.begin(self)
            self._tick()
            then(None)

        kept = self._kept(self._answer)
        if kept is None:
            then(self._state.because("too_large"))
            return
        self._asking = True
        question = Keep(kept.kept, events=tuple(self._pending))
        self._background.memory.ask(question, told)

    def _kept(self, answer: Json, *, done: bool = False) -> Keep | None:
        host = ""
        if self.driver is not None and self.driver.exchange.candidate is not None:
            host = self.driver.exchange.candidate.host.name
        found = self._state.kept(
            answer,
            self._recalled.past,
            self._recalled.wish,
            project=self._key.project,
            key=self._key.id,
            host=host,
            keeps=False,
        )
        if found is None:
            return None
        added = found[1] if done and found[0].status in {"completed", "incomplete"} else ()
        return Keep(found[0], new=not done, added=added)

    # What the driver says

    def respond(self, status: int, headers: Headers, body: bytes) -> None:
        """It was refused, or failed before it began."""
        self.refused = (status, headers, body)
        self._end(self._state.failed_by(self._answer, body))

    def begin(self, status: int, headers: Headers) -> None:
        """It begins."""

    def send(self, data: bytes) -> None:
        """More of it."""
        self._take(self._watch.feed(data))

    def finish(self, data: bytes = b"") -> None:
        """The end of it."""
        self._take(self._watch.feed(data))
        self._take(self._watch.close())
        if not self._over:
            self._end(self._state.failed(self._answer, self._state.because("interrupted")))

    def abort(self) -> None:
        """A defect of ours."""
        self._end(self._state.failed(self._answer, self._state.because("interrupted")))

    def _take(self, events: list[bytes]) -> None:
        if self._over or not events:
            return
        end = self._watch.end
        if end is not None:
            events = events[: self._watch.at + 1]
        self._size += sum(map(len, events))
        if self._size > KEPT_LIMIT:
            self.stop()
            self._end(self._state.failed(self._answer, self._state.because("too_large")))
            return
        if end is None:
            self._pending += events
            self._tell(b"".join(events))
            return
        self._over = True
        self._pending += events
        self._tell(b"".join(events[:-1]))
        self._conclude(end.answer)

    def _tell(self, data: bytes) -> None:
        if self.listener is not None:
            self.listener.send(data)

    def _end(self, answer: Json) -> None:
        """It ends in another way than its stream says."""
        if self._over:
            return
        self._over = True
        self._pending.append(self._state.event(FAILED, self._watch.number or 2, answer))
        self._conclude(answer)

    def _conclude(self, answer: Json) -> None:
        keep = self._kept(answer, done=True)
        if keep is None:
            answer = self._state.failed(self._answer, self._state.because("too_large"))
            self._pending[-1:] = [self._state.event(FAILED, self._watch.number or 2, answer)]
            keep = self._kept(answer, done=True)
        self._last = keep
        self._final = self._pending[-1]
        self._report()

    # Reports

    def _tick(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        if self._pending or loop.time() - self._reported_at >= BEAT_SECONDS:
            self._report()
        if self in self._background.runs:
            self._timer = loop.call_later(REPORT_SECONDS, self._tick)

    def _report(self) -> None:
        if self._asking:
            return
        self._asking = True
        self._reported_at = asyncio.get_running_loop().time()
        events, last = tuple(self._pending), self._last
        project, id_ = self._key.project, self._recalled.id
        question: Keep | Report = Report(project, id_, self._first, events)
        if last is not None:
            question = Keep(last.kept, new=False, added=last.added, first=self._first, events=events)

        def told(tell: Tell | Failure) -> None:
            self._asking = False
            if isinstance(tell, Reported):
                self._first += len(events)
                del self._pending[: len(events)]
                if last is not None:
                    self._done(self._final)
                elif tell.status not in RUNNING:
                    self.stop()
                    self._done(b"")
                elif self._last is not None:
                    self._report()
            # else: told again at the next beat, until the lease has run out

        self._background.memory.ask(question, told)

    def _done(self, last: bytes) -> None:
        self._over = True
        self._background.end(self)
        if self._timer is not None:
            self._timer.cancel()
        listener, self.listener = self.listener, None
        if listener is not None:
            listener.finish(last)

    # From outside

    def stop(self) -> None:
        """Nobody wants it any more."""
        if self.driver is not None:
            self.driver.client_gone()

    def interrupt(self) -> None:
        """The worker ends."""
        self.stop()
        self._end(self._state.failed(self._answer, self._state.because("interrupted")))

    def forget(self) -> None:
        """It was refused at once: nobody has heard of it."""
        self._background.end(self)
        if self._timer is not None:
            self._timer.cancel()
        question = Drop(self._key.project, self._recalled.id)
        self._background.memory.ask(question, lambda _: None)
