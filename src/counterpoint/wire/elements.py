"""The elements of a JSON array that comes in pieces.

Some hosts stream an answer as one array with an element for each event. Each element is an object, so it ends where
its last brace closes; braces within strings do not count. Only letters that matter are looked at.
"""

import re

from counterpoint.wire.sse import MAX_FRAME, FrameTooLong

_OUTSIDE = re.compile(rb'["{}]')
_INSIDE = re.compile(rb'["\\]')


class ElementCutter:
    """Cuts an array's bytes after each element: joined, the pieces are the array again."""

    __slots__ = ("_depth", "_limit", "_rest", "_seen", "_text")

    def __init__(self, limit: int = MAX_FRAME) -> None:
        self._rest = bytearray()
        self._seen = 0
        self._depth = 0
        self._text = False
        self._limit = limit

    def feed(self, data: bytes) -> list[bytes]:
        """The pieces, each with one element at its end, that `data` completes. Raises `FrameTooLong`."""
        self._rest += data
        pieces: list[bytes] = []
        start, at, rest = 0, self._seen, self._rest
        while True:
            found = (_INSIDE if self._text else _OUTSIDE).search(rest, at)
            if found is None:
                at = len(rest)
                break
            letter = found[0]
            at = found.end()
            if letter == b"\\":
                if at == len(rest):  # what it escapes has not come yet
                    at -= 1
                    break
                at += 1
            elif letter == b'"':
                self._text = not self._text
            elif letter == b"{":
                self._depth += 1
            else:
                self._depth -= 1
                if self._depth == 0:
                    pieces.append(bytes(rest[start:at]))
                    start = at
        if start:
            del rest[:start]
        self._seen = at - start
        if len(rest) > self._limit:
            raise FrameTooLong(len(rest))
        return pieces

    @property
    def rest(self) -> bytes:
        """What has no end yet."""
        return bytes(self._rest)

    def close(self) -> bytes:
        """What was left after the last element."""
        rest = self.rest
        self._rest.clear()
        self._seen = 0
        return rest


def element_of(piece: bytes) -> bytes:
    """The element in a piece, without the bracket, comma and white space before it."""
    return piece[piece.find(b"{") :]
