"""How good a ranking is. Pure; the definitions are those of trec_eval, which BEIR's published figures are made with
(https://github.com/usnistgov/trec_eval)."""

import math
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import Final

import msgspec

CUT: Final = 10


class Figures(msgspec.Struct, frozen=True):
    """Means over questions, from 0 to 1. `ndcg` and `recall` of the first ten; `mrr` of all that was found."""

    ndcg: float
    recall: float
    mrr: float


def figures(ranked: Sequence[str], judged: Mapping[str, int]) -> Figures:
    """Of one question. `ranked`: each document once, best first."""
    return Figures(ndcg(ranked, judged), recall(ranked, judged), reciprocal_rank(ranked, judged))


def mean(all_: Iterable[Figures]) -> Figures:
    """Each counts the same; nothing has nothing."""
    some = list(all_)
    if not some:
        return Figures(0.0, 0.0, 0.0)
    return Figures(
        fmean(one.ndcg for one in some), fmean(one.recall for one in some), fmean(one.mrr for one in some)
    )


def ndcg(ranked: Sequence[str], judged: Mapping[str, int], cut: int = CUT) -> float:
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen, 2002): a document gains its grade, less by the
    logarithm of its place, as a share of what the best order gains."""
    best = _gain(sorted((grade for grade in judged.values() if grade > 0), reverse=True)[:cut])
    return _gain([max(0, judged.get(document, 0)) for document in ranked[:cut]]) / best if best else 0.0


def recall(ranked: Sequence[str], judged: Mapping[str, int], cut: int = CUT) -> float:
    """The share of what is right that is among the first `cut`."""
    right = {document for document, grade in judged.items() if grade > 0}
    return len(right.intersection(ranked[:cut])) / len(right) if right else 0.0


def reciprocal_rank(ranked: Sequence[str], judged: Mapping[str, int]) -> float:
    """One over the place of the first that is right."""
    return next((1 / place for place, id_ in enumerate(ranked, start=1) if judged.get(id_, 0) > 0), 0.0)


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 1) for place, grade in enumerate(grades, start=1))
