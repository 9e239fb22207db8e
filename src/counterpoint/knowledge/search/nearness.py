"""The first candidates once more: words that stand side by side in the question count where they stand so in a passage.

What was found first holds the question's words anyway; `délai de préavis` in one place says more than both words pages
apart. Measured beside other second looks in `docs/knowledge-figures.md`.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import msgspec

from counterpoint.knowledge.passages import context
from counterpoint.knowledge.search.values import Candidate
from counterpoint.knowledge.text import terms

FIRST: Final = 30
"""Candidates that are looked at again."""
WEIGHT: Final = 0.5


def nearer(question: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The same ones: the first of them in their new order, the others behind. Expects them best first."""
    asked: dict[str, frozenset[tuple[str, str]]] = {}
    looked = []
    for one in candidates[:FIRST]:
        language = one.passage.language
        if language not in asked:
            asked[language] = frozenset(pairwise(terms(question, language)))
        looked.append(msgspec.structs.replace(one, score=one.score + WEIGHT * _shared(asked[language], one)))
    looked.sort(key=lambda one: (-one.score, one.passage.document, one.passage.number))
    return [*looked, *candidates[FIRST:]]


def _shared(asked: frozenset[tuple[str, str]], one: Candidate) -> float:
    """Pairs of the question that the passage has. A long question has many: each says less."""
    if not asked:
        return 0.0
    found = asked.intersection(pairwise(terms(context(one.passage), one.passage.language)))
    return len(found) / math.sqrt(len(asked))
