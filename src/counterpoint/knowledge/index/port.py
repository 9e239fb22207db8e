"""What an index is to the rest of knowledge.

Text is analysed before it comes here (`knowledge.text`), and the same for every adapter: an index sees terms, vectors
and principals. Rights are a filter of the search itself, never of its results: what the asker may not see takes part in
no ranking, no count and no cut.
"""

from collections.abc import Collection, Sequence
from typing import Protocol

import msgspec

from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge.documents import Passage

Vector = Sequence[float]
"""Of length 1."""


class Indexed(msgspec.Struct, frozen=True):
    """A document as it is to be found. `readers`: principals, one of whom an asker must be; empty: nobody.
    `terms`: of each passage, analysed, as often as they occur, none with white space in it. `vectors`: of each passage,
    `None` while there are none yet: then it is found by word alone."""

    source: str
    document: str
    version: str
    readers: frozenset[str]
    passages: tuple[Passage, ...]
    terms: tuple[tuple[str, ...], ...]
    vectors: tuple[Vector, ...] | None = None
    media_type: str = ""
    modified: int | None = None


class Filter(msgspec.Struct, frozen=True, omit_defaults=True):
    """What may be found. `principals`: of the asker; empty: nothing may. The others narrow it down where they are set;
    `modified_from`, `modified_to`: microseconds since the epoch, both included; what has no time is then not found."""

    principals: frozenset[str]
    sources: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    media_types: frozenset[str] = frozenset()
    modified_from: int | None = None
    modified_to: int | None = None


class Hit(msgspec.Struct, frozen=True):
    """A passage that was found. `score`: BM25, or the cosine; the greater the better."""

    passage: Passage
    source: str
    score: float


class OtherDimensions(Complaint):
    """The index holds vectors of another length, that is, of another model."""

    def __init__(self, held: int, wanted: int) -> None:
        super().__init__("knowledge.index.other_dimensions", kind="conflict", held=held, wanted=wanted)


class Index(Protocol):
    """One organisation's passages. Every method is one atomic step, may wait for a disk or a network (call it in a
    thread) and can be repeated. Writers may be several."""

    def put(self, documents: Sequence[Indexed]) -> None:
        """Each takes the place of whatever is there of that document; of two for the same, the later one counts."""

    def remove(self, documents: Collection[str]) -> None:
        """None of their passages is found any more."""

    def allow(self, readers: dict[str, frozenset[str]]) -> None:
        """Who may see these documents from now on."""

    def by_terms(self, terms: Sequence[str], wanted: Filter, limit: int) -> list[Hit]:
        """BM25 over terms, each counted once (k1 1.2, b 0.75, statistics over all passages, as every adapter counts
        them), best first."""

    def by_vector(self, vector: Vector, wanted: Filter, limit: int) -> list[Hit]:
        """Cosine, best first."""

    def passages(self, document: str, version: str, wanted: Filter) -> list[Passage]:
        """A document's, in order, if it may be seen."""

    def count(self, wanted: Filter | None = None) -> int:
        """Of passages; `None`: of all."""

    def tend(self) -> None:
        """What keeps searches fast, when there is time for it: merge, index what is new, drop what is old."""

    def close(self) -> None:
        """Let go of files and connections."""
