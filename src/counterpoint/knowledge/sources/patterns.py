"""Patterns of files, as people write them: `*.pdf`, `Board/**`, `**/draft-*`. Pure.

`*` and `?` stay within a name, `**` goes through folders. A pattern without a slash is about names, in whatever folder;
one with a slash is about paths from the folder where it is written. Neither capitals nor how an accent is put together
matter: to whom `*.pdf` is a scan, `SCAN.PDF` is one, and a Mac writes `é` as two characters.

All the ways a pattern may go are followed at once, as the bits of a number: whatever people write, a path costs a step
for each of its characters, where trying one way after another would take for ever.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

LONGEST = 1000
"""Characters of a pattern."""


def matches(pattern: str, path: str) -> bool:
    """Whether a path (with `/`, relative) is meant."""
    return _compiled(pattern).fits(_folded(path))


def wanted(path: str, include: Sequence[str], exclude: Sequence[str]) -> bool:
    """Whether it is among those to take: without `include`, all are."""
    taken = not include or any(matches(pattern, path) for pattern in include)
    return taken and not any(matches(pattern, path) for pattern in exclude)


def composed(text: str) -> str:
    """The same name, however its accents are put together."""
    return unicodedata.normalize("NFC", text)


@lru_cache(64)
def _folded(text: str) -> tuple[str, ...]:
    """Character by character, so that `?` is one of them whatever its capital is."""
    return tuple(each.casefold() for each in composed(text))


class _Pattern:
    """`_ways`: bits of the steps of the pattern, the first for what comes first, one more for its end. By what a step
    does with a character: goes on with one, goes on with any of a name, goes on with a slash, stays with any of a name,
    stays with whichever; and those that may be left out, alone or with the next one."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._given: dict[str, int] = defaultdict(int)
        self._any = self._slash = self._stay = self._stay_all = self._free = self._free_two = 0
        at = 1
        for piece in pieces:
            at = self._add(piece, at)
        self._end = at
        self._start = self._freed(1)

    def fits(self, characters: Sequence[str]) -> bool:
        """Whether all of them are meant."""
        ways = self._start
        for each in characters:
            if each == "/":
                on = ways & (self._given.get("/", 0) | self._slash)
                stay = ways & self._stay_all
            else:
                on = ways & (self._given.get(each, 0) | self._any)
                stay = ways & (self._stay_all | self._stay)
            ways = self._freed(on << 1 | stay)
            if not ways:
                return False
        return bool(ways & self._end)

    def _add(self, piece: str, at: int) -> int:
        """The bit after it."""
        if piece == "**/":  # nothing, or whatever ends in a slash: in two steps
            self._free_two |= at
            self._free |= at
            self._stay_all |= at << 1
            self._slash |= at << 1
            return at << 2
        if piece == "?":
            self._any |= at
            return at << 1
        if piece in {"*", "**"}:
            self._free |= at
            if piece == "*":
                self._stay |= at
            else:
                self._stay_all |= at
            return at << 1
        for each in _folded(piece):
            self._given[each] |= at
            at <<= 1
        return at

    def _freed(self, ways: int) -> int:
        """With those that are reached without a character."""
        while True:
            more = ways | (ways & self._free) << 1 | (ways & self._free_two) << 2
            if more == ways:
                return ways
            ways = more


@lru_cache(1024)
def _compiled(pattern: str) -> _Pattern:
    anywhere = "/" not in pattern.rstrip("/")
    text = pattern.strip("/")
    if pattern.endswith("/"):
        text += "/**"
    return _Pattern((["**/"] if anywhere else []) + _PIECES.findall(text))


_PIECES = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]+")
