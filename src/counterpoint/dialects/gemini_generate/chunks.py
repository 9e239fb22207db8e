"""The chunks of a streamed answer: server-sent events where the caller asked for them, else one JSON array
(https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent, `alt`)."""

from counterpoint.wire.elements import ElementCutter, element_of
from counterpoint.wire.sse import SseCutter, frame_of


class ChunkCutter:
    """Cuts an answer's bytes after each chunk: joined, the pieces are the answer again."""

    def __init__(self) -> None:
        self._cutter: SseCutter | ElementCutter | None = None
        self._blank = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The pieces that `data` completes. Raises `FrameTooLong`."""
        if self._cutter is None:
            self._blank += data
            first = self._blank.lstrip()[:1]
            if not first:
                return []
            self._cutter = ElementCutter() if first == b"[" else SseCutter()
            data, self._blank = self._blank, b""
        return self._cutter.feed(data)

    @property
    def listed(self) -> bool:
        """Whether it is an array."""
        return isinstance(self._cutter, ElementCutter)

    @property
    def rest(self) -> bytes:
        """What has no end yet."""
        return self._blank if self._cutter is None else self._cutter.rest

    def chunk(self, piece: bytes) -> bytes | None:
        """The JSON in a piece; `None` for a piece that holds none."""
        if self.listed:
            return element_of(piece)
        frame = frame_of(piece)
        return None if frame is None else frame.data

    def close(self) -> bytes:
        """What was left without an end."""
        rest = self.rest
        if self._cutter is not None:
            self._cutter.close()
        self._blank = b""
        return rest

    def last(self, rest: bytes) -> bytes | None:
        """The JSON in what was left: an event may lack its blank line, an element is whole or none."""
        return None if self.listed else self.chunk(rest)
