"""The writing end of the ledger: a gateway worker appends to a file of its own and waits for nobody.

One `write` per entry: the page cache keeps it when the process is killed a moment later. Power loss may
cost the last seconds unless `sync` is set (docs/decisions/0003-ledger-spool.md weighs both). The writer
holds an advisory lock on its open file, which the kernel releases however the process ends: that is how
the shipper knows that nothing more will come.
"""

import fcntl
import os
import time
from pathlib import Path

from counterpoint.canonical.ids import new_id
from counterpoint.ledger.entry import Entry
from counterpoint.ledger.frames import MAGIC, frame

SUFFIX = ".spool"
OPENING = ".opening"
"""A file has this name until its lock is held: one under `SUFFIX` that is not locked is not in use."""


class SpoolWriter:
    """Appends entries; not shared between threads or processes.

    A new file is begun after `max_bytes` or `max_age` seconds, so that shipped files can go. `sync`: wait
    until the disk has each entry. `sync_ends`: until it has a whole file, before another one is begun.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        worker_id: str,
        *,
        max_bytes: int = 8 * 1024 * 1024,
        max_age: float = 300.0,
        sync: bool = False,
        sync_ends: bool = False,
    ) -> None:
        """Raises `OSError` when nothing can be written there: better at the start than at the first call."""
        if not worker_id or set(worker_id) & {"/", "\0"} or worker_id.startswith("."):
            raise ValueError(f"not usable in a file name: {worker_id!r}")
        self._directory = Path(directory)
        self._worker_id = worker_id
        self._max_bytes = max_bytes
        self._max_age = max_age
        self._sync = sync
        self._sync_ends = sync_ends
        self._fd = -1
        self._size = 0
        self._ends = 0.0
        self._path = Path()
        self._name = ""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._open()

    @property
    def path(self) -> Path:
        """The file in use."""
        return self._path

    @property
    def position(self) -> tuple[str, int]:
        """The name of the file in use, and where the last entry ends in it."""
        return self._name, self._size

    def duplicate(self) -> int | None:
        """A descriptor of the file in use, for whoever asks for it to be closed; `None` when none is open."""
        return os.dup(self._fd) if self._fd >= 0 else None

    def append(self, entry: Entry) -> None:
        """Returns once the system holds the entry. Raises `OSError` when it cannot (a full disk)."""
        record = frame(entry)
        if self._fd < 0 or self._size >= self._max_bytes or time.monotonic() >= self._ends:
            self._open()
        self._write(record)
        self._size += len(record)

    def _write(self, record: bytes) -> None:
        try:
            written = os.write(self._fd, record)
            if written != len(record):
                # Half a record: readers see a torn tail there, so the whole one goes into a fresh file.
                self._open()
                written = os.write(self._fd, record)
            if self._sync:
                os.fdatasync(self._fd)
        except OSError:
            self.close()
            raise
        if written != len(record):
            self.close()
            raise OSError(f"{self._path}: only {written} of {len(record)} bytes could be written")

    def _open(self) -> None:
        self.close()
        name = f"{self._worker_id}-{new_id()}"
        opening = self._directory / (name + OPENING)
        fd = os.open(opening, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.write(fd, MAGIC)
            path = self._directory / (name + SUFFIX)
            opening.rename(path)
        except OSError:
            os.close(fd)
            raise
        self._fd, self._path, self._name, self._size = fd, path, path.name, len(MAGIC)
        self._ends = time.monotonic() + self._max_age

    def close(self) -> None:
        """Ends the file; the next `append` begins another."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            try:
                if self._sync_ends:
                    os.fdatasync(fd)
            finally:
                os.close(fd)
