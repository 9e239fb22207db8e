"""Everything that keeps what is known up to its sources, in threads of a process. Any number of processes may do it on
one database: sources and documents are claimed, and what a dead one held another one goes on with."""

import functools
import logging
import threading
import time
from collections.abc import Callable

from counterpoint.knowledge.syncing import removing, state
from counterpoint.knowledge.syncing.embedding import Embedding
from counterpoint.knowledge.syncing.listing import Listing, StoppedError
from counterpoint.knowledge.syncing.means import Held, Means
from counterpoint.knowledge.syncing.reading import Reading
from counterpoint.knowledge.syncing.rights import RightsSync, tell_index
from counterpoint.storage import knowledge_sources as sources
from counterpoint.storage.knowledge_sources import SourceRow
from counterpoint.storage.processes import clock

log = logging.getLogger(__name__)
IDLE_SECONDS = 1.0
"""Between two looks for something to do."""
_AFTER_FAILURE = 5.0
_SWEEP_SECONDS = 3600.0
_TEND_SECONDS = 60.0
_LISTERS = 2
"""Sources that are listed at a time: a slow one does not hold up all others."""


class Syncing:
    """`readers`: threads that read documents; as many files are parsed at a time."""

    def __init__(self, means: Means, *, readers: int = 2) -> None:
        self._means = means
        self._held = Held(means)
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._readers = max(1, readers)
        self._swept = time.monotonic()
        self._tended = time.monotonic()

    def start(self) -> None:
        """Returns at once. The rest is done until `stop`."""
        self._held.begin()
        jobs: list[tuple[str, Callable[[], int]]] = [
            ("removing", self.remove),
            ("rights", self.sync_rights),
            ("tending", self.tend),
        ]
        jobs += [("listing", self.sync_content)] * _LISTERS
        jobs += [("reading", self._reading().some) for _ in range(self._readers)]
        jobs.append(("embedding", self._embedding().some))
        for name, work in jobs:
            self._begin(name, functools.partial(self._for_ever, name, work))
        self._begin("leases", self._renew_for_ever)

    def stop(self, seconds: float = 10.0) -> None:
        """Ends after the document at hand, or leaves it to who takes it over."""
        self._stop.set()
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        self._threads = []

    def work_once(self) -> bool:
        """One step of each kind, in this thread. Whether there was anything to do."""
        done = self.sync_content() + self.sync_rights() + self.remove()
        return done + self._reading().some() + self._embedding().some() > 0

    def sync_content(self) -> int:
        """Lists the sources whose time it is. How many."""
        return self._sync("content", lambda row: Listing(self._means, row, self._stop.is_set).run())

    def sync_rights(self) -> int:
        """The same for who may see their documents; and the index hears of what changed."""
        synced = self._sync("rights", lambda row: RightsSync(self._means, row, self._stop.is_set).run())
        return synced + tell_index(self._means)

    def remove(self) -> int:
        """What is gone. How many documents and sources."""
        removed = removing.remove_some(self._means, self._held) + removing.remove_sources(self._means)
        if time.monotonic() - self._swept >= _SWEEP_SECONDS:
            self._swept = time.monotonic()
            removing.sweep(self._means)
        return removed

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=f"knowledge {name}", daemon=True)
        thread.start()
        self._threads.append(thread)

    def tend(self) -> int:
        """The indexes of organisations whose documents changed are kept fast, by one process at a time. How many."""
        if time.monotonic() - self._tended < _TEND_SECONDS:
            return 0
        self._tended = time.monotonic()
        with self._means.database.read() as connection:
            since = clock(connection) - int((_TEND_SECONDS + self._means.lease) * state.SECOND)
            changed = sources.changed_since(connection, since)
        for organisation_id in changed:
            with self._held.name(f"index of {organisation_id}") as mine:
                if mine:
                    self._means.index(organisation_id).tend()
        return 0

    def _reading(self) -> Reading:
        return Reading(self._means, self._held, self._stop.is_set)

    def _embedding(self) -> Embedding:
        return Embedding(self._means, self._held, self._stop.is_set)

    def _sync(self, what: str, work: Callable[[SourceRow], object]) -> int:
        synced = 0
        for row in self._due(what):
            if self._stop.is_set():
                break
            with self._held.name(f"{what} of {row.id}"[:100]) as mine:
                if mine and self._is_due(what, row.id):
                    try:
                        work(row)
                    except StoppedError:
                        continue
                    synced += 1
        return synced

    def _due(self, what: str) -> list[SourceRow]:
        with self._means.database.read() as connection:
            now = clock(connection)
            return [row for row in sources.listed(connection) if _is_due(row, what, now)]

    def _is_due(self, what: str, source_id: str) -> bool:
        """Asked once more by who has it to himself: another one may just have done it."""
        with self._means.database.read() as connection:
            row = sources.by_id(connection, source_id)
            return row is not None and _is_due(row, what, clock(connection))

    def _for_ever(self, name: str, work: Callable[[], int]) -> None:
        while not self._stop.is_set():
            try:
                pause = 0.0 if work() else IDLE_SECONDS
            except Exception:
                log.exception("%s of documents could not be done; tried again", name)
                pause = _AFTER_FAILURE
            self._stop.wait(pause)

    def _renew_for_ever(self) -> None:
        while not self._stop.wait(self._means.lease / 3):
            try:
                self._held.renew()
            except Exception:
                log.exception("what is worked on could not be renewed; tried again")


def _is_due(row: SourceRow, what: str, now: int) -> bool:
    if row.paused or row.removing:
        return False
    sync = state.sync_of(row.content if what == "content" else row.rights)
    return state.due(sync, row.content_every if what == "content" else row.rights_every, now)
