"""An index that looks at everything: what the others must find. Slow and in memory; for tests, and for measuring what a
faster one misses."""

import math
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import msgspec
import numpy as np

from counterpoint.knowledge.documents import Passage
from counterpoint.knowledge.index.port import Filter, Hit, Indexed, Vector
from counterpoint.knowledge.rights import may_see

K1 = 1.2
B = 0.75


class _Held(msgspec.Struct, frozen=True):
    """A document, its words counted. `vectors`: a matrix, if there is one."""

    of: Indexed
    counts: tuple[Counter[str], ...]
    vectors: Any


Scores = Callable[[_Held], Sequence[float | None]]
"""Of each passage; `None`: not found."""


class ExactIndex:
    """`knowledge.index.port.Index`, word for word."""

    def __init__(self) -> None:
        self._held: dict[str, _Held] = {}
        self._lock = threading.Lock()

    def put(self, documents: Sequence[Indexed]) -> None:
        with self._lock:
            self._held = self._held | {each.document: _held(each) for each in documents}

    def remove(self, documents: Collection[str]) -> None:
        with self._lock:
            self._held = {id_: each for id_, each in self._held.items() if id_ not in documents}

    def allow(self, readers: dict[str, frozenset[str]]) -> None:
        with self._lock:
            changed = {
                id_: _held(msgspec.structs.replace(self._held[id_].of, readers=may))
                for id_, may in readers.items()
                if id_ in self._held
            }
            self._held = self._held | changed

    def by_terms(self, terms: Sequence[str], wanted: Filter, limit: int) -> list[Hit]:
        everything = list(self._held.values())
        return _best(everything, wanted, limit, _bm25(everything, list(dict.fromkeys(terms))))

    def by_vector(self, vector: Vector, wanted: Filter, limit: int) -> list[Hit]:
        direction = np.asarray(vector, np.float64)
        direction = direction / np.linalg.norm(direction)

        def cosines(document: _Held) -> Sequence[float | None]:
            if document.vectors is None:
                return [None] * len(document.of.passages)
            return [float(each) for each in document.vectors @ direction]

        return _best(self._held.values(), wanted, limit, cosines)

    def passages(self, document: str, version: str, wanted: Filter) -> list[Passage]:
        found = self._held.get(document)
        if found is None or found.of.version != version:
            return []
        seen = (each for each in found.of.passages if visible(found.of, each, wanted))
        return sorted(seen, key=lambda each: each.number)

    def count(self, wanted: Filter | None = None) -> int:
        return sum(
            wanted is None or visible(document.of, passage, wanted)
            for document in self._held.values()
            for passage in document.of.passages
        )

    def tend(self) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to let go of."""


def _held(document: Indexed) -> _Held:
    matrix = None
    if document.vectors:
        matrix = np.asarray(document.vectors, np.float64)
        matrix = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    return _Held(document, tuple(Counter(each) for each in document.terms), matrix)


def visible(document: Indexed, passage: Passage, wanted: Filter) -> bool:
    """Whether the filter lets it through."""
    return (
        may_see(wanted.principals, document.readers)
        and _among(document.source, wanted.sources)
        and _among(document.document, wanted.documents)
        and _among(passage.language, wanted.languages)
        and _among(document.media_type, wanted.media_types)
        and _in_time(document.modified, wanted)
    )


def _among(value: str, wanted: frozenset[str]) -> bool:
    return not wanted or value in wanted


def _in_time(modified: int | None, wanted: Filter) -> bool:
    if wanted.modified_from is None and wanted.modified_to is None:
        return True
    if modified is None:
        return False
    return (wanted.modified_from is None or modified >= wanted.modified_from) and (
        wanted.modified_to is None or modified <= wanted.modified_to
    )


def _bm25(everything: list[_Held], terms: list[str]) -> Scores:
    """Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), with the idf that is never negative."""
    passages = [each for document in everything for each in document.counts]
    mean = sum(each.total() for each in passages) / max(1, len(passages))
    having = {term: sum(term in each for each in passages) for term in terms}
    idf = {term: math.log(1 + (len(passages) - n + 0.5) / (n + 0.5)) for term, n in having.items()}

    def score(counts: Counter[str]) -> float | None:
        found = [term for term in terms if counts[term]]
        norm = K1 * (1 - B + B * counts.total() / mean) if found else 0.0
        return (
            sum(idf[term] * counts[term] * (K1 + 1) / (counts[term] + norm) for term in found)
            if found
            else None
        )

    return lambda document: [score(counts) for counts in document.counts]


def _best(documents: Iterable[_Held], wanted: Filter, limit: int, scores: Scores) -> list[Hit]:
    hits = [
        Hit(passage, document.of.source, score)
        for document in documents
        if may_see(wanted.principals, document.of.readers)
        for passage, score in zip(document.of.passages, scores(document), strict=True)
        if score is not None and visible(document.of, passage, wanted)
    ]
    hits.sort(key=lambda hit: (-hit.score, hit.passage.document, hit.passage.number))
    return hits[:limit]
