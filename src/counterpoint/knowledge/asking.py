"""Questions: searched for and answered among what the asker may see, with a receipt of each answer."""

from typing import Literal, Protocol

import msgspec

from counterpoint.knowledge.answers.receipt import Receipt
from counterpoint.knowledge.asker import Asker
from counterpoint.knowledge.documents import Box, Passage
from counterpoint.knowledge.principals import PrincipalView


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A question, and what to look in: empty: everywhere. Times in microseconds since the epoch."""

    question: str
    sources: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    media_types: frozenset[str] = frozenset()
    modified_from: int | None = None
    modified_to: int | None = None
    limit: int = 10


class Facet(msgspec.Struct, frozen=True):
    """A source."""

    id: str
    name: str


class Facets(msgspec.Struct, frozen=True):
    """What an asker can narrow his search down to."""

    sources: tuple[Facet, ...] = ()
    languages: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()


class FoundView(msgspec.Struct, frozen=True, kw_only=True):
    """A passage that was found. `highlights`: in its text. `boxes`: of them, on its pages."""

    passage: Passage
    title: str
    path: str
    source: str
    source_name: str
    media_type: str
    modified: int | None
    highlights: tuple[tuple[int, int], ...] = ()
    cell: str = ""
    boxes: tuple[Box, ...] = ()
    band: Literal["strong", "fair", "weak"] = "fair"


class Results(msgspec.Struct, frozen=True):
    """Best first. `by_meaning`: whether vectors took part."""

    items: tuple[FoundView, ...]
    by_meaning: bool


class CandidateView(msgspec.Struct, frozen=True, kw_only=True):
    """A passage that took part. Ranks from 1, `None`: not found so, or left out. No score in which that by word counts:
    how rare a word is over all passages could be read from it. `meaning_score`: of this passage and the question
    alone."""

    passage: Passage
    title: str
    word_rank: int | None = None
    meaning_rank: int | None = None
    meaning_score: float | None = None
    rank: int | None = None


class Traced(msgspec.Struct, frozen=True, kw_only=True):
    """How a search went."""

    results: Results
    terms: tuple[str, ...]
    principals: tuple[PrincipalView, ...]
    model: str
    second_terms: tuple[str, ...] = ()
    second_search: bool = False
    candidates: tuple[CandidateView, ...] = ()
    micros: int = 0


class Place(msgspec.Struct, frozen=True):
    """Where a quoted document is found."""

    title: str
    path: str


class AnswerView(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt, and as much of it as whoever reads may see. `places`: of its documents, by id. `rights`: names of
    principals. `login`: the asker's. `complete`: nothing is left out for want of a right. `dropped`: how many
    sentences were, since nothing carried them."""

    receipt: Receipt
    account: str = ""
    login: str = ""
    places: dict[str, Place] = {}
    rights: dict[str, str] = {}
    complete: bool = True
    dropped: int = 0


class Withheld(msgspec.Struct, frozen=True, kw_only=True):
    """A passage that its asker was not shown."""

    document: str
    title: str
    path: str
    source: str
    number: int
    page: int | None = None


class Asking(Protocol):
    """Questions of one organisation."""

    def search(self, wanted: Wanted, asker: Asker) -> Results:
        """The best passages that he may see. Raises `Complaint`."""

    def trace(self, wanted: Wanted, asker: Asker) -> Traced:
        """The same, and how it went. Raises `Complaint`."""

    def filters(self, asker: Asker) -> Facets:
        """What he can narrow a search down to."""

    def answer(self, wanted: Wanted, asker: Asker, lang: str) -> AnswerView:
        """What the documents say, with a receipt that is kept. Raises `Complaint`."""
