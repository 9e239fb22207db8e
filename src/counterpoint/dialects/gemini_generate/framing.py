"""What stands around the chunks of a stream: each is a server-sent event (`alt=sse`), or they are one JSON array.

https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent; without `alt` it is the array.
"""

from typing import Protocol

from counterpoint.wire.sse import sse_frame


class Framing(Protocol):
    """Of one stream."""

    def frame(self, chunk: bytes) -> bytes:
        """A chunk's JSON as it goes out."""

    def end(self) -> bytes:
        """What follows the last chunk."""


class Events:
    """Server-sent events."""

    def frame(self, chunk: bytes) -> bytes:
        """One event."""
        return sse_frame(chunk)

    def end(self) -> bytes:
        """Events have no end of their own."""
        return b""


class Array:
    """The elements of an array."""

    def __init__(self) -> None:
        self._begun = False

    def frame(self, chunk: bytes) -> bytes:
        """One element, after what parts it from the one before."""
        before, self._begun = b",\r\n" if self._begun else b"[", True
        return before + chunk

    def end(self) -> bytes:
        """The bracket that closes the array; that of an empty one, too."""
        return b"]" if self._begun else b"[]"
