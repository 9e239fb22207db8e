"""Long lists for statements, some at a time: a database takes so many values in one, and short statements keep nobody
waiting for long."""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
MOST = 400


def portions(values: Collection[T], most: int = MOST) -> Iterator[list[T]]:
    """All of them, in their order, in lists of at most so many."""
    rest = iter(values)
    while some := list(islice(rest, most)):
        yield some
