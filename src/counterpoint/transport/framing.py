"""HTTP/1.1 response framing, sans-IO: bytes in, (head, body pieces, end) out (RFC 9112, sections 2 to 7)."""

import re
import zlib
from collections.abc import Iterator, Mapping

HEAD_LIMIT = 64 * 1024
LINE_LIMIT = 4096
INFLATED_LIMIT = 32 * 1024 * 1024
"""Bytes that one piece from the socket may unpack to: a few kilobytes can hold gigabytes of nothing."""

_FRAMING = re.compile(rb"\r\n(connection|content-encoding|content-length|transfer-encoding):([^\r\n]*)")


class FramingError(Exception):
    """The upstream does not speak HTTP/1.1 as we understand it."""


class HeadFields(Mapping[str, str]):
    """The fields of a head: names in lower case, repeated ones joined by `, `.

    They are taken apart only when one is asked for. Hosts send thirty of them and a relayed answer needs four,
    which `framing` finds without touching the others.
    """

    __slots__ = ("_fields", "_head")

    def __init__(self, head: bytes) -> None:
        self._head = head
        self._fields: dict[str, str] | None = None

    def framing(self) -> dict[bytes, bytes]:
        """The fields on which the length of the body depends, names and values in lower case."""
        found: dict[bytes, bytes] = {}
        for name, text in _FRAMING.findall(self._head.lower()):
            value = text.strip()
            known = found.get(name, value)
            if known is value:
                found[name] = value
            elif name != b"content-length":
                found[name] = known + b", " + value
            elif known != value:
                raise FramingError("two different content lengths")
        return found

    def well_formed(self) -> bool:
        """Whether every line is a field."""
        return all(b":" in line for line in self._head.split(b"\r\n")[1:])

    def _all(self) -> dict[str, str]:
        if self._fields is None:
            self._fields = {}
            for line in self._head.decode("latin-1").split("\r\n")[1:]:
                name, _, value = line.partition(":")
                name, value = name.lower(), value.strip()
                known = self._fields.get(name)
                self._fields[name] = value if known is None else f"{known}, {value}"
        return self._fields

    def __getitem__(self, name: str) -> str:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


_NO_FIELDS = HeadFields(b"")


class ResponseFramer:
    """Frames one response. Feed it; `status` is set once the head is in, `ended` once the body is.

    `reusable`: the connection may carry another request afterwards.
    `rest`: bytes that came after the end (none, from an honest peer).
    """

    __slots__ = ("_buffer", "_left", "_mode", "_unzip", "ended", "headers", "reusable", "status")

    def __init__(self) -> None:
        self.status = 0
        self.headers = _NO_FIELDS
        self.ended = False
        self.reusable = False
        self._buffer = b""
        self._left = 0
        self._mode = "head"
        self._unzip: zlib._Decompress | None = None

    @property
    def rest(self) -> bytes:
        """What came after the end."""
        return self._buffer if self.ended else b""

    def feed(self, data: bytes) -> bytes:
        """The body bytes that `data` brings, content coding removed. Raises `FramingError`."""
        if self._left == -1 and not self._buffer and self._unzip is None and data[-2:] == b"\r\n":
            line = data.find(b"\r\n")
            try:
                length = int(data[:line], 16)
            except ValueError:
                length = 0  # the complete road below tells what it is
            if length > 0 and len(data) == line + length + 4:  # one chunk, as nearly every event comes
                return data[line + 2 : -2]
        if self._buffer:
            data = self._buffer + data
            self._buffer = b""
        if self._mode == "head":
            data = self._head(data)
            if not self.status:
                return b""
        if self._mode == "length":
            body = self._fixed(data)
        elif self._mode == "chunks":
            body = self._chunks(data)
        elif self._mode == "close":
            body = data
        else:
            body, self._buffer = b"", data
        if self._unzip is not None and body:
            return self._inflated(self._unzip, body)
        return body

    @staticmethod
    def _inflated(unzip: "zlib._Decompress", body: bytes) -> bytes:
        try:
            data = unzip.decompress(body, INFLATED_LIMIT)
        except zlib.error as error:
            raise FramingError(f"undecodable content coding: {error}") from error
        if unzip.unconsumed_tail:
            raise FramingError("compressed content that unpacks to too much")
        return data

    def eof(self) -> None:
        """The upstream closed. Raises `FramingError` if the response was not complete."""
        if self._mode == "close":
            self.ended = True
        elif not self.ended:
            raise FramingError("the connection closed before the response was complete")

    def _head(self, data: bytes) -> bytes:
        while True:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                if len(data) > HEAD_LIMIT:
                    raise FramingError("the response head is too large")
                self._buffer = data
                return b""
            status = self._parse_head(data[:end])
            data = data[end + 4 :]
            if status >= 200:
                self.status = status
                self._choose_mode()
                return data
            if status == 101:
                raise FramingError("the upstream switched protocols unasked")

    def _parse_head(self, head: bytes) -> int:
        """Read what framing needs; the rest of the fields wait until somebody asks."""
        if not head.startswith(b"HTTP/1.") or not head[9:12].isdigit():
            raise FramingError("the response does not begin with an HTTP/1 status line")
        self.reusable = head[7:8] == b"1"
        self.headers = HeadFields(head)
        status = int(head[9:12])
        if not 100 <= status < 600:
            raise FramingError(f"a status that means nothing ({status})")
        return status

    def _choose_mode(self) -> None:
        fields = self.headers.framing()
        if b"connection" in fields:
            words = fields[b"connection"]
            self.reusable = b"close" not in words and (self.reusable or b"keep-alive" in words)
        if fields.get(b"content-encoding") in (b"gzip", b"x-gzip", b"deflate"):
            self._unzip = zlib.decompressobj(47)  # 32 + 15: gzip or zlib, by its own header
        if self.status in (204, 304):
            self._end()
        elif b"transfer-encoding" in fields:
            if fields[b"transfer-encoding"] != b"chunked":
                raise FramingError("an unknown transfer coding")
            self._mode = "chunks"
            self._left = -1
        elif b"content-length" in fields:
            length = fields[b"content-length"]
            if not length.isdigit() or len(length) > 18:
                raise FramingError("a content length that is not a number")
            self._mode = "length"
            self._left = int(length)
            if not self._left:
                self._end()
        elif self.headers.well_formed():
            self._mode = "close"
            self.reusable = False
        else:
            raise FramingError("a response header has no colon")

    def _end(self) -> None:
        self._mode = "ended"
        self.ended = True

    def _fixed(self, data: bytes) -> bytes:
        size = len(data)
        if size < self._left:
            self._left -= size
            return data
        body, self._buffer = data[: self._left], data[self._left :]
        self._end()
        return body

    def _chunks(self, data: bytes) -> bytes:
        """`_left`: -1 before a size line, -2 in the trailers, else bytes still to come, its CRLF included."""
        pieces: list[bytes] = []
        at, size = 0, len(data)
        while at < size:
            if self._left > 0:
                at = self._more_of_chunk(data, at, pieces)
                continue
            end = data.find(b"\r\n", at)
            if end < 0:
                if size - at > LINE_LIMIT:
                    raise FramingError("a chunk's size line is too long")
                break
            line, at = data[at:end], end + 2
            if self._left == -2:
                if not line:
                    self._end()
                    break
                continue
            length = _chunk_length(line)
            if length and at + length + 2 <= size:  # all of it is here
                pieces.append(data[at : at + length])
                at += length + 2
            else:
                self._left = length + 2 if length else -2
        self._buffer = data[at:]
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _more_of_chunk(self, data: bytes, at: int, pieces: list[bytes]) -> int:
        """Take what `data` has of the chunk under way, from `at` on; the place after it."""
        take = min(self._left, len(data) - at)
        body_end = min(at + take, at + self._left - 2)
        if body_end > at:
            pieces.append(data[at:body_end])
        self._left = self._left - take or -1
        return at + take


def _chunk_length(line: bytes) -> int:
    try:
        length = int(line, 16)
    except ValueError:
        try:
            length = int(line.partition(b";")[0], 16)  # extensions may follow (RFC 9112, 7.1.1)
        except ValueError as error:
            raise FramingError("a chunk size that is not a number") from error
    if length < 0:
        raise FramingError("a negative chunk size")
    return length
