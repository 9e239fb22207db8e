"""What syncing works with, and what it says of its work to whoever else works on the same database."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

import msgspec

from counterpoint.canonical.ids import new_id
from counterpoint.control.claiming import Claims
from counterpoint.knowledge.contents import Contents
from counterpoint.knowledge.embedding import Embedder
from counterpoint.knowledge.index.port import Index
from counterpoint.knowledge.parsing.outcome import Outcome
from counterpoint.knowledge.sources.kinds import opened
from counterpoint.knowledge.sources.port import Bounds, Source
from counterpoint.storage import knowledge as documents
from counterpoint.storage import knowledge_sources as sources
from counterpoint.storage.database import Database
from counterpoint.storage.knowledge_sources import SourceRow

LEASE_SECONDS = 30.0
INTERRUPTED = "knowledge.source.interrupted"


class Reader(Protocol):
    """What turns bytes into text, wherever it does that."""

    def parse(self, name: str, media_type: str, data: bytes) -> Outcome:
        """Waits for it."""


class Means(msgspec.Struct, frozen=True):
    """`index`: of an organisation. `embedder`: the one at hand now, if any. `secret`: of a source. `lease`: seconds
    after which others go on with what a dead worker held."""

    database: Database
    contents: Contents
    reader: Reader
    index: Callable[[str], Index]
    embedder: Callable[[], Embedder | None]
    secret: Callable[[SourceRow], str | None]
    bounds: Bounds
    lease: float = LEASE_SECONDS

    def opened(self, row: SourceRow) -> Source:
        """A source. Raises `Complaint` or `SourceError`."""

        def known(path: str) -> str:
            with self.database.read() as connection:
                found = documents.by_path(connection, row.id, path)
            return found.mark if found is not None and found.state != documents.GONE else ""

        return opened(row.kind, row.settings, self.secret(row), self.bounds, known)


def claimed(
    means: Means, held: "Held", work: documents.Work, most: int
) -> tuple[list[documents.DocumentRow], dict[str, SourceRow]]:
    """Documents that are ours to work on now, and their sources by id."""
    with means.database.read() as connection:
        if not documents.is_due(connection, work):
            return [], {}
    with means.database.write() as connection:
        rows = documents.claim(connection, work, held.holder, means.lease, most)
        wanted = {row.source_id for row in rows}
        return rows, {row.id: row for row in sources.listed(connection) if row.id in wanted}


class Held:
    """What this process works on, said again as long as it does. Safe between threads."""

    def __init__(self, means: Means) -> None:
        self.holder = new_id()
        self._means = means
        self._claims = Claims(means.database, self.holder)
        self._documents: set[str] = set()
        self._names: set[str] = set()
        self._lock = threading.Lock()

    def begin(self) -> None:
        """An embedded database belongs to one process: what another one held, it holds no more."""
        with self._means.database.write() as connection:
            if self._means.database.is_sqlite:
                documents.release_others(connection, self.holder)
            documents.lapse(connection, INTERRUPTED)

    @contextmanager
    def documents(self, ids: Iterable[str]) -> Iterator[None]:
        """They are claimed; what is not settled at the end is for others."""
        mine = set(ids)
        with self._lock:
            self._documents |= mine
        try:
            yield
        finally:
            with self._lock:
                self._documents -= mine
            with self._means.database.write() as connection:
                documents.release(connection, self.holder, mine)

    @contextmanager
    def name(self, name: str) -> Iterator[bool]:
        """Whether what is called so is ours to do until the end."""
        with self._lock:
            free = name not in self._names
            self._names.add(name)
        try:
            yield free and self._claims.take(name, self._means.lease)
        finally:
            if free:
                with self._lock:
                    self._names.discard(name)
                self._claims.release(name)

    def renew(self) -> None:
        """All of it, for as long again; and what others hold no more is free."""
        with self._lock:
            mine, names = set(self._documents), set(self._names)
        if mine:
            with self._means.database.write() as connection:
                documents.renew(connection, self.holder, mine, self._means.lease)
        for name in names:
            self._claims.take(name, self._means.lease)
        with self._means.database.write() as connection:
            documents.lapse(connection, INTERRUPTED)
