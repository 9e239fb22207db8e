"""What a Git server sends, before anything of it is unpacked: a small pack may hold objects that fill any memory, and
whoever indexes it has each of them whole, and those that it is changed from.

https://git-scm.com/docs/gitformat-pack
"""

import zlib
from typing import BinaryIO, Final

import msgspec
from dulwich.errors import GitProtocolError
from dulwich.pack import OFS_DELTA, REF_DELTA

from counterpoint.knowledge.sources.folder import too_large

_READ: Final = 1 << 16
_UNPACKED: Final = 1 << 20
"""Bytes at a time."""
_HEAD: Final = 32
"""Bytes of a delta in which it says what it makes."""


class Most(msgspec.Struct, frozen=True):
    """Bytes, unpacked. `one`: of an object. `chained`: of one with all that it is changed from. `whole`: together."""

    one: int = 1 << 30
    chained: int = 2 << 30
    whole: int = 16 << 30


def check_pack(file: BinaryIO, name_bytes: int = 20, most: Most | None = None) -> None:
    """That all of it can be indexed. `name_bytes`: of an object's name. Raises `SourceError` where it is too large,
    `GitProtocolError` where it is none."""
    stream = _Stream(file)
    try:
        _check(stream, name_bytes, most or Most())
    except (zlib.error, IndexError) as error:
        raise GitProtocolError("the pack is damaged") from error


def _check(stream: "_Stream", name_bytes: int, most: Most) -> None:
    head = stream.take(12)
    if not head.startswith(b"PACK"):
        raise GitProtocolError("no pack")
    held: dict[int, int] = {}
    whole = elsewhere = 0
    for _ in range(int.from_bytes(head[8:], "big")):
        begin = stream.at
        kind, size = stream.entry()
        base = 0
        if kind == OFS_DELTA:
            base = held.get(begin - stream.back(), 0)
        elif kind == REF_DELTA:
            stream.take(name_bytes)
        if size > most.one:
            raise too_large(most.one)
        start = stream.unpacked(size)
        result = result_of(start) if kind in {OFS_DELTA, REF_DELTA} else size
        held[begin] = base + result
        whole += size + result
        # What it is changed from is told by its name, and may be any of the others.
        elsewhere += result if kind == REF_DELTA else 0
        if result > most.one or held[begin] + elsewhere > most.chained or whole > most.whole:
            raise too_large(most.one)


class _Stream:
    """A pack, read once from its beginning. `at`: bytes so far."""

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        self.at = 0
        self._file = file
        self._read = memoryview(b"")

    def take(self, size: int) -> bytes:
        """So many bytes."""
        taken = b""
        while len(taken) < size:
            piece = self._more()[: size - len(taken)]
            taken += piece
            self._past(len(piece))
        return taken

    def entry(self) -> tuple[int, int]:
        """The kind of the next object, and its size."""
        byte = self.take(1)[0]
        kind, size, shift = (byte >> 4) & 0x07, byte & 0x0F, 4
        while byte & 0x80:
            byte = self.take(1)[0]
            size |= (byte & 0x7F) << shift
            shift += 7
        return kind, size

    def back(self) -> int:
        """How far before an object is what it is changed from."""
        byte = self.take(1)[0]
        back = byte & 0x7F
        while byte & 0x80:
            byte = self.take(1)[0]
            back = ((back + 1) << 7) | (byte & 0x7F)
        return back

    def unpacked(self, size: int) -> bytes:
        """Goes past what unpacks to that size, and says how it begins."""
        unpacking = zlib.decompressobj()
        begins, got = b"", 0
        while not unpacking.eof:
            read = self._more()
            piece = unpacking.decompress(read, _UNPACKED)
            self._past(len(read) - len(unpacking.unconsumed_tail or unpacking.unused_data))
            begins += piece[: _HEAD - len(begins)]
            got += len(piece)
            if got > size:
                break
        if got != size:
            raise GitProtocolError("the pack is damaged")
        return begins

    def _more(self) -> memoryview:
        """What was read and not gone past."""
        if not self._read:
            self._read = memoryview(self._file.read(_READ))
        if not self._read:
            raise GitProtocolError("the pack breaks off")
        return self._read

    def _past(self, size: int) -> None:
        self._read = self._read[size:]
        self.at += size


def result_of(delta: bytes) -> int:
    """What a delta makes: the second number in it, after the size of what it changes."""
    at = value = 0
    for _ in range(2):
        value = shift = 0
        while True:
            value |= (delta[at] & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if not delta[at - 1] & 0x80:
                break
    return value
