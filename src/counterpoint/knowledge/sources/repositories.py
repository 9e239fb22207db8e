"""A Git repository before anything of it is read: which folders its files really lie in, and how large its objects are.

A repository may name others, in several ways, and what they hold would be read as its own. And a small file may become
a large object: sizes are looked at before anything is unpacked.
"""

import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
from dulwich.errors import ObjectFormatException
from dulwich.object_store import BaseObjectStore, DiskObjectStore
from dulwich.objects import ObjectID, RawObjectID, ShaFile, hex_to_filename, hex_to_sha
from dulwich.pack import OFS_DELTA, REF_DELTA, Pack
from dulwich.repo import Repo

from counterpoint.knowledge.sources.folder import allowed, too_large
from counterpoint.knowledge.sources.packs import result_of
from counterpoint.knowledge.sources.port import Bounds, SourceError

_HEAD = 4096
"""Bytes in which the beginning of an object is told, packed as it may be."""
_TIMES = 4
"""As many times an object's own limit is held at most while it is put together from its deltas."""
_SPARE = 1 << 16
"""By which packing may make an object larger, and what stands before it."""


class Size(msgspec.Struct, frozen=True):
    """In bytes. `held`: on the way to it."""

    whole: int
    held: int


class Objects:
    """Those of a repository, as far as they are not too large. `largest`: bytes of one."""

    def __init__(self, repo: Repo, largest: int) -> None:
        self._store = repo.object_store
        self._stores = stores_of(repo)
        self._largest = largest

    def __getitem__(self, sha: ObjectID | RawObjectID) -> ShaFile:
        """By its name in hexadecimal digits. Raises `KeyError`, `SourceError`."""
        for store in self._stores:
            # What stands before a loose object may say too little of it.
            store.loose_object_size_limit = self._largest + _SPARE
            for size in _sizes(store, ObjectID(sha)):
                if size.whole > self._largest or size.held > self._largest * _TIMES:
                    raise too_large(self._largest)
        return self._store[sha]


def check_places(repo: Repo, bounds: Bounds) -> None:
    """That the operator allows all that it is read from. Raises `SourceError`."""
    stores = stores_of(repo)
    ahead = [Path(repo.controldir()), Path(repo.commondir()), *(Path(store.path) for store in stores)]
    met: set[Path] = set()
    while ahead:
        place = Path(os.path.realpath(ahead.pop()))
        if not allowed(place, bounds):
            raise SourceError("knowledge.source.folder_not_allowed", path=str(place))
        if place not in met and place.is_dir():
            met.add(place)
            ahead.extend(_links(place))


def stores_of(repo: Repo) -> list[DiskObjectStore]:
    """Where its objects are, each store once: its own, and those that it borrows from."""
    found: dict[str, DiskObjectStore] = {}
    ahead: list[BaseObjectStore] = [repo.object_store]
    while ahead:
        store = ahead.pop()
        if isinstance(store, DiskObjectStore):
            place = os.path.realpath(store.path)
            if place not in found:
                found[place] = store
                ahead.extend(store.alternates)
    return list(found.values())


def _links(place: Path) -> Iterator[Path]:
    """What leads elsewhere, at any depth."""
    for folder, folders, files in os.walk(place):
        for name in (*folders, *files):
            path = Path(folder) / name
            if path.is_symlink():
                yield path


def _sizes(store: DiskObjectStore, sha: ObjectID) -> Iterator[Size]:
    """Of an object, wherever that store has it."""
    for pack in store.packs:
        try:
            offset = pack.index.object_offset(hex_to_sha(sha))
        except KeyError:
            continue
        yield _packed(pack, offset)
    try:
        with open(hex_to_filename(os.fspath(store.path), sha), "rb") as file:
            yield _loose(file)
    except FileNotFoundError:
        return


def _loose(file: BinaryIO) -> Size:
    packed = os.fstat(file.fileno()).st_size
    try:
        head = zlib.decompressobj().decompress(file.read(_HEAD), 64)
        told = int(head.partition(b"\0")[0].split(b" ")[1])
    except (zlib.error, ValueError, IndexError) as error:
        raise ObjectFormatException("invalid object header") from error
    return Size(max(told, packed - _SPARE), max(told, packed))


def _packed(pack: Pack, offset: int) -> Size:
    """Follows deltas down to what they change. All of them are held when they are applied."""
    whole, widest, held = -1, 0, 0
    met: set[int] = set()
    with open(pack.data.path, "rb") as file:
        while offset not in met:
            met.add(offset)
            file.seek(offset)
            size, result, offset = _link(pack, file.read(_HEAD), offset)
            held += size
            widest = max(widest, result)
            whole = result if whole < 0 else whole
    return Size(whole, held + widest)


def _link(pack: Pack, head: bytes, offset: int) -> tuple[int, int, int]:
    """How large it is, what it makes, and where what it changes is: itself, where it changes nothing."""
    try:
        kind, size, at = _entry(head)
        if kind == OFS_DELTA:
            back, at = _offset(head, at)
            return size, result_of(_begins(head[at:])), offset - back
        if kind == REF_DELTA:
            end = at + pack.object_format.oid_length
            return size, result_of(_begins(head[end:])), pack.index.object_offset(RawObjectID(head[at:end]))
    except (IndexError, zlib.error) as error:
        raise ObjectFormatException("invalid object header") from error
    return size, size, offset


def _entry(head: bytes) -> tuple[int, int, int]:
    """Its kind, its size, and where it goes on (gitformat-pack)."""
    first = head[0]
    size, at, shift = first & 0x0F, 1, 4
    while head[at - 1] & 0x80:
        size |= (head[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
    return (first >> 4) & 0x07, size, at


def _offset(head: bytes, at: int) -> tuple[int, int]:
    """How far back a delta's base is, and where it goes on."""
    back = head[at] & 0x7F
    while head[at] & 0x80:
        at += 1
        back = ((back + 1) << 7) | (head[at] & 0x7F)
    return back, at + 1


def _begins(packed: bytes) -> bytes:
    return zlib.decompressobj().decompress(packed, 32)
