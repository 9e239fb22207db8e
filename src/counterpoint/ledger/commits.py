"""What the last bytes of an answer may wait for, besides the spool that has their entry: the disk, or the database.

Whoever waits, waits with everybody else (group commit): one `fdatasync`, or one transaction, takes all that came while
the one before was under way. So the wait is about that of one commit, however many answers end at a time. Nobody waits
longer than he is told to, and nobody for a database that is known to be away: the spool has the entry in any case.
docs/decisions/0014-what-a-group-commit-waits-for.md.
"""

import asyncio
import logging
import os
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import msgspec

from counterpoint.ledger.spool import SpoolWriter

log = logging.getLogger(__name__)

BOUNDS = (500, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 512_000)
"""Of the counts of waits, in microseconds; the last count has what is above."""
RETRY_SECONDS = 0.5

Resume = Callable[[], None]


class Waits(msgspec.Struct):
    """How long answers have waited since the worker began. `counts`: by `BOUNDS`. `given_up`: those among them that
    ended at the longest wait, or because the database went away."""

    counts: list[int]
    micros: int = 0
    given_up: int = 0

    @property
    def number(self) -> int:
        """Of answers that waited."""
        return sum(self.counts)

    def note(self, seconds: float) -> None:
        """One more."""
        micros = int(seconds * 1e6)
        self.counts[bisect_right(BOUNDS, micros)] += 1
        self.micros += micros


def no_waits() -> Waits:
    """At the beginning."""
    return Waits([0] * (len(BOUNDS) + 1))


class DiskCommits:
    """Answers wait until the disk has their entries. The spool must be one that syncs before it begins another file."""

    def __init__(self, spool: SpoolWriter) -> None:
        self.waits = no_waits()
        self._spool = spool
        self._loop = asyncio.get_running_loop()
        self._thread = ThreadPoolExecutor(1, "ledger-disk")
        self._waiting: list[tuple[float, Resume]] = []
        self._syncing = False

    def wait(self, resume: Resume) -> bool:
        """Whether what was appended last is to be waited for; `resume` is called when it is over."""
        self._waiting.append((self._loop.time(), resume))
        if not self._syncing:
            self._syncing = True
            self._loop.call_soon(self._sync)  # with all that end in this round of the loop
        return True

    def _sync(self) -> None:
        group, self._waiting = self._waiting, []
        done = self._loop.run_in_executor(self._thread, _flush, self._spool.duplicate())
        done.add_done_callback(lambda outcome: self._synced(group, outcome))

    def _synced(self, group: list[tuple[float, Resume]], outcome: "asyncio.Future[None]") -> None:
        error = outcome.exception()
        if error is not None:  # the page cache has the entries: that is what there was before
            log.error("the disk does not take ledger entries: %s", error)
        self._syncing = bool(self._waiting)
        if self._syncing:
            self._sync()
        now = self._loop.time()
        for since, resume in group:
            self.waits.note(now - since)
            self.waits.given_up += error is not None
            resume()

    def close(self) -> None:
        """Nothing is waited for any more."""
        self._thread.shutdown()


def _flush(descriptor: int | None) -> None:
    if descriptor is not None:
        try:
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)


class _Waiter(msgspec.Struct):
    """`place`: where its entry ends in the file."""

    place: int
    since: float
    resume: Resume | None


class DatabaseCommits:
    """Answers wait until control has committed their entries. `ask`: tells control that there is something in a file
    of this worker's; whether there was anybody to tell. Its word comes back through `committed`. `longest`: in seconds.
    """

    def __init__(self, spool: SpoolWriter, ask: Callable[[str], bool], longest: float) -> None:
        self.waits = no_waits()
        self._spool = spool
        self._ask = ask
        self._longest = longest
        self._loop = asyncio.get_running_loop()
        self._files: dict[str, deque[_Waiter]] = {}
        self._asked: set[str] = set()
        self._due: deque[tuple[float, _Waiter]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._away = False

    def wait(self, resume: Resume) -> bool:
        """Whether what was appended last is to be waited for; `resume` is called when it is over. Not while the
        database is away; then control is asked nevertheless, to learn when it is back."""
        file, place = self._spool.position
        if file not in self._asked:
            self._asked.add(file)
            self._loop.call_soon(self._tell, file)  # with all that end in this round of the loop
        if self._away:
            return False
        now = self._loop.time()
        waiter = _Waiter(place, now, resume)
        waiting = self._files.get(file)
        if waiting is None:
            waiting = self._files[file] = deque()
        waiting.append(waiter)
        self._due.append((now + self._longest, waiter))
        if self._timer is None:
            self._timer = self._loop.call_at(now + self._longest, self._expire)
        return True

    def _tell(self, file: str) -> None:
        if not self._ask(file):
            self.lost()

    def committed(self, file: str, place: int | None) -> None:
        """Control has committed that file up to there, or, with `None`, cannot commit."""
        self._asked.discard(file)
        if place is None:
            self._give_up()
            return
        self._away = False
        waiting = self._files.get(file)
        now = self._loop.time()
        while waiting and waiting[0].place <= place:
            self._release(waiting.popleft(), now)
        if waiting:
            self._asked.add(file)
            self._tell(file)
        elif waiting is not None:
            del self._files[file]

    def lost(self) -> None:
        """There is nobody to ask."""
        self._asked.clear()
        self._give_up()

    def _give_up(self) -> None:
        self._away = True
        files, self._files = self._files, {}
        now = self._loop.time()
        for waiting in files.values():
            for waiter in waiting:
                self.waits.given_up += waiter.resume is not None
                self._release(waiter, now)

    def _expire(self) -> None:
        """One timer for all: everybody waits equally long at most, so they are due in the order in which they came."""
        self._timer = None
        now = self._loop.time()
        late = False
        while self._due and (self._due[0][1].resume is None or self._due[0][0] <= now):
            late = late or self._due[0][1].resume is not None
            self._due.popleft()
        if late:
            self._give_up()
        if self._due:
            self._timer = self._loop.call_at(self._due[0][0], self._expire)

    def _release(self, waiter: _Waiter, now: float) -> None:
        resume, waiter.resume = waiter.resume, None
        if resume is not None:
            self.waits.note(now - waiter.since)
            resume()

    def close(self) -> None:
        """Nothing is waited for any more."""
        if self._timer is not None:
            self._timer.cancel()
        self._give_up()
