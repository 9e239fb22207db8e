"""A question, and the passages that answer it among those that the asker may see.

Found by word and by meaning at once, each under the rights; whoever lost a right since the index heard of it is looked
up once more, before anything is counted or compared, so that a revocation holds in the next question. What was found by
one way alone is asked for its score in the other, then both are one list (`fusing`).
"""

import time
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from counterpoint.knowledge.documents import Passage
from counterpoint.knowledge.embedding import Embedder
from counterpoint.knowledge.index.port import Filter, Hit, Index, Vector
from counterpoint.knowledge.search.fusing import Lists, fused
from counterpoint.knowledge.search.nearness import nearer
from counterpoint.knowledge.search.values import Allowed, Band, Candidate, Found, FoundPassage, Trace
from counterpoint.knowledge.search.widening import WEIGHT, merged, taught, thin
from counterpoint.knowledge.text import question_terms
from counterpoint.knowledge.text.matching import highlights

CANDIDATES: Final = 100
"""Of each way."""
_FARTHEST: Final = 1600
"""So many are looked at, at most, where the asker has lost the right to the first ones."""
_SCORED: Final = 1000
"""Passages of candidates' documents whose scores are asked for."""
_MOST_WORDS: Final = 64
"""Of a question that take part; a pasted page is not searched for word by word."""
_MOST_SIGNS: Final = 4000
_STRONG: Final = 10
"""A passage among so many first ones of both ways has much that speaks for it."""


class Searcher:
    """Over one organisation's passages. Waits for the index and the model: call it in a thread. `embedder`: `None`
    where there is none. `allowed`: who may see what now; `None`: what the index says holds."""

    def __init__(
        self, index: Index, embedder: Embedder | None = None, allowed: Allowed | None = None
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._allowed = allowed

    def search(self, question: str, wanted: Filter, limit: int = 10) -> Found:
        """The best `limit` passages. Nothing of what the principals of `wanted` may not see takes part."""
        began = time.perf_counter()
        limit = max(0, limit)
        question = question[:_MOST_SIGNS]
        terms = tuple(question_terms(question)[:_MOST_WORDS])
        vector, away = self._vector(question)
        asked = _Asked(self._index, wanted, vector, self._allowed)
        first = nearer(question, fused(asked.lists(terms))) if wanted.principals else []
        why = thin(first, limit, by_meaning=vector is not None)
        added = taught(first, terms) if why else ()
        candidates = merged(first, fused(asked.lists(terms, added))) if added else first
        shown = _without_repeats(candidates)[:limit]
        ranks = {best.passage.id: rank for rank, (best, _) in enumerate(shown, start=1)}
        return Found(
            tuple(_found(best, alike, terms, by_meaning=vector is not None) for best, alike in shown),
            Trace(
                question=question,
                terms=terms,
                wanted=wanted,
                model=self._embedder.name if self._embedder is not None and vector is not None else "",
                away=away,
                second=why,
                second_terms=added,
                candidates=tuple(
                    msgspec.structs.replace(one, rank=ranks.get(one.passage.id)) for one in candidates
                ),
                micros=int((time.perf_counter() - began) * 1e6),
            ),
        )

    def _vector(self, question: str) -> tuple[Vector | None, bool]:
        """Of the question, and whether the model is away: then what can be found by word is found."""
        if self._embedder is None or not question.strip():
            return None, False
        try:
            return self._embedder.questions([question])[0], False
        except Exception:  # noqa: BLE001 - whatever keeps a model from answering keeps nobody from searching; the trace says it
            return None, True


class _Asked:
    """One question to the index. `vector`: `None` where it is asked by word alone."""

    def __init__(self, index: Index, wanted: Filter, vector: Vector | None, allowed: Allowed | None) -> None:
        self._index = index
        self._wanted = wanted
        self._vector = vector
        self._seen = _Seen(allowed, wanted.principals)
        self._meaning: list[Hit] | None = None

    def lists(self, terms: Sequence[str], added: Sequence[str] = ()) -> Lists:
        """What is found, and the score of each in both ways. `added`: terms that count less."""
        word = self._by_word(terms)
        if added:
            word = _together(word, self._by_word(added), WEIGHT)[:CANDIDATES]
        if self._vector is None:
            return Lists(tuple(word), ())
        vector, meaning = self._vector, self._meaning
        if meaning is None:
            meaning = self._first(lambda limit: self._index.by_vector(vector, self._wanted, limit))
            self._meaning = meaning
        only_word, only_meaning = _missing(word, meaning), _missing(meaning, word)
        near = self._index.by_vector(vector, self._narrowed(only_word), _SCORED) if only_word else []
        said = self._scored(terms, only_meaning)
        if added:
            said = _together(said, self._scored(added, only_meaning), WEIGHT)
        return Lists(tuple(word), tuple(meaning), _scores(said), _scores(near))

    def _by_word(self, terms: Sequence[str]) -> list[Hit]:
        return self._first(lambda limit: self._index.by_terms(terms, self._wanted, limit))

    def _scored(self, terms: Sequence[str], documents: frozenset[str]) -> list[Hit]:
        return self._index.by_terms(terms, self._narrowed(documents), _SCORED) if documents and terms else []

    def _narrowed(self, documents: frozenset[str]) -> Filter:
        return msgspec.structs.replace(self._wanted, documents=documents)

    def _first(self, ask: Callable[[int], list[Hit]]) -> list[Hit]:
        limit = CANDIDATES
        while True:
            hits = ask(limit)
            kept = self._seen.among(hits)
            if len(kept) >= CANDIDATES or len(hits) < limit or limit >= _FARTHEST:
                return kept[:CANDIDATES]
            limit *= 2


class _Seen:
    """What the asker may see at this moment; each document is looked up once for a question."""

    def __init__(self, allowed: Allowed | None, principals: frozenset[str]) -> None:
        self._allowed = allowed
        self._principals = principals
        self._known: dict[str, bool] = {}

    def among(self, hits: list[Hit]) -> list[Hit]:
        """Those of them that he may."""
        if self._allowed is None:
            return hits
        fresh = {hit.passage.document for hit in hits} - self._known.keys()
        if fresh:
            may = self._allowed(fresh, self._principals)
            self._known.update((document, document in may) for document in fresh)
        return [hit for hit in hits if self._known[hit.passage.document]]


def _together(hits: list[Hit], more: list[Hit], weight: float) -> list[Hit]:
    """The same ones with what the others add to them, and the others, best first."""
    known = {hit.passage.id: hit for hit in hits}
    for hit in more:
        before = known.get(hit.passage.id)
        score = (before.score if before else 0.0) + weight * hit.score
        known[hit.passage.id] = msgspec.structs.replace(hit, score=score)
    return sorted(known.values(), key=lambda hit: (-hit.score, hit.passage.document, hit.passage.number))


def _missing(there: list[Hit], here: list[Hit]) -> frozenset[str]:
    """Documents of those hits that the other list has not."""
    have = {hit.passage.id for hit in here}
    return frozenset(hit.passage.document for hit in there if hit.passage.id not in have)


def _scores(hits: list[Hit]) -> dict[str, float]:
    return {hit.passage.id: hit.score for hit in hits}


def _without_repeats(candidates: list[Candidate]) -> list[tuple[Candidate, list[Passage]]]:
    """The same text once, at the place of its best."""
    groups: dict[str, tuple[Candidate, list[Passage]]] = {}
    for one in candidates:
        text = " ".join(one.passage.text.split()).casefold()
        if text in groups:
            groups[text][1].append(one.passage)
        else:
            groups[text] = (one, [])
    return list(groups.values())


def _found(best: Candidate, alike: list[Passage], terms: Sequence[str], *, by_meaning: bool) -> FoundPassage:
    passage = best.passage
    marked = highlights(passage.text, terms, passage.language)
    return FoundPassage(
        passage, best.source, best.score, _band(best, by_meaning=by_meaning), tuple(marked), tuple(alike)
    )


def _band(one: Candidate, *, by_meaning: bool) -> Band:
    ranks = [rank for rank in (one.word_rank, one.meaning_rank) if rank is not None and rank <= _STRONG]
    if len(ranks) == (2 if by_meaning else 1):
        return "strong"
    return "fair" if ranks else "weak"
