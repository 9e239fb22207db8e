"""Passages to measure an index with: words as often as Zipf says, vectors in clusters, readers in groups."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from counterpoint.knowledge.documents import Passage
from counterpoint.knowledge.index.port import Filter, Indexed

DIMENSIONS = 384
GROUPS = 150
PASSAGES = 10
"""Of each document."""
WORDS = 60
VOCABULARY = 50_000
CLUSTERS = 300
_PER_CLUSTER = 1.0
"""How far a vector is drawn from its cluster's middle."""


class Corpus:
    """The same for the same seed. Each document is read by 9 of 150 groups; an asker is in 3: 17 % are his to see."""

    def __init__(self, seed: int = 1) -> None:
        self._chance = np.random.default_rng(seed)
        middles = self._chance.normal(size=(CLUSTERS, DIMENSIONS)).astype(np.float32)
        self._middles = middles / np.linalg.norm(middles, axis=1, keepdims=True)
        weights = 1 / np.arange(1, VOCABULARY + 1)
        self._weights = np.cumsum(weights / weights.sum())

    def documents(self, count: int, version: str = "1") -> Iterator[Indexed]:
        """So many passages."""
        for number in range(count // PASSAGES):
            yield self.document(f"document-{number}", version)

    def document(self, id_: str, version: str) -> Indexed:
        """A new one."""
        groups = self._chance.choice(GROUPS, size=9, replace=False)
        terms = [tuple(self._words(WORDS)) for _ in range(PASSAGES)]
        texts = (" ".join(each) for each in terms)
        return Indexed(
            f"source-{self._chance.integers(5)}",
            id_,
            version,
            frozenset(f"group:{group}" for group in groups),
            tuple(Passage(id_, version, at, 0, len(text), text) for at, text in enumerate(texts)),
            tuple(terms),
            tuple(self.vectors(PASSAGES)),
            "text/plain",
            int(self._chance.integers(1_000_000)),
        )

    def vectors(self, count: int) -> Any:
        """Around middles drawn at random."""
        around = self._middles[self._chance.integers(CLUSTERS, size=count)]
        noise = self._chance.normal(size=(count, DIMENSIONS)).astype(np.float32)
        drawn = around + _PER_CLUSTER * noise / np.sqrt(DIMENSIONS)
        return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)

    def question(self) -> list[str]:
        """Six words, as rare and as frequent as in the passages, but for the 20 that are everywhere: `knowledge.text`
        leaves stop words out."""
        drawn: list[str] = []
        while len(drawn) < 6:
            drawn += [word for word in self._words(6) if int(word[1:]) >= 20]
        return drawn[:6]

    def asker(self) -> Filter:
        """In three groups."""
        groups = self._chance.choice(GROUPS, size=3, replace=False)
        return Filter(frozenset(f"group:{group}" for group in groups))

    def _words(self, count: int) -> list[str]:
        ranks = np.searchsorted(self._weights, self._chance.random(count))
        return [f"w{rank}" for rank in ranks]
