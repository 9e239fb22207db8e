"""Documents that are found by word get their vectors, and are found by meaning from then on. When the model is away,
they are found by word, and it is asked again later."""

import time
from collections.abc import Callable, Sequence

import msgspec

from counterpoint.knowledge.documents import Passage
from counterpoint.knowledge.embedding import Embedder
from counterpoint.knowledge.index.port import Vector
from counterpoint.knowledge.passages import context
from counterpoint.knowledge.syncing import state
from counterpoint.knowledge.syncing.means import Held, Means, claimed
from counterpoint.knowledge.syncing.reading import Outcome, indexed_of, put_all, timed
from counterpoint.storage import knowledge as documents
from counterpoint.storage import knowledge_readers as readers
from counterpoint.storage.knowledge import DocumentRow
from counterpoint.storage.knowledge_sources import SourceRow
from counterpoint.storage.processes import clock

BATCH = 8
_TEXTS = 64
"""In one call of the model."""
_PATIENCE = (5.0, 15.0, 60.0)
"""Seconds to leave a model alone that did not answer, the first time, the second, and from then on."""


class AwayError(Exception):
    """The model did not answer."""


class Embedding:
    """By one thread. `stopped`: asked between calls of the model."""

    def __init__(self, means: Means, held: Held, stopped: Callable[[], bool]) -> None:
        self._means = means
        self._held = held
        self._stopped = stopped
        self._failures = 0
        self._again = 0.0

    def some(self, most: int = BATCH) -> int:
        """Embeds a few. How many were there to embed."""
        if time.monotonic() < self._again:
            return 0
        embedder = self._means.embedder()
        if embedder is None:
            return 0
        rows, owners = claimed(self._means, self._held, "embed", most)
        with self._held.documents([row.id for row in rows]):
            for row in rows:
                if self._stopped() or not self._one(row, owners, embedder):
                    break
        return len(rows)

    def _one(self, row: DocumentRow, owners: dict[str, SourceRow], embedder: Embedder) -> bool:
        """Whether to go on."""
        parsed = self._means.contents.get_parsed(row.id, row.indexed)
        if parsed is None:
            anew = {"state": documents.WAITING, "indexed": "", "tries": 0, "next_at": 0}
            self._settle(row, anew)
            return True
        indexed = indexed_of(row, row.indexed, parsed)
        try:
            vectors = self._vectors(indexed.passages, embedder)
        except AwayError:
            self._leave(row)
            return False
        if vectors is None:
            return False
        self._failures = 0
        with self._means.database.read() as connection:
            if row.id not in documents.holds(connection, self._held.holder, [row.id]):
                return True
            heard = readers.heard(connection, [row.id])
            allowed = readers.of(connection, [row.id])
        put_all(
            self._means,
            owners,
            [Outcome(row, {}, msgspec.structs.replace(indexed, vectors=vectors))],
            allowed,
        )
        self._settle(row, {"embedded": True, "tries": 0, "next_at": 0, "heard": heard[row.id]})
        return True

    def _vectors(self, passages: Sequence[Passage], embedder: Embedder) -> tuple[Vector, ...] | None:
        """`None`: we were stopped. Raises `AwayError`."""
        vectors: list[Vector] = []
        for start in range(0, len(passages), _TEXTS):
            if self._stopped():
                return None
            texts = [context(passage) for passage in passages[start : start + _TEXTS]]
            try:
                vectors += embedder.passages(texts)
            except Exception as error:
                raise AwayError from error
        return tuple(vectors)

    def _leave(self, row: DocumentRow) -> None:
        """Perhaps it is the document, perhaps the model: both are left alone for a while."""
        self._again = time.monotonic() + _PATIENCE[min(self._failures, len(_PATIENCE) - 1)]
        self._failures += 1
        self._settle(row, {"tries": row.tries + 1, "wait": state.patience(row.tries + 1)})

    def _settle(self, row: DocumentRow, values: dict[str, object]) -> None:
        with self._means.database.write() as connection:
            documents.settle(connection, self._held.holder, row, timed(values, clock(connection)))
