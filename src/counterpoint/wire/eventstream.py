"""Amazon's event stream: binary messages with typed headers and checksums, fed in any cut.

https://smithy.io/2.0/aws/amazon-eventstream.html: four bytes of total length, four of the headers' length, a CRC-32 of
these eight, the headers, the payload, and a CRC-32 of all before it; numbers big-endian. As for server-sent events,
one class cuts (a relay passes whole messages on, untouched) and one function reads what was cut.
"""

import struct
import uuid
from binascii import crc32
from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

MAX_HEADERS = 128 * 1024
MAX_PAYLOAD = 24 * 1024 * 1024
"""The most that the format's own specification lets a message carry, in bytes."""

_PRELUDE = struct.Struct(">III")
_CHECK = struct.Struct(">I")
_OVERHEAD = _PRELUDE.size + _CHECK.size

HeaderKind = Literal["boolean", "byte", "short", "integer", "long", "bytes", "string", "timestamp", "uuid"]
_NUMBERS: dict[int, tuple[HeaderKind, struct.Struct]] = {
    2: ("byte", struct.Struct(">b")),
    3: ("short", struct.Struct(">h")),
    4: ("integer", struct.Struct(">i")),
    5: ("long", struct.Struct(">q")),
    8: ("timestamp", struct.Struct(">q")),
}
_NUMBER_TYPES = {kind: (number, form) for number, (kind, form) in _NUMBERS.items()}
_BYTES, _STRING, _UUID = 6, 7, 9
_LENGTH = struct.Struct(">H")


class BrokenFrame(ValueError):  # noqa: N818 - says what is wrong with the bytes, as the caller words it
    """The bytes are no event stream, or were damaged on their way."""


class Header(msgspec.Struct, frozen=True):
    """One header's value. A `timestamp` is in milliseconds since the epoch; a `uuid` is in its usual text."""

    kind: HeaderKind
    value: bool | int | bytes | str


class Message(msgspec.Struct, frozen=True):
    """One message."""

    headers: Mapping[str, Header]
    payload: bytes

    def text(self, name: str) -> str:
        """The string header of that name; empty if there is none."""
        header = self.headers.get(name)
        return header.value if header is not None and isinstance(header.value, str) else ""


class MessageCutter:
    """Cuts a byte stream after each message: joined, the pieces are the stream again."""

    __slots__ = ("_rest", "broken")

    def __init__(self) -> None:
        self._rest = bytearray()
        self.broken = False

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that `data` completes, as raw bytes. `broken` is set where what comes next cannot be the
        beginning of one; nothing more is cut then."""
        self._rest += data
        messages: list[bytes] = []
        start = 0
        while not self.broken:
            try:
                length = _length_at(self._rest, start)
            except BrokenFrame:
                self.broken = True
                break
            if length is None or start + length > len(self._rest):
                break
            messages.append(bytes(self._rest[start : start + length]))
            start += length
        if start:
            del self._rest[:start]
        return messages

    @property
    def rest(self) -> bytes:
        """What has no end yet."""
        return bytes(self._rest)

    def close(self) -> bytes:
        """What was left without an end."""
        rest = self.rest
        self._rest.clear()
        return rest


def _length_at(data: bytearray, start: int) -> int | None:
    """The length of the message that begins there; `None` while too little of it has come."""
    if len(data) - start < _PRELUDE.size:
        return None
    length, headers, check = _PRELUDE.unpack_from(data, start)
    if crc32(data[start : start + 8]) != check:
        raise BrokenFrame("the checksum of a prelude is wrong")
    if headers > MAX_HEADERS or not headers + _OVERHEAD <= length <= headers + _OVERHEAD + MAX_PAYLOAD:
        raise BrokenFrame("a message has an impossible length")
    return int(length)


def message_of(raw: bytes) -> Message:
    """The message in `raw`, as the cutter gave it. Raises `BrokenFrame`."""
    if len(raw) < _OVERHEAD:
        raise BrokenFrame("a message is too short")
    length, size, _ = _PRELUDE.unpack_from(raw)
    if length != len(raw) or size + _OVERHEAD > length:
        raise BrokenFrame("a message has another length than it says")
    if crc32(raw[:-4]) != _CHECK.unpack_from(raw, length - 4)[0]:
        raise BrokenFrame("the checksum of a message is wrong")
    end = _PRELUDE.size + size
    return Message(dict(_headers(raw[_PRELUDE.size : end])), raw[end:-4])


def _headers(data: bytes) -> Iterator[tuple[str, Header]]:
    at = 0
    try:
        while at < len(data):
            name = data[at + 1 : at + 1 + data[at]].decode()
            at += 1 + data[at]
            header, at = _value(data[at], data, at + 1)
            yield name, header
    except (IndexError, struct.error, UnicodeDecodeError) as error:
        raise BrokenFrame("the headers of a message cannot be read") from error


def _value(kind: int, data: bytes, at: int) -> tuple[Header, int]:
    """The value of that type which begins at `at`, and where it ends."""
    if kind in {0, 1}:
        return Header("boolean", kind == 0), at
    if kind in _NUMBERS:
        name, form = _NUMBERS[kind]
        return Header(name, form.unpack_from(data, at)[0]), at + form.size
    if kind == _UUID:
        return Header("uuid", str(uuid.UUID(bytes=_slice(data, at, 16)))), at + 16
    if kind not in {_BYTES, _STRING}:
        raise BrokenFrame("a header is of an unknown type")
    size = _LENGTH.unpack_from(data, at)[0]
    value = _slice(data, at + 2, size)
    at += 2 + size
    return (Header("bytes", value) if kind == _BYTES else Header("string", value.decode())), at


def _slice(data: bytes, at: int, size: int) -> bytes:
    piece = data[at : at + size]
    if len(piece) < size:
        raise BrokenFrame("a header ends too early")
    return piece


def encode_message(headers: Mapping[str, Header], payload: bytes) -> bytes:
    """One message as bytes. Raises `BrokenFrame` if it is larger than the format allows."""
    head = b"".join([_encode_header(name, header) for name, header in headers.items()])
    if len(head) > MAX_HEADERS or len(payload) > MAX_PAYLOAD:
        raise BrokenFrame("a message is too large")
    lengths = struct.pack(">II", len(head) + len(payload) + _OVERHEAD, len(head))
    body = b"%b%b%b%b" % (lengths, _CHECK.pack(crc32(lengths)), head, payload)
    return body + _CHECK.pack(crc32(body))


def _encode_header(name: str, header: Header) -> bytes:
    label, value = name.encode(), header.value
    if len(label) > 255:
        raise BrokenFrame("the name of a header is too long")
    start = bytes((len(label),)) + label
    if isinstance(value, bool):
        return start + (b"\x00" if value else b"\x01")
    if isinstance(value, int):
        number, form = _NUMBER_TYPES[header.kind]
        return start + bytes((number,)) + form.pack(value)
    if header.kind == "uuid":
        return start + bytes((_UUID,)) + uuid.UUID(str(value)).bytes
    data = value.encode() if isinstance(value, str) else value
    if len(data) > 0x7FFF:  # the specification's limit of a value
        raise BrokenFrame("the value of a header is too long")
    return start + bytes((_STRING if header.kind == "string" else _BYTES,)) + _LENGTH.pack(len(data)) + data


def event_message(kind: str, payload: bytes) -> bytes:
    """An event whose payload is JSON, with the headers that every service of Amazon gives it."""
    return _spoken(":event-type", kind, payload, "event")


def exception_message(kind: str, payload: bytes) -> bytes:
    """An exception that ends a stream which has already begun."""
    return _spoken(":exception-type", kind, payload, "exception")


def _spoken(label: str, kind: str, payload: bytes, message: str) -> bytes:
    headers = {
        label: Header("string", kind),
        ":content-type": Header("string", "application/json"),
        ":message-type": Header("string", message),
    }
    return encode_message(headers, payload)
