"""A set is indexed as documents are, then each of its questions is asked in every way that is compared."""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Final, Literal

import msgspec

from counterpoint.knowledge.documents import Passage
from counterpoint.knowledge.embedding import Embedder
from counterpoint.knowledge.evaluation import beir
from counterpoint.knowledge.evaluation.lancedb_hybrid import LanceHybrid
from counterpoint.knowledge.evaluation.metrics import Figures, figures, mean
from counterpoint.knowledge.index.lance import LanceIndex
from counterpoint.knowledge.index.port import Filter, Index, Indexed, Vector
from counterpoint.knowledge.passages import context
from counterpoint.knowledge.search import Searcher
from counterpoint.knowledge.text import question_terms, terms

Way = Literal["default", "words", "vectors", "lancedb"]
WAYS: Final[tuple[Way, ...]] = ("default", "words", "vectors", "lancedb")
DEPTH: Final = 100
"""Passages that each way is asked for."""
_READER: Final = "all:evaluation"
_WANTED: Final = Filter(frozenset({_READER}))
_AT_ONCE: Final = 500
Told = Callable[[int, int], None]


class Measured(msgspec.Struct, frozen=True):
    """A set. `milliseconds`: what one of our searches took, without the model, the middle one."""

    name: str
    language: str
    documents: int
    passages: int
    questions: int
    model: str
    figures: dict[Way, Figures]
    milliseconds: float


def measure(folder: Path, embedder: Embedder | None, told: Told | None = None) -> Measured:
    """Raises `Complaint` for what is no such set. `told`: how many questions are done."""
    given = beir.read(folder)
    cut = {entry.id: beir.passages(entry) for entry in given.entries}
    passages = [passage for some in cut.values() for passage in some]
    vectors = embedder.passages([context(passage) for passage in passages]) if embedder else None
    asked = embedder.questions([query.text for query in given.queries]) if embedder else None
    found: dict[Way, list[Figures]] = {}
    times: list[float] = []
    with tempfile.TemporaryDirectory() as place:
        hybrid = LanceHybrid(Path(place) / "hybrid", given.language, passages, vectors) if vectors else None
        with _indexed(Path(place) / "index", cut, vectors, embedder) as index:
            for number, query in enumerate(given.queries):
                vector = asked[number] if asked is not None else None
                searcher = Searcher(
                    index, _Known(embedder, vector) if embedder and vector is not None else None
                )
                began = time.perf_counter()
                ranked: dict[Way, Iterable[str]] = {"default": _default(searcher, query.text)}
                times.append(time.perf_counter() - began)
                ranked["words"] = _words(index, query.text)
                if vector is not None and hybrid is not None:
                    ranked["vectors"] = _vectors(index, vector)
                    ranked["lancedb"] = hybrid.documents(query.text, vector, DEPTH)
                for way, documents in ranked.items():
                    judged = given.judged[query.id]
                    found.setdefault(way, []).append(figures(_ranked(documents, query.id, judged), judged))
                if told is not None:
                    told(number + 1, len(given.queries))
    return Measured(
        name=given.name,
        language=given.language,
        documents=len(given.entries),
        passages=len(passages),
        questions=len(given.queries),
        model=embedder.name if embedder else "",
        figures={way: mean(found[way]) for way in WAYS if way in found},
        milliseconds=median(times) * 1000,
    )


def _ranked(documents: Iterable[str], question: str, judged: Mapping[str, int]) -> list[str]:
    """Each once, and without the question where it is itself of the corpus (ArguAna, Quora): BEIR's own evaluator
    leaves that out, too."""
    return [each for each in dict.fromkeys(documents) if each != question or each in judged]


def averages(measured: Sequence[Measured]) -> dict[str, dict[Way, Figures]]:
    """By language, over its sets: each counts the same."""
    made: dict[str, dict[Way, Figures]] = {}
    for language in sorted({one.language for one in measured}):
        own = [one for one in measured if one.language == language]
        made[language] = {
            way: mean(one.figures[way] for one in own)
            for way in WAYS
            if all(way in one.figures for one in own)
        }
    return made


class _Known:
    """The embedder of one question whose vector is there."""

    def __init__(self, embedder: Embedder, vector: Vector) -> None:
        self.name = embedder.name
        self.dimensions = embedder.dimensions
        self._vector = vector

    def questions(self, texts: Sequence[str]) -> Sequence[Vector]:
        """The one."""
        return [self._vector for _ in texts]

    passages = questions


@contextmanager
def _indexed(
    folder: Path,
    cut: dict[str, tuple[Passage, ...]],
    vectors: Sequence[Vector] | None,
    embedder: Embedder | None,
) -> Iterator[Index]:
    index = LanceIndex(str(folder), embedder.dimensions if embedder else 1)
    rest = iter(vectors or ())
    documents = [
        Indexed(
            source="set",
            document=document,
            version="1",
            readers=frozenset({_READER}),
            passages=some,
            terms=tuple(tuple(terms(context(passage), passage.language)) for passage in some),
            vectors=tuple(next(rest) for _ in some) if vectors else None,
        )
        for document, some in cut.items()
    ]
    try:
        for at in range(0, len(documents), _AT_ONCE):
            index.put(documents[at : at + _AT_ONCE])
        index.tend()
        yield index
    finally:
        index.close()


def _default(searcher: Searcher, question: str) -> list[str]:
    return [
        passage.document
        for item in searcher.search(question, _WANTED, DEPTH).items
        for passage in (item.passage, *item.alike)
    ]


def _words(index: Index, question: str) -> list[str]:
    return [hit.passage.document for hit in index.by_terms(question_terms(question), _WANTED, DEPTH)]


def _vectors(index: Index, vector: Vector) -> list[str]:
    return [hit.passage.document for hit in index.by_vector(vector, _WANTED, DEPTH)]
