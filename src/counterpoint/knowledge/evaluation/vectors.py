"""Vectors for evaluations: from the local embedding runtime without a platform, and made once for each text.

A file for each model, records one after another: the digest of what was embedded, then the vector.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from counterpoint.engines.manifest import weights_of
from counterpoint.engines.store import default_models
from counterpoint.knowledge.index.port import Vector

LOCAL: Final = "multilingual-e5-small"
_DIGEST: Final = 16
BATCH: Final = 16
Progress = Callable[[int, int], None]


class LocalEmbedder:
    """The embedding model that comes with the platform, in this process."""

    name = LOCAL
    dimensions = 384

    def __init__(self) -> None:
        from counterpoint.engines.process.e5 import E5  # noqa: PLC0415 - heavy, and only missing vectors need it

        manifest = next(one for one in default_models() if one.name == LOCAL)
        self._model = E5(weights_of(manifest, Path()))

    def questions(self, texts: Sequence[str]) -> list[Vector]:
        """One vector for each."""
        return self._made(texts, "query: ")

    def passages(self, texts: Sequence[str]) -> list[Vector]:
        """One vector for each."""
        return self._made(texts, "passage: ")

    def _made(self, texts: Sequence[str], prefix: str) -> list[Vector]:
        rows: Any = self._model.vectors(texts, prefix)[0]
        return list(rows)


def kept_local(folder: Path) -> "KeptVectors":
    """The local model, loaded when a vector is missing."""
    return KeptVectors(folder, LOCAL, LocalEmbedder.dimensions, LocalEmbedder)


class KeptVectors:
    """An embedder that asks another one only for what it has not been asked before. `told`: hears how many of how
    many are there."""

    def __init__(self, folder: Path, name: str, dimensions: int, make: Callable[[], Any]) -> None:
        self.name = name
        self.dimensions = dimensions
        self.told: Progress | None = None
        self._make = make
        self._made: Any = None
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{name}.vectors"
        self._size = _DIGEST + 4 * dimensions
        self._known: dict[bytes, Any] = {}
        self._read = 0

    def questions(self, texts: Sequence[str]) -> list[Vector]:
        """One vector for each."""
        return self._vectors("question", texts)

    def passages(self, texts: Sequence[str]) -> list[Vector]:
        """One vector for each."""
        return self._vectors("passage", texts)

    def _vectors(self, kind: str, texts: Sequence[str]) -> list[Vector]:
        digests = [hashlib.sha256(f"{kind}\0{text}".encode()).digest()[:_DIGEST] for text in texts]
        self._load()
        missing = {
            digest: text for digest, text in zip(digests, texts, strict=True) if digest not in self._known
        }
        # Texts of one length beside one another: no batch waits for its longest.
        items = sorted(missing.items(), key=lambda item: len(item[1]))
        for at in range(0, len(items), BATCH):
            self._add(kind, items[at : at + BATCH])
            if self.told is not None:
                self.told(min(at + BATCH, len(items)), len(items))
        return [self._known[digest] for digest in digests]

    def _add(self, kind: str, items: list[tuple[bytes, str]]) -> None:
        if self._made is None:
            self._made = self._make()
        ask = self._made.questions if kind == "question" else self._made.passages
        made = ask([text for _, text in items])
        record = b"".join(digest + vector.tobytes() for (digest, _), vector in zip(items, made, strict=True))
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            size = os.fstat(file).st_size
            os.ftruncate(file, size - size % self._size)  # what a broken write left
            os.write(file, record)
        finally:
            os.close(file)
        self._known.update((digest, vector) for (digest, _), vector in zip(items, made, strict=True))

    def _load(self) -> None:
        """What has been added since, by another evaluation too."""
        import numpy  # noqa: PLC0415 - heavy; only who compares vectors needs it

        if not self._path.exists():
            return
        with self._path.open("rb") as stream:
            stream.seek(self._read)
            content = stream.read()
        for at in range(0, len(content) - self._size + 1, self._size):
            digest = content[at : at + _DIGEST]
            self._known[digest] = numpy.frombuffer(content, numpy.float32, self.dimensions, at + _DIGEST)
        self._read += len(content) // self._size * self._size
