"""What a search found, as it is shown to whoever asked, and how it was found, for makers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from counterpoint.api.shapes.common import Shape
from counterpoint.api.shapes.documents import BoxShape, PrincipalShape


@dataclass(frozen=True)
class HighlightShape(Shape):
    """Characters of a passage that answer the question."""

    start: int
    end: int


@dataclass(frozen=True)
class FoundShape(Shape):
    """A passage that was found."""

    document: str
    """The document's id."""
    version: str
    title: str
    path: str
    source: str
    source_name: str
    media_type: str
    language: str
    modified: datetime | None
    number: int
    """Of the passage in its document."""
    text: str
    highlights: list[HighlightShape]
    """In `text`."""
    titles: list[str]
    page: int | None
    sheet: str
    cell: str
    start: int
    """In the document's text."""
    end: int
    boxes: list[BoxShape]
    """Of what is highlighted, where the page says so."""
    band: Literal["strong", "fair", "weak"]
    """How well it fits."""


@dataclass(frozen=True)
class SearchShape(Shape):
    """The best passages, best first. There is no count of more: it would tell of what is hidden."""

    items: list[FoundShape]
    by_meaning: bool
    """Whether meaning took part; else words alone, since the embedding model could not be asked."""


@dataclass(frozen=True)
class FacetShape(Shape):
    """A source that holds something that the caller may see."""

    id: str
    name: str


@dataclass(frozen=True)
class FiltersShape(Shape):
    """By what a search may be narrowed down: of the documents that the caller may see."""

    sources: list[FacetShape]
    languages: list[str]
    media_types: list[str]


@dataclass(frozen=True)
class PassageRankShape(Shape):
    """A passage that took part in a search."""

    document: str
    title: str
    number: int
    page: int | None
    text: str
    """How it begins."""
    word_rank: int | None
    """From 1; null: not found by word."""
    meaning_rank: int | None
    meaning_score: float | None
    """How near the question is to this passage."""
    rank: int | None
    """In the answer; null: left out."""


@dataclass(frozen=True)
class TraceShape(Shape):
    """How a search went, over what the caller himself may see."""

    terms: list[str]
    """What was looked for by word."""
    principals: list[PrincipalShape]
    """The filter of rights: whoever the caller is."""
    by_meaning: bool
    model: str
    """Of the vectors."""
    second_search: bool
    """Whether evidence was thin and it was asked again."""
    second_terms: list[str]
    candidates: list[PassageRankShape]
    milliseconds: float
    items: list[FoundShape]
