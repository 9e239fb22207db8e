"""Reads compound files (OLE2), in which Outlook's messages and the older Office formats are: their streams by path.

Only what is needed to tell such files apart and to read messages; see [MS-CFB]. Every chain is bounded by the number of
sectors, so that a circle ends.
"""

import struct
from typing import Final

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END: Final = 0xFFFFFFFA  # and above: no sector
_NONE: Final = 0xFFFFFFFF
_SMALL: Final = 4096
MOST_ENTRIES: Final = 100_000


class OleError(Exception):
    """The file breaks the format's rules."""


class Ole:
    """A compound file's streams."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or not data.startswith(MAGIC):
            raise OleError("no header")
        self._data = data
        self._size = 1 << _within(struct.unpack_from("<H", data, 30)[0], 7, 16)
        self._small_size = 1 << _within(struct.unpack_from("<H", data, 32)[0], 4, 12)
        self._table = self._allocation()
        directory = self._chain(struct.unpack_from("<I", data, 48)[0])
        self._entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)][
            :MOST_ENTRIES
        ]
        if not self._entries:
            raise OleError("no directory")
        self._small_table = _numbers(self._chain(struct.unpack_from("<I", data, 60)[0]))
        start, length = struct.unpack_from("<II", self._entries[0], 116)
        self._small = self._chain(start)[:length] if length else b""
        self._paths = self._walk()

    @property
    def names(self) -> set[str]:
        """Of what lies at the top."""
        return {path.split("/")[0] for path in self._paths}

    @property
    def paths(self) -> list[str]:
        """Of all streams and storages, `/` between their names."""
        return list(self._paths)

    def stream(self, path: str) -> bytes:
        """What is in a stream; nothing if there is no such stream."""
        number = self._paths.get(path)
        if number is None or self._entries[number][66] != 2:
            return b""
        start, length = struct.unpack_from("<II", self._entries[number], 116)
        if length >= _SMALL:
            return self._chain(start)[:length]
        pieces, at = [], start
        for _ in range(length // self._small_size + 1):
            if at >= len(self._small_table):
                break
            pieces.append(self._small[at * self._small_size : (at + 1) * self._small_size])
            at = self._small_table[at]
        return b"".join(pieces)[:length]

    def _allocation(self) -> list[int]:
        data = self._data
        sectors = [number for number in struct.unpack_from("<109I", data, 76) if number < _END]
        at, most = struct.unpack_from("<I", data, 68)[0], len(data) // self._size + 1
        for _ in range(most):
            if at >= _END:
                break
            numbers = _numbers(self._sector(at))
            if not numbers:
                break
            sectors += [number for number in numbers[:-1] if number < _END]
            at = numbers[-1]
        return [number for sector in sectors[:most] for number in _numbers(self._sector(sector))]

    def _sector(self, number: int) -> bytes:
        return self._data[(number + 1) * self._size : (number + 2) * self._size]

    def _chain(self, at: int) -> bytes:
        pieces = []
        for _ in range(len(self._table) + 1):
            if at >= len(self._table):
                break
            pieces.append(self._sector(at))
            at = self._table[at]
        return b"".join(pieces)

    def _walk(self) -> dict[str, int]:
        """Paths and their entries: an entry has two neighbours in a tree of siblings, and a tree of children."""
        paths: dict[str, int] = {}
        seen: set[int] = {0}
        waiting = [(struct.unpack_from("<I", self._entries[0], 76)[0], "")]
        while waiting:
            number, above = waiting.pop()
            if number >= len(self._entries) or number in seen:
                continue
            seen.add(number)
            entry = self._entries[number]
            length = struct.unpack_from("<H", entry, 64)[0]
            name = above + entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            left, right, child = struct.unpack_from("<III", entry, 68)
            waiting += [(left, above), (right, above)]
            if entry[66] in (1, 2):
                paths[name] = number
            if entry[66] == 1 and name.count("/") < 16:
                waiting.append((child, f"{name}/"))
        return paths


def _within(value: int, least: int, most: int) -> int:
    if not least <= value <= most:
        raise OleError("no such size of a sector")
    return value


def _numbers(data: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))
