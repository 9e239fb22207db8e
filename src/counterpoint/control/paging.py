"""Pages of lists. A cursor says in which list it stands and after which item, so that one that was made up, or is
of another list, is refused instead of leading to some other page."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import msgspec

from counterpoint.i18n.complaint import Complaint

MOST = 500
"""Items of a page."""
T = TypeVar("T")


class Paged(msgspec.Struct, Generic[T], frozen=True):
    """`next`: the cursor of the following page, `None` on the last."""

    items: tuple[T, ...]
    next: str | None


def cursor_to(kind: str, place: str) -> str:
    """The cursor behind that place of that kind of list."""
    return urlsafe_b64encode(f"{kind} {place}".encode("utf-8", "surrogatepass")).decode().rstrip("=")


def place_of(kind: str, cursor: str | None) -> str | None:
    """Behind which place a page begins; `None`: it is the first. Raises `Complaint` for what is no cursor."""
    if cursor is None:
        return None
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        text = ""
    found, _, place = text.partition(" ")
    if found != kind or not place or cursor_to(kind, place) != cursor:
        raise Complaint("control.usage.bad_cursor", cursor=cursor[:60])
    return place


def paged(kind: str, found: Sequence[T], limit: int, place: Callable[[T], str]) -> Paged[T]:
    """A page of at most `limit`, from rows of which one more than that was asked for."""
    following = cursor_to(kind, place(found[limit - 1])) if len(found) > limit else None
    return Paged(tuple(found[:limit]), following)


def cut(
    kind: str,
    items: Sequence[T],
    place: Callable[[T], str],
    *,
    cursor: str | None,
    limit: int,
    backwards: bool = False,
) -> Paged[T]:
    """A page of a list that is at hand whole, in the order of its places. Raises `Complaint`."""
    after = place_of(kind, cursor)
    rest = items
    if after is not None:
        rest = [item for item in items if (place(item) < after if backwards else place(item) > after)]
    return paged(kind, rest, limit, place)
