"""Indexes of every kind, empty, and documents to put into them."""

import atexit
import contextlib
import functools
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from counterpoint.knowledge.documents import Passage
from counterpoint.knowledge.index.lance import LanceIndex
from counterpoint.knowledge.index.port import Filter, Hit, Index, Indexed
from counterpoint.knowledge.index.postgresql import PostgresqlIndex
from counterpoint.testing.exact_index import ExactIndex
from tests.buckets import buckets
from tests.databases import postgresql

DIMENSIONS = 16
KINDS = ("lance", "postgresql", "bucket")


@contextmanager
def fresh_index(kind: str, folder: Path) -> Iterator[Index]:
    """Of that kind, with nothing in it."""
    index = _made(kind, folder)
    try:
        yield index
    finally:
        index.close()


def _made(kind: str, folder: Path) -> Index:
    match kind:
        case "lance":
            return LanceIndex(str(folder), DIMENSIONS)
        case "bucket":
            return LanceIndex(buckets().url(), DIMENSIONS, options=buckets().options)
        case "postgresql":
            return PostgresqlIndex(_database(), DIMENSIONS, place=uuid.uuid4().hex)
        case _:
            return ExactIndex()


@functools.cache
def _database() -> str:
    """One for all: each index has a schema of its own."""
    stack = contextlib.ExitStack()
    url = stack.enter_context(postgresql().fresh(migrated=False))
    atexit.register(stack.close)
    return url


def vector(seed: object, dimensions: int = DIMENSIONS) -> tuple[float, ...]:
    """Of length 1; the same for the same seed."""
    chance = random.Random(repr(seed))
    drawn = [chance.gauss(0, 1) for _ in range(dimensions)]
    length = sum(each * each for each in drawn) ** 0.5
    return tuple(each / length for each in drawn)


def document(
    id_: str, *texts: str, version: str = "1", readers: str = "group:staff", vectors: bool = True, **more: Any
) -> Indexed:
    """A passage for each text, whose terms are its words. `readers`: separated by spaces."""
    languages = more.pop("languages", [""] * len(texts))
    return Indexed(
        source=more.pop("source", "papers"),
        document=id_,
        version=version,
        readers=frozenset(readers.split()),
        passages=tuple(
            Passage(id_, version, number, 0, len(text), text, language=language)
            for number, (text, language) in enumerate(zip(texts, languages, strict=True))
        ),
        terms=tuple(tuple(text.split()) for text in texts),
        vectors=tuple(vector(text) for text in texts) if vectors else None,
        **more,
    )


def asker(*principals: str, **more: Any) -> Filter:
    """Who asks, and for what."""
    return Filter(frozenset(principals), **more)


def found(hits: list[Hit]) -> list[str]:
    """The texts, best first."""
    return [hit.passage.text for hit in hits]


def agree_on_the_nearest(index: Index) -> None:
    """A thousand vectors, tended, then changed, respected by an index of vectors as by comparing all; once more after
    it is tended again."""
    exact = ExactIndex()
    staff = asker("group:3")
    for each in (index, exact):
        each.put([_seven_groups(number) for number in range(100)])
        each.tend()
        each.put([document("d3", "3 new", readers="group:3")])
        each.put([document("bare", "x", readers="group:3", vectors=False)])
        each.remove(["d10"])
        each.allow({"d17": frozenset({"group:4"}), "d4": frozenset({"group:3"})})
    for _ in range(2):
        for seed in range(10):
            got, right = (_nearest(each, seed, staff, 20) for each in (index, exact))
            assert len(set(got) & set(right)) >= 18
            assert sorted(_nearest(index, seed, staff, 1000)) == sorted(_nearest(exact, seed, staff, 1000))
        index.tend()


def _seven_groups(number: int) -> Indexed:
    texts = (f"{number} {at}" for at in range(10))
    return document(f"d{number}", *texts, readers=f"group:{number % 7}")


def _nearest(index: Index, seed: int, wanted: Filter, limit: int) -> list[str]:
    return [hit.passage.id for hit in index.by_vector(vector(seed), wanted, limit)]
