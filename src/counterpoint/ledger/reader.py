"""The reading end of the spools: whole records from an offset on, and whether more can still come.

The shipper keeps (file, offset) in the database, in the transaction that stores the rows; this module only
reads. It never waits, and never changes a file.
"""

import fcntl
import os
from pathlib import Path

import msgspec

from counterpoint.ledger.entry import Entry
from counterpoint.ledger.frames import HEADER, LARGEST, MAGIC, Rest, unframe
from counterpoint.ledger.spool import OPENING, SUFFIX

_CHUNK = 1024 * 1024


class Batch(msgspec.Struct, frozen=True):
    """Entries from a spool file. `offset`: where to read on. `rest`: what lies there that is no whole record
    (while the writer lives, `torn` and `damaged` only mean: not yet)."""

    entries: tuple[Entry, ...]
    offset: int
    rest: Rest


def spool_files(directory: str | os.PathLike[str]) -> list[Path]:
    """The spool files there, in no promised order but a stable one. A missing directory has none."""
    try:
        return sorted(path for path in Path(directory).iterdir() if path.name.endswith(SUFFIX))
    except FileNotFoundError:
        return []


def abandoned_files(directory: str | os.PathLike[str], *, older_than: float) -> list[Path]:
    """Files whose writer died between creating and naming them; they hold no entry. `older_than`: epoch
    seconds, so that a writer that is just starting keeps its own."""
    try:
        found = [path for path in Path(directory).iterdir() if path.name.endswith(OPENING)]
    except FileNotFoundError:
        return []
    return sorted(path for path in found if _modified(path) < older_than)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # it has just got its name
        return float("inf")


def writer_is_gone(path: Path) -> bool:
    """Whether nothing more will be appended. Ask *before* reading: what is then read to the end is all."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def read_batch(path: Path, offset: int, limit: int = 500) -> Batch:
    """Up to `limit` entries from `offset` on (0: from the beginning)."""
    with path.open("rb") as file:
        if offset < len(MAGIC):
            head = file.read(len(MAGIC))
            if head != MAGIC:
                return Batch((), 0, "torn" if MAGIC.startswith(head) else "damaged")
            offset = len(MAGIC)
        size = _CHUNK
        while True:
            file.seek(offset)
            data = file.read(size)
            entries, taken, rest = unframe(data, limit)
            if rest == "torn" and len(data) == size:
                # The chunk ended inside a record, not the file.
                if not entries and size < LARGEST + HEADER:
                    size = LARGEST + HEADER
                    continue
                rest = "none"
            return Batch(tuple(entries), offset + taken, rest)
