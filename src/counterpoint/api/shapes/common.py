"""What every shape is made of: a base that turns docstrings into descriptions, pages, times."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Generic, TypeVar

T = TypeVar("T")


class Shape:
    """Base of all shapes."""

    # Read by pydantic, which the API uses; stating it here needs no import.
    __pydantic_config__: ClassVar[Any] = {"use_attribute_docstrings": True}


@dataclass(frozen=True)
class Page(Shape, Generic[T]):
    """Part of a list."""

    items: list[T]
    """In the list's order."""
    next: str | None
    """The cursor of the following page; null on the last."""


@dataclass(frozen=True)
class Flaw(Shape):
    """One thing that is wrong with a request."""

    where: str
    """`body.name`, `query.limit`, ..."""
    reason: str
    """In the reader's language."""


def moment(micros: int | None) -> datetime | None:
    """A time that may be absent, from microseconds since the epoch."""
    return instant(micros) if micros is not None else None


def instant(micros: int) -> datetime:
    """A time, from microseconds since the epoch."""
    return datetime.fromtimestamp(micros // 1_000_000, UTC).replace(microsecond=micros % 1_000_000)
