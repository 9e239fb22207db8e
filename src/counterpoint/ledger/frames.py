"""How entries lie in a spool file, so that a tail cut by a dying process is told apart from a whole record.

A file begins with eight bytes that name the layout; then come records: length of the payload (4 bytes,
little endian), CRC-32 of the payload (4 bytes), payload (one `Entry` as a msgpack map, so that a newer
version may add fields). This module is pure.
"""

from typing import Any, Literal
from zlib import crc32

import msgspec

from counterpoint.ledger.entry import Entry

MAGIC = b"cpspool1"
HEADER = 8
LARGEST = 16 * 1024 * 1024
"""No entry is longer: a greater length is damage, and is not waited for."""

Rest = Literal["none", "torn", "damaged"]
"""What follows the last whole record: nothing; the beginning of one; bytes that no writer of ours wrote."""

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Entry)


def frame(entry: Entry) -> bytes:
    """One record. Whatever a host claimed, the entry is written: what msgpack cannot hold is bounded."""
    try:
        payload = _encoder.encode(entry)
    except (OverflowError, UnicodeEncodeError):
        payload = _encoder.encode(_bounded(msgspec.to_builtins(entry)))
    return len(payload).to_bytes(4, "little") + crc32(payload).to_bytes(4, "little") + payload


def _bounded(value: Any) -> Any:
    """JSON knows integers of any size and halves of UTF-16 pairs; msgpack knows neither."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return max(-(2**63), min(value, 2**63 - 1))
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {name: _bounded(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_bounded(item) for item in value]
    return value


def unframe(data: bytes, limit: int) -> tuple[list[Entry], int, Rest]:
    """Up to `limit` entries from the front of `data`, the bytes they took, and what comes after them.

    When `limit` was reached the rest has not been looked at and is `none`.
    """
    entries: list[Entry] = []
    position, size = 0, len(data)
    while len(entries) < limit:
        start = position + HEADER
        if start > size:
            return entries, position, "torn" if position < size else "none"
        length = int.from_bytes(data[position : position + 4], "little")
        if not 0 < length <= LARGEST:
            return entries, position, "damaged"
        if start + length > size:
            return entries, position, "torn"
        payload = data[start : start + length]
        if crc32(payload) != int.from_bytes(data[position + 4 : start], "little"):
            return entries, position, "damaged"
        try:
            entries.append(_decoder.decode(payload))
        except msgspec.MsgspecError:
            return entries, position, "damaged"
        position = start + length
    return entries, position, "none"
