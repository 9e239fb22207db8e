"""WebSocket frames (RFC 6455), read as they pass by, and the few that we write ourselves.

Why not a library: a relay must not answer pings, fragment or mask anew; it passes bytes on and only looks at the whole
text messages among them. Extensions are never agreed on, so what is seen is what was said.
"""

import hashlib
from base64 import b64encode

import msgspec

TEXT, BINARY, CLOSE = 0x1, 0x2, 0x8
MESSAGE_LIMIT = 64 * 1024 * 1024
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_MASK_OF_NOTHING = b"\0\0\0\0"


class WebSocketError(ValueError):
    """The peer does not speak WebSocket as agreed; the reason is a clause in English."""


class Message(msgspec.Struct, frozen=True):
    """One whole message, or the closing frame."""

    opcode: int
    data: bytes


def accept_of(key: bytes) -> bytes:
    """What proves to a client that its wish for a WebSocket was understood (section 4.2.2)."""
    return b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())


def frame(opcode: int, payload: bytes, *, masked: bool = False) -> bytes:
    """One whole frame. `masked`: as a client must; with a mask of nothing, since a relay's words go to no browser's
    cache (section 10.3 says what masks are for)."""
    size = len(payload)
    bit = 0x80 if masked else 0
    if size < 126:
        head = bytes((0x80 | opcode, bit | size))
    elif size < 65536:
        head = bytes((0x80 | opcode, bit | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | opcode, bit | 127)) + size.to_bytes(8, "big")
    return head + (_MASK_OF_NOTHING if masked else b"") + payload


def closing(code: int, reason: str = "", *, masked: bool = False) -> bytes:
    """A closing frame; its reason has at most 123 bytes (section 5.5.1)."""
    text = reason.encode()[:123].decode("utf-8", "ignore").encode()
    return frame(CLOSE, code.to_bytes(2, "big") + text, masked=masked)


class MessageReader:
    """Whole messages of one direction, whatever its cuts. Raises `WebSocketError`."""

    def __init__(self, limit: int = MESSAGE_LIMIT) -> None:
        self._buffer = bytearray()
        self._pieces: list[bytes] = []
        self._size = 0
        self._opcode = 0
        self._limit = limit

    @property
    def rest(self) -> bytes:
        """What was fed and not looked at yet."""
        return bytes(self._buffer)

    def feed(self, data: bytes, most: int | None = None) -> list[Message]:
        """The messages that `data` completes, so many at `most`; pings and pongs are nobody's business here."""
        self._buffer += data
        found: list[Message] = []
        at = 0
        while most is None or len(found) < most:
            head = _head(self._buffer, at)
            if head is None:
                break
            first, start, size, mask = head
            if size + self._size > self._limit:
                raise WebSocketError("a message that is too long")
            if len(self._buffer) < start + size:
                break
            payload = bytes(self._buffer[start : start + size])
            at = start + size
            message = self._take(first, _unmasked(payload, mask))
            if message is not None:
                found.append(message)
        if at:
            del self._buffer[:at]
        return found

    def _take(self, first: int, payload: bytes) -> Message | None:
        opcode, final = first & 0x0F, bool(first & 0x80)
        if first & 0x70:
            raise WebSocketError("a frame with an extension that was not agreed on")
        if opcode >= CLOSE:
            return Message(CLOSE, payload) if opcode == CLOSE else None
        if bool(opcode) == bool(self._pieces):
            raise WebSocketError("fragments out of order")
        self._opcode = opcode or self._opcode
        self._pieces.append(payload)
        self._size += len(payload)
        if not final:
            return None
        whole = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces, self._size = [], 0
        return Message(self._opcode, whole)


def _head(data: bytearray, at: int) -> tuple[int, int, int, bytes] | None:
    """First byte, start and size of the payload, and mask of the frame at `at`, if its head is whole."""
    have = len(data) - at
    if have < 2:
        return None
    size, more = data[at + 1] & 0x7F, {126: 2, 127: 8}.get(data[at + 1] & 0x7F, 0)
    masked = bool(data[at + 1] & 0x80)
    length = 2 + more + (4 if masked else 0)
    if have < length:
        return None
    if more:
        size = int.from_bytes(data[at + 2 : at + 2 + more], "big")
    mask = bytes(data[at + 2 + more : at + length]) if masked else b""
    return data[at], at + length, size, mask


def _unmasked(payload: bytes, mask: bytes) -> bytes:
    if not mask or mask == _MASK_OF_NOTHING or not payload:
        return payload
    size = len(payload)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")
