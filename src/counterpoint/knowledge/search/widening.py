"""A second search, where the evidence is thin.

Thin: fewer passages were found than asked for, or the first ten by word and the first ten by meaning have none in
common. Then the passages that came first are asked for their own words (pseudo relevance feedback, Rocchio 1971), and
those words are searched for besides. What stood first stays first: on every question alike, the added words make more
rankings worse than better (`docs/knowledge-figures.md`).
"""

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import zip_longest
from typing import Final

import msgspec

from counterpoint.knowledge.passages import context
from counterpoint.knowledge.search.values import Candidate, Reason
from counterpoint.knowledge.text import terms

WEIGHT: Final = 0.5
"""What an added word counts, of one that was asked for."""
_TOGETHER: Final = 10
_TAUGHT_BY: Final = 2
_COMPARED: Final = 30
_WORDS: Final = 8
_KEPT: Final = 5
"""Of the first search, ahead of what the second brings."""


def thin(candidates: Sequence[Candidate], limit: int, *, by_meaning: bool) -> Reason:
    """Why another search is worth its time; empty: it is not."""
    if not candidates:
        return ""  # there is nothing to learn from
    if len(candidates) < limit:
        return "few"
    if by_meaning and not any(
        max(one.word_rank or _TOGETHER + 1, one.meaning_rank or _TOGETHER + 1) <= _TOGETHER
        for one in candidates
    ):
        return "apart"
    return ""


def taught(candidates: Sequence[Candidate], asked: Collection[str]) -> tuple[str, ...]:
    """Words of the first passages that few of the others have, those first that are most typical."""
    own = [terms(context(one.passage), one.passage.language) for one in candidates[:_COMPARED]]
    often = Counter(word for words in own for word in set(words))
    weights: dict[str, float] = {}
    for words in own[:_TAUGHT_BY]:
        for word, count in Counter(words).items():
            if word not in asked:
                weights[word] = weights.get(word, 0.0) + count / often[word]
    return tuple(sorted(weights, key=lambda word: (-weights[word], word))[:_WORDS])


def merged(first: Sequence[Candidate], second: Sequence[Candidate]) -> list[Candidate]:
    """The first ones stay, the rest of both take turns. What the second search alone has found is marked: it was
    not asked for by the question's own words."""
    known = {one.passage.id: one for one in first}
    fresh = [
        known.get(one.passage.id) or msgspec.structs.replace(one, word_rank=None, second=True)
        for one in second
    ]
    order: dict[str, Candidate] = {one.passage.id: one for one in first[:_KEPT]}
    for pair in zip_longest(first[_KEPT:], fresh):
        order.update((one.passage.id, one) for one in pair if one is not None and one.passage.id not in order)
    return list(order.values())
