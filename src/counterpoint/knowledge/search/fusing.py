"""Two lists become one: what was found by word and what by meaning. Pure.

Ranks alone (reciprocal rank fusion) forget how much better the first is than the second; scores keep it. Every
candidate has both scores, since what one list has not shown is asked for, and each kind of score is brought to one
scale by its mean and spread among the candidates. `docs/knowledge-figures.md` says what else was measured.
"""

from collections.abc import Mapping, Sequence
from statistics import fmean, pstdev
from typing import Final

import msgspec

from counterpoint.knowledge.index.port import Hit
from counterpoint.knowledge.search.values import Candidate

WORD: Final = 0.4
"""What the word counts; the rest is the meaning's."""
_FLAT: Final = 1e-6


class Lists(msgspec.Struct, frozen=True):
    """What was found, best first. `word_scores`, `meaning_scores`: of passages that only the other list has, by id."""

    word: tuple[Hit, ...]
    meaning: tuple[Hit, ...]
    word_scores: Mapping[str, float] = {}
    meaning_scores: Mapping[str, float] = {}


def fused(lists: Lists, share: float = WORD) -> list[Candidate]:
    """All of them, best first; where two are alike, in the order of their ids."""
    word = {hit.passage.id: (rank, hit) for rank, hit in enumerate(lists.word, start=1)}
    meaning = {hit.passage.id: (rank, hit) for rank, hit in enumerate(lists.meaning, start=1)}
    hits = {hit.passage.id: hit for hit in (*lists.word, *lists.meaning)}
    said = {id_: word[id_][1].score if id_ in word else lists.word_scores.get(id_) for id_ in hits}
    meant = {id_: meaning[id_][1].score if id_ in meaning else lists.meaning_scores.get(id_) for id_ in hits}
    # What holds none of the words has no score by word; what has no vector yet is as near as the farthest.
    by_word = _scaled([score or 0.0 for score in said.values()])
    farthest = min((score for score in meant.values() if score is not None), default=0.0)
    by_meaning = _scaled([farthest if score is None else score for score in meant.values()])
    made = [
        Candidate(
            passage=hit.passage,
            source=hit.source,
            word_rank=word[id_][0] if id_ in word else None,
            word_score=said[id_],
            meaning_rank=meaning[id_][0] if id_ in meaning else None,
            meaning_score=meant[id_],
            score=share * first + (1 - share) * second,
        )
        for (id_, hit), first, second in zip(hits.items(), by_word, by_meaning, strict=True)
    ]
    return sorted(made, key=lambda one: (-one.score, one.passage.document, one.passage.number))


def _scaled(scores: Sequence[float]) -> list[float]:
    """How far each is above their mean, in spreads."""
    if not scores:
        return []
    middle, spread = fmean(scores), max(pstdev(scores), _FLAT)
    return [(score - middle) / spread for score in scores]
