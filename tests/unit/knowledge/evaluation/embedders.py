"""Embedders whose vectors a test can foresee."""

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from counterpoint.knowledge.index.port import Vector
from counterpoint.knowledge.text import terms

DIMENSIONS = 64


class WordEmbedder:
    """Texts are near to one another by the words that they share. `asked`: the texts it was asked for."""

    name = "words"
    dimensions = DIMENSIONS

    def __init__(self) -> None:
        self.asked: list[str] = []

    def questions(self, texts: Sequence[str]) -> list[Vector]:
        self.asked += texts
        return [_vector(text) for text in texts]

    passages = questions


class NoEmbedder(WordEmbedder):
    """Whose model is away."""

    def questions(self, texts: Sequence[str]) -> list[Vector]:
        raise ConnectionError


def _vector(text: str) -> Any:
    vector: Any = np.full(DIMENSIONS, 0.01, np.float32)
    for word in terms(text, "en"):
        vector[zlib.crc32(word.encode()) % DIMENSIONS] += 1
    vector /= np.linalg.norm(vector)
    return vector
