"""HTTP/1.1 response framing, sans-IO: bytes in, (head, body pieces, end) out (RFC 9112, sections 2 to 7)."""

import zlib

HEAD_LIMIT = 64 * 1024
LINE_LIMIT = 4096


class FramingError(Exception):
    """The upstream does not speak HTTP/1.1 as we understand it."""


class ResponseFramer:
    """Frames one response. Feed it; `status` is set once the head is in, `ended` once the body is.

    `headers`: names in lower case. `reusable`: the connection may carry another request afterwards.
    `rest`: bytes that came after the end (none, from an honest peer).
    """

    __slots__ = ("_buffer", "_left", "_mode", "_unzip", "ended", "headers", "reusable", "status")

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
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
        if self._left == -1 and not self._buffer and self._unzip is None:  # before a chunk
            whole = _one_chunk(data)
            if whole:
                return whole
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
            try:
                return self._unzip.decompress(body)
            except zlib.error as error:
                raise FramingError(f"undecodable content coding: {error}") from error
        return body

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
            self.headers = {}

    def _parse_head(self, head: bytes) -> int:
        first, _, rest = head.partition(b"\r\n")
        if not first.startswith(b"HTTP/1.") or not first[9:12].isdigit():
            raise FramingError("the response does not begin with an HTTP/1 status line")
        self.reusable = first[7:8] == b"1"
        for line in rest.decode("latin-1").split("\r\n") if rest else ():
            name, colon, value = line.partition(":")
            if not colon:
                raise FramingError("a response header has no colon")
            name, value = name.lower(), value.strip()
            if name in self.headers:
                if name == "content-length" and self.headers[name] != value:
                    raise FramingError("two different content lengths")
                value = value if name == "content-length" else f"{self.headers[name]}, {value}"
            self.headers[name] = value
        return int(first[9:12])

    def _choose_mode(self) -> None:
        headers = self.headers
        if "connection" in headers:
            words = headers["connection"].lower()
            self.reusable = "close" not in words and (self.reusable or "keep-alive" in words)
        if headers.get("content-encoding", "identity").lower() in ("gzip", "x-gzip", "deflate"):
            self._unzip = zlib.decompressobj(47)  # 32 + 15: gzip or zlib, by its own header
        if self.status in (204, 304):
            self._end()
        elif "transfer-encoding" in headers:
            if headers["transfer-encoding"].lower() != "chunked":
                raise FramingError("an unknown transfer coding")
            self._mode = "chunks"
            self._left = -1
        elif "content-length" in headers:
            length = headers["content-length"]
            if not length.isdigit():
                raise FramingError("a content length that is not a number")
            self._mode = "length"
            self._left = int(length)
            if not self._left:
                self._end()
        else:
            self._mode = "close"
            self.reusable = False

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
                take = min(self._left, size - at)
                body_end = min(at + take, at + self._left - 2)
                if body_end > at:
                    pieces.append(data[at:body_end])
                at += take
                self._left = self._left - take or -1
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
            try:
                length = int(line.partition(b";")[0].strip(), 16)
            except ValueError as error:
                raise FramingError("a chunk size that is not a number") from error
            if length < 0:
                raise FramingError("a negative chunk size")
            self._left = length + 2 if length else -2
        self._buffer = data[at:]
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _one_chunk(data: bytes) -> bytes:
    """What is in `data` if it is exactly one chunk, as nearly every event of a stream comes; else nothing."""
    line = data.find(b"\r\n")
    if line < 0 or data[-2:] != b"\r\n":
        return b""
    try:
        length = int(data[:line], 16)
    except ValueError:
        return b""
    return data[line + 2 : -2] if len(data) == line + length + 4 else b""
