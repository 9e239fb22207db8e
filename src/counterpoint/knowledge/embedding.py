"""What makes vectors, to the rest of knowledge. Of a passage they are made of `passages.context`."""

from collections.abc import Sequence
from typing import Protocol

from counterpoint.knowledge.index.port import Vector


class Embedder(Protocol):
    """A model that turns texts into vectors of length 1. Its methods may wait for a network: call them in a thread.

    Questions and passages are told apart, as most retrieval models are trained with. A model that is away is any
    exception: what is searched for is then found by word alone."""

    @property
    def name(self) -> str:
        """The model's; vectors of one name may be compared."""

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""

    def questions(self, texts: Sequence[str]) -> Sequence[Vector]:
        """One vector for each."""

    def passages(self, texts: Sequence[str]) -> Sequence[Vector]:
        """One vector for each."""
