"""What a search finds, and how it went."""

from collections.abc import Callable, Collection
from typing import Final, Literal

import msgspec

from counterpoint.knowledge.documents import Passage
from counterpoint.knowledge.index.port import Filter

Allowed = Callable[[Collection[str], frozenset[str]], set[str]]
"""Which of these documents whoever is these principals may see at this moment."""
Band = Literal["strong", "fair", "weak"]
Reason = Literal["", "few", "apart"]
"""Why there was a second search: few passages were found, or those found by word and by meaning are not the same."""
NONE: Final = ""


class Candidate(msgspec.Struct, frozen=True):
    """A passage that took part. Ranks from 1: `None` where it was not among the first found so; the score that it has
    there is known all the same, `None` if it could not be had. `second`: the second search found it first."""

    passage: Passage
    source: str
    word_rank: int | None = None
    word_score: float | None = None
    meaning_rank: int | None = None
    meaning_score: float | None = None
    rank: int | None = None
    score: float = 0.0
    second: bool = False


class FoundPassage(msgspec.Struct, frozen=True):
    """A passage. `highlights`: the question's words in its text. `alike`: passages elsewhere that say exactly the
    same. `band`: how much speaks for it."""

    passage: Passage
    source: str
    score: float
    band: Band
    highlights: tuple[tuple[int, int], ...] = ()
    alike: tuple[Passage, ...] = ()


class Trace(msgspec.Struct, frozen=True):
    """For makers. `terms`: what was searched for by word. `model`: by meaning; empty: it was not. `away`: there is a
    model, but it could not be asked. `second`: why there was a second search, `second_terms`: which words it added.
    `candidates`: best first, those left out last."""

    question: str
    terms: tuple[str, ...]
    wanted: Filter
    model: str = ""
    away: bool = False
    second: Reason = NONE
    second_terms: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    micros: int = 0


class Found(msgspec.Struct, frozen=True):
    """Best first."""

    items: tuple[FoundPassage, ...]
    trace: Trace

    @property
    def by_meaning(self) -> bool:
        """Whether vectors took part."""
        return bool(self.trace.model)
