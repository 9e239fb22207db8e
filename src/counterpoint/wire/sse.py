"""Server-sent events (WHATWG HTML, 9.2), fed in any cut.

Why two classes: a relay passes original bytes on and must know where each event ends (`SseCutter`), while a
decoder wants the fields of each event (`SseReader`). Both find the same boundaries. Events from providers are
nearly always one `data:` line closed by two line feeds; that case is a slice, everything else takes the
slower, complete road.
"""

import re

import msgspec

MAX_FRAME = 64 * 1024 * 1024
"""An event that grows beyond this without an end is refused: memory must stay bounded."""

_LINE_END = rb"(?:\r\n|\n|\r(?!\n))"
_EVENT_END = re.compile(_LINE_END + _LINE_END)
_LINE = re.compile(rb"\r\n|\n|\r")
_BOM = b"\xef\xbb\xbf"


class FrameTooLong(ValueError):  # noqa: N818 - says what is wrong with the bytes, as the caller words it
    """An event exceeded the limit before its end was seen."""


class Frame(msgspec.Struct, frozen=True, omit_defaults=True):
    """One event: its `data` lines joined, and its `event` name (empty: none was given)."""

    data: bytes
    event: str = ""


class SseCutter:
    """Cuts a byte stream after each event, terminators kept: joined, the pieces are the stream again."""

    __slots__ = ("_limit", "_rest", "_seen")

    def __init__(self, limit: int = MAX_FRAME) -> None:
        self._rest = bytearray()
        self._seen = 0
        self._limit = limit

    def feed(self, data: bytes) -> list[bytes]:
        """The events that `data` completes, as raw bytes. Raises `FrameTooLong`."""
        if not self._rest and data.endswith(b"\n\n") and b"\r" not in data:
            pieces = data.split(b"\n\n")
            if not pieces.pop():  # an odd number of line feeds leaves one over: the slow road keeps it
                return [data] if len(pieces) == 1 else [piece + b"\n\n" for piece in pieces]
        return self._feed_slowly(data)

    def _feed_slowly(self, data: bytes) -> list[bytes]:
        self._rest += data
        events: list[bytes] = []
        start = 0
        for match in _EVENT_END.finditer(self._rest, max(0, self._seen - 3)):
            events.append(bytes(self._rest[start : match.end()]))
            start = match.end()
        if start:
            del self._rest[:start]
        self._seen = len(self._rest)
        if self._seen > self._limit:
            raise FrameTooLong(self._seen)
        return events

    @property
    def rest(self) -> bytes:
        """What has no end yet."""
        return bytes(self._rest)

    def close(self) -> bytes:
        """What was left without an end."""
        rest = self.rest
        self._rest.clear()
        self._seen = 0
        return rest


def frame_of(raw: bytes) -> Frame | None:
    """The event in `raw`; `None` for comments, keep-alives and events without data."""
    if raw.startswith(b"data: ") and raw.find(b"\n") >= len(raw) - 2 and b"\r" not in raw:
        return Frame(raw[6:].rstrip(b"\n"))
    data: list[bytes] = []
    event = ""
    for line in _LINE.split(raw.removeprefix(_BOM)):
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            data.append(value)
        elif name == b"event":
            event = value.decode("utf-8", "replace")
    return Frame(b"\n".join(data), event) if data else None


class SseReader:
    """Events of a byte stream, whatever its cuts.

    An event that the end of the stream left without its blank line still counts: the standard drops it, but
    providers forget the last line feed and their final event matters.
    """

    __slots__ = ("_cutter",)

    def __init__(self, limit: int = MAX_FRAME) -> None:
        self._cutter = SseCutter(limit)

    def feed(self, data: bytes) -> list[Frame]:
        """Events that `data` completes. Raises `FrameTooLong`."""
        frames = [frame_of(raw) for raw in self._cutter.feed(data)]
        return [frame for frame in frames if frame is not None]

    @property
    def rest(self) -> bytes:
        """What has no end yet: perhaps no event at all."""
        return self._cutter.rest

    def close(self) -> list[Frame]:
        """The last event, if it had data but no end."""
        frame = frame_of(self._cutter.close())
        return [] if frame is None else [frame]


def sse_frame(data: bytes, event: str = "") -> bytes:
    """One event as bytes; `data` must be one line, as every JSON text that msgspec writes is."""
    if event:
        return b"event: %b\ndata: %b\n\n" % (event.encode(), data)
    return b"data: %b\n\n" % data
