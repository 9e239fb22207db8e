"""JSON values, one to a line, fed in any cut (https://github.com/ndjson/ndjson-spec).

A line ends with a line feed, before which a carriage return may stand; lines of white space alone say nothing. JSON
itself has no raw line feed, so no value is ever cut in two.
"""

from counterpoint.wire.sse import MAX_FRAME, FrameTooLong


class LineCutter:
    """Cuts a byte stream after each line, ends kept: joined, the pieces are the stream again."""

    __slots__ = ("_limit", "_rest")

    def __init__(self, limit: int = MAX_FRAME) -> None:
        self._rest = bytearray()
        self._limit = limit

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that `data` completes, as raw bytes. Raises `FrameTooLong`."""
        end = data.rfind(b"\n") + 1
        if not end:
            self._rest += data
            self._check()
            return []
        whole = bytes(self._rest) + data[:end] if self._rest else data[:end]
        self._rest[:] = data[end:]
        self._check()
        if whole.find(b"\n") == len(whole) - 1:
            return [whole]
        return [line + b"\n" for line in whole.split(b"\n")[:-1]]

    def _check(self) -> None:
        if len(self._rest) > self._limit:
            raise FrameTooLong(len(self._rest))

    @property
    def rest(self) -> bytes:
        """What has no end yet."""
        return bytes(self._rest)

    def close(self) -> bytes:
        """What was left without an end: often a whole value, as the last line feed is easily forgotten."""
        rest = self.rest
        self._rest.clear()
        return rest


def ndjson_line(data: bytes) -> bytes:
    """One value as a line; `data` must have no line feed, as no JSON that msgspec writes has."""
    return data + b"\n"
