"""What documents are made of, kept once by what it is: the bytes that were fetched, by their SHA-256, and what they
were read as, by document and version. In a folder, or in an S3-compatible bucket that many machines share.

What is written is there whole or not at all, writing it again changes nothing, and what comes back is what was put:
damaged bytes are as good as none, and are fetched again.
"""

import hashlib
import os
import zlib
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from counterpoint.knowledge.documents import Parsed

_BYTES, _PARSED = "bytes", "parsed"
_LEVEL = 4
"""Of compression: what costs little and saves two thirds."""
GRACE = timedelta(hours=1)
"""Bytes that nobody refers to may be on their way to a row for so long."""
_AT_ONCE = 500
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Parsed).decode


def digest(data: bytes) -> str:
    """By which bytes are known: a document's `version`."""
    return hashlib.sha256(data).hexdigest()


class Contents:
    """`place`: a folder's path, or `s3://bucket/prefix` with its keys in the environment as the AWS tools have them
    (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL`, …). Every method waits for a disk or a network. Safe between threads."""

    def __init__(self, place: str) -> None:
        import obstore  # noqa: PLC0415 - only a platform with sources carries it
        from obstore.store import LocalStore, S3Store  # noqa: PLC0415

        self._obstore = obstore
        self._folder: Path | None = None
        if "://" in place:
            self._store: Any = S3Store.from_url(place, client_options={"allow_http": _without_tls()})
        else:
            self._folder = Path(place)
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._store = LocalStore(prefix=self._folder)

    def put(self, data: bytes) -> str:
        """Their SHA-256, once they are kept."""
        version = digest(data)
        key = _key(version)
        kept = self._told(key)
        if kept is None or kept[0] != len(data) or kept[1] < datetime.now(UTC) - GRACE / 4:
            self._write(key, data)  # though they are there: they are on their way again, and have their grace
        return version

    def get(self, version: str) -> bytes | None:
        """`None`: they are not there, or not whole."""
        data = self._read(_key(version))
        return data if data is not None and digest(data) == version else None

    def put_parsed(self, document: str, version: str, parsed: Parsed) -> None:
        """What that version of a document says."""
        self._write(f"{_PARSED}/{document}/{version}", zlib.compress(_encode(parsed), _LEVEL))

    def get_parsed(self, document: str, version: str) -> Parsed | None:
        """`None`: it is not there, or not whole; reading the document again brings it back."""
        kept = self._read(f"{_PARSED}/{document}/{version}")
        if kept is None:
            return None
        try:
            return _decode(zlib.decompress(kept))
        except (zlib.error, msgspec.MsgspecError):
            return None

    def forget(self, document: str, *, keep: str = "") -> None:
        """What the document said, but for the version `keep`."""
        below = f"{_PARSED}/{document}"
        self._delete([key for key, _ in self._listed(below) if key != f"{below}/{keep}"])

    def sweep(self, in_use: Callable[[Collection[str]], set[str]], now: datetime | None = None) -> int:
        """Removes the bytes that no document refers to; `in_use` tells which of some versions are. How many."""
        before = (now or datetime.now(UTC)) - GRACE
        old = [key for key, changed in self._listed(_BYTES) if changed < before]
        removed = 0
        for start in range(0, len(old), _AT_ONCE):
            some = old[start : start + _AT_ONCE]
            used = in_use([key.rpartition("/")[2] for key in some])
            for key in some:
                if key.rpartition("/")[2] not in used and self._is_older(key, before):
                    self._delete([key])
                    removed += 1
        return removed

    def _listed(self, below: str) -> Iterator[tuple[str, datetime]]:
        for some in self._obstore.list(self._store, below, chunk_size=1000):
            for found in some:
                yield found["path"], found["last_modified"]

    def _delete(self, keys: list[str]) -> None:
        for key in keys:
            try:
                self._obstore.delete(self._store, key)
            except FileNotFoundError:
                continue  # somebody else did

    def _is_older(self, key: str, moment: datetime) -> bool:
        """Asked just before it is removed: somebody may have put it again since it was listed."""
        kept = self._told(key)
        return kept is not None and kept[1] < moment

    def _told(self, key: str) -> tuple[int, datetime] | None:
        """Its size, and when it was written."""
        try:
            kept = self._obstore.head(self._store, key)
        except FileNotFoundError:
            return None
        return int(kept["size"]), kept["last_modified"]

    def _read(self, key: str) -> bytes | None:
        try:
            return bytes(self._obstore.get(self._store, key).bytes())
        except FileNotFoundError:
            return None

    def _write(self, key: str, data: bytes) -> None:
        self._obstore.put(self._store, key, data, use_multipart=len(data) > 64 << 20)
        if self._folder is not None:
            _to_disk(self._folder / key)


def _without_tls() -> bool:
    """Whether the environment leads to a server of one's own that speaks plain HTTP."""
    told = os.environ.get
    said = told("AWS_ALLOW_HTTP", "").lower() in {"1", "true"}
    return said or any(told(name, "").startswith("http://") for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT"))


def _key(version: str) -> str:
    return f"{_BYTES}/{version[:2]}/{version}"


def _to_disk(path: Path) -> None:
    """An uploaded file may have no other copy: it has to outlive a power failure, too."""
    for each in (path, path.parent):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
