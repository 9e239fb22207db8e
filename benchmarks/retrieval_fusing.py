"""How two lists best become one: the ways that were compared, and what each parameter is worth.

Every candidate's exact scores are computed in memory (BM25 over all passages, cosines of the same vectors), so that one
run compares all ways on the same lists. A parameter is chosen without the set that it is judged on (*leave one set
out*): what is gained so is no fitting to a set. `python -m benchmarks.retrieval_fusing` prints the tables, `--write`
puts them into docs/knowledge-figures.md.
"""

import argparse
import math
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.retrieval import PAGE, SHARED
from counterpoint.knowledge.evaluation import beir
from counterpoint.knowledge.evaluation.metrics import ndcg
from counterpoint.knowledge.evaluation.vectors import KeptVectors, kept_local
from counterpoint.knowledge.passages import context
from counterpoint.knowledge.text import question_terms, terms
from scripts.retrieval_sets import SETS, convert

BEGIN, END = "<!-- fusing: begin -->", "<!-- fusing: end -->"
CANDIDATES: Final = 100
K1, B = 1.2, 0.75
FIRST: Final = 30
SHARES: Final = (0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
WEIGHTS: Final = (0.0, 0.25, 0.5, 0.75)

Floats = NDArray[np.float64]
Ranking = Callable[["Exact", int], Floats]
"""Scores of all passages for a question; what is not found has minus infinity."""


class Exact:
    """A set with all its scores. `word`, `meaning`: a row for each question."""

    def __init__(self, folder: Path, embedder: KeptVectors) -> None:
        self.given = beir.read(folder)
        self.ids = [entry.id for entry in self.given.entries]
        place = {id_: number for number, id_ in enumerate(self.ids)}
        passages = [one for entry in self.given.entries for one in beir.passages(entry)]
        self.of = np.array([place[one.document] for one in passages])
        self._terms = [terms(context(one), one.language) for one in passages]
        self.word = self._bm25([question_terms(query.text) for query in self.given.queries])
        vectors = np.stack(embedder.passages([context(one) for one in passages]))
        asked = np.stack(embedder.questions([query.text for query in self.given.queries]))
        self.meaning: Floats = (asked @ vectors.T).astype(np.float64)
        self._asked = [set(pairwise(terms(query.text, self.given.language))) for query in self.given.queries]
        self._pairs: dict[int, set[tuple[str, str]]] = {}

    def _bm25(self, questions: list[list[str]]) -> Floats:
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for place, words in enumerate(self._terms):
            for word, count in Counter(words).items():
                postings[word].append((place, count))
        lengths = np.array([len(words) for words in self._terms], float)
        lengths /= lengths.mean()
        rows = np.zeros((len(questions), len(self._terms)))
        for row, words in zip(rows, questions, strict=True):
            for word in words:
                if held := postings.get(word):
                    at, counts = np.array(held).T
                    rarity = math.log(1 + (len(self._terms) - len(held) + 0.5) / (len(held) + 0.5))
                    row[at] += rarity * counts * (K1 + 1) / (counts + K1 * (1 - B + B * lengths[at]))
        return rows

    def lists(self, number: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """The first hundred by word and by meaning."""
        word, meaning = self.word[number], self.meaning[number]
        said = np.argsort(-word, kind="stable")[:CANDIDATES]
        return said[word[said] > 0], np.argsort(-meaning, kind="stable")[:CANDIDATES]

    def near(self, number: int, place: int) -> float:
        """Pairs of the question's words that a passage has."""
        asked = self._asked[number]
        if place not in self._pairs:
            self._pairs[place] = set(pairwise(self._terms[place]))
        return len(asked & self._pairs[place]) / math.sqrt(len(asked)) if asked else 0.0

    def score(self, ranking: Ranking) -> float:
        """nDCG@10, the mean over questions."""
        found = []
        for number, query in enumerate(self.given.queries):
            best = np.full(len(self.ids), -np.inf)
            np.maximum.at(best, self.of, ranking(self, number))
            order = [self.ids[at] for at in np.argsort(-best, kind="stable")[:10] if best[at] > -np.inf]
            found.append(ndcg(order, self.given.judged[query.id]))
        return fmean(found)


def ranks(share: float, constant: int) -> Ranking:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009)."""

    def ranking(of: Exact, number: int) -> Floats:
        said, meant = of.lists(number)
        scores = np.zeros(of.word.shape[1])
        scores[said] += share / (constant + 1 + np.arange(len(said)))
        scores[meant] += (1 - share) / (constant + 1 + np.arange(len(meant)))
        return np.where(scores > 0, scores, -np.inf)

    return ranking


def scaled(share: float, scale: Callable[[Floats], Floats], *, known: bool = True) -> Ranking:
    """A weighted sum of scores. `known`: both of every candidate; else what a list lacks is as good as its last."""

    def ranking(of: Exact, number: int) -> Floats:
        said, meant = of.lists(number)
        both = np.union1d(said, meant)
        word, meaning = of.word[number][both], of.meaning[number][both]
        if not known:
            word = np.where(np.isin(both, said), word, word[np.isin(both, said)].min(initial=np.inf))
            word[~np.isfinite(word)] = 0
            meaning = np.where(np.isin(both, meant), meaning, of.meaning[number][meant].min())
        scores = np.full(of.word.shape[1], -np.inf)
        scores[both] = share * scale(word) + (1 - share) * scale(meaning)
        return scores

    return ranking


def nearer(ranking: Ranking, weight: float) -> Ranking:
    """The first thirty once more, by pairs of words."""

    def again(of: Exact, number: int) -> Floats:
        scores = ranking(of, number).copy()
        first = [at for at in np.argsort(-scores, kind="stable")[:FIRST] if scores[at] > -np.inf]
        behind = 1e6  # the first stay the first
        scores[first] += [behind + weight * of.near(number, at) for at in first]
        return scores

    return again


def by_spread(scores: Floats) -> Floats:
    """Mean nothing, spread one."""
    return np.asarray((scores - scores.mean()) / max(scores.std(), 1e-6))


def by_range(scores: Floats) -> Floats:
    """From nothing to one."""
    return np.asarray((scores - scores.min()) / max(np.ptp(scores), 1e-6))


def compared() -> dict[str, Ranking]:
    """By name."""
    return {
        "words alone": lambda of, number: np.where(of.word[number] > 0, of.word[number], -np.inf),
        "vectors alone": lambda of, number: of.meaning[number],
        "reciprocal ranks, constant 60": ranks(0.5, 60),
        "reciprocal ranks, constant 10": ranks(0.5, 10),
        "scores by range, 0.4 of them the word's": scaled(0.4, by_range),
        "scores by spread, only those of its list": scaled(0.4, by_spread, known=False),
        **{f"scores by spread, {share:g} of them the word's": scaled(share, by_spread) for share in SHARES},
        **{
            f"the same with 0.4, and pairs of words by {weight:g}": nearer(scaled(0.4, by_spread), weight)
            for weight in WEIGHTS[1:]
        },
    }


def chosen(scores: Sequence[dict[tuple[float, float], float]]) -> list[tuple[tuple[float, float], float]]:
    """For each set the share and the weight that are best on the others, and what they give on it."""
    picks = []
    for place, own in enumerate(scores):
        others = [each for number, each in enumerate(scores) if number != place]
        pick = max(own, key=lambda pair: fmean(each[pair] for each in others))
        picks.append((pick, own[pick]))
    return picks


def tables(sets: Sequence[Exact]) -> str:
    """Ways by sets, then what was chosen without each set."""
    names = [one.given.name for one in sets]
    head = ["nDCG@10", *(f"`{name}`" for name in names), "mean"]
    rows = [head, ["---", *["--:"] * (len(head) - 1)]]
    for name, ranking in compared().items():
        values = [100 * one.score(ranking) for one in sets]
        rows.append([name, *(f"{value:.1f}" for value in [*values, fmean(values)])])
    grid = [(share, weight) for share in SHARES for weight in WEIGHTS]
    scores = [{pair: one.score(nearer(scaled(pair[0], by_spread), pair[1])) for pair in grid} for one in sets]
    held_out = [["left out", "share", "pairs", "nDCG@10"], ["---", "--:", "--:", "--:"]]
    for name, (pair, value) in zip(names, chosen(scores), strict=True):
        held_out.append([f"`{name}`", f"{pair[0]:g}", f"{pair[1]:g}", f"{100 * value:.1f}"])
    return f"{_table(rows)}\n\nChosen on the other sets:\n\n{_table(held_out)}"


def _table(rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare and tell."""
    parser = argparse.ArgumentParser(description="Compare ways to fuse what words and vectors find.")
    parser.add_argument("sets", nargs="*", help=", ".join(SETS))
    parser.add_argument("--vectors", type=Path, default=Path.home() / ".cache" / "counterpoint" / "vectors")
    parser.add_argument("--write", action="store_true")
    given: Any = parser.parse_args(arguments)
    embedder = kept_local(given.vectors)
    with tempfile.TemporaryDirectory() as target:
        told = tables([Exact(folder, embedder) for folder in convert(SHARED, Path(target), given.sets)])
    print(told)
    if given.write:
        before, rest = PAGE.read_text("utf-8").split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{told}\n{END}{rest.split(END)[1]}", "utf-8")


if __name__ == "__main__":
    main()
