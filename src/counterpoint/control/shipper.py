"""Carries ledger entries from the workers' spools into the database, each exactly once.

How far a file has been shipped is stored in the transaction that stores its entries, so a kill at any point
leaves both or neither; ids are unique besides. While the database is away the spools keep the entries, and
shipping goes on where it stopped. A file goes once its writer is gone and all of it is stored.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from counterpoint.ledger import Entry
from counterpoint.ledger.reader import Batch, abandoned_files, read_batch, spool_files, writer_is_gone
from counterpoint.storage import ledger
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database
from counterpoint.storage.ledger import SpoolMovedError

_log = logging.getLogger(__name__)
_LONGEST_PAUSE = 30.0
_WATCHED_SECONDS = 0.2
_DAMAGED = ".damaged"
_OPENING_SECONDS = 3600.0
_STALE_MICROS = 30 * 86_400 * 1_000_000


class ShipperState(msgspec.Struct, frozen=True):
    """`pending_bytes`: not yet in the database, as of the last look. `failing_since`: microseconds since the
    epoch, `None` while all is well; `error`: why. `torn`: files that ended in half a record, because their
    writer was killed while it wrote. `damaged`: files set aside because they cannot be read on."""

    shipped: int = 0
    pending_bytes: int = 0
    failing_since: int | None = None
    error: str | None = None
    torn: int = 0
    damaged: int = 0


class _Part(msgspec.Struct, frozen=True):
    """What one transaction takes from one file, read from `since` on."""

    file: str
    since: int
    batch: Batch


class Shipper:
    """One per spool directory. `start` runs it in a thread; `flush` runs it here and now."""

    def __init__(
        self, database: Database, directory: Path, *, interval: float = 1.0, batch_size: int = 500
    ) -> None:
        self._database = database
        self._directory = directory
        self._interval = interval
        self._batch_size = batch_size
        self._offsets: dict[str, int] | None = None
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._watchers: dict[object, Callable[[], None]] = {}
        self._state = ShipperState()
        self.told: list[Callable[[tuple[Entry, ...]], None]] = []
        """Called, in the shipper's thread, with the entries of each transaction once it is committed; they must be
        quick, and must not raise."""

    @property
    def state(self) -> ShipperState:
        """How it stands, for whoever watches."""
        return self._state

    def start(self) -> None:
        """Begins to ship, about once a second: a look has its price however little there is to ship. While it is
        `watched`, five times a second."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="ledger-shipper", daemon=True)
        self._thread.start()

    @contextlib.contextmanager
    def watched(self, wake: Callable[[], None]) -> Iterator[None]:
        """While somebody waits to see entries, looks come more often; `wake` is called, in the shipper's thread,
        after each that brought some."""
        watcher = object()
        self._watchers[watcher] = wake
        try:
            yield
        finally:
            del self._watchers[watcher]

    def stop(self, *, timeout: float = 10.0) -> None:
        """Ships what is there, once more, and ends. What the database does not take stays in the spools."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout)
            self._thread = None
        self._attempt()

    def flush(self) -> int:
        """Ships all that is there now and returns how many entries. Raises `SQLAlchemyError`."""
        with self._lock:
            try:
                return self._ship_all()
            except SQLAlchemyError as error:
                self._failed(error)
                raise

    def commit(self, files: Iterable[str]) -> dict[str, int]:
        """Ships what is now in these files, all in one transaction, and returns how far each has been shipped. A file
        of which there is more than a batch is shipped in part. Raises `SQLAlchemyError`, `OSError`."""
        with self._lock:
            try:
                return self._commit(sorted(files))
            except (SQLAlchemyError, OSError) as error:
                self._failed(error)
                raise

    def _commit(self, files: list[str]) -> dict[str, int]:
        offsets = self._known_offsets()
        parts = []
        for file in files:
            since = offsets.get(file, 0)
            with contextlib.suppress(FileNotFoundError):  # shipped and gone
                batch = read_batch(self._directory / file, since, self._batch_size)
                parts.append(_Part(file, since, batch))
        fresh = [part for part in parts if part.batch.entries]
        if fresh:
            try:
                self._store(fresh, offsets)
            except SpoolMovedError:
                self._offsets = None
                return {}
            self._wake()
        return {file: offsets.get(file, 0) for file in files}

    def _wake(self) -> None:
        for wake in list(self._watchers.values()):
            wake()

    def _run(self) -> None:
        pause = self._interval
        while not self._stopping.wait(pause):
            before = self._state.shipped
            well = self._attempt()
            if self._state.shipped > before:
                self._wake()
            usual = min(self._interval, _WATCHED_SECONDS) if self._watchers else self._interval
            pause = usual if well else min(max(pause, self._interval) * 2, _LONGEST_PAUSE)

    def _attempt(self) -> bool:
        try:
            self.flush()
        except SQLAlchemyError:
            return False  # `flush` has noted it
        except OSError as error:
            with self._lock:
                self._failed(error)
            return False
        return True

    def _failed(self, error: Exception) -> None:
        self._offsets = None
        reason = f"{type(error).__name__}: {getattr(error, 'orig', None) or error}".replace("\n", " ")
        if self._state.error is None:
            _log.warning("ledger entries wait in their spools: %s", reason)
        self._state = msgspec.structs.replace(
            self._state,
            failing_since=self._state.failing_since or now_micros(),
            error=reason,
            pending_bytes=self._state.pending_bytes,
        )

    def _ship_all(self) -> int:
        offsets = self._known_offsets()
        shipped = pending = 0
        for path in spool_files(self._directory):
            try:
                count, left = self._ship_file(path, offsets)
            except FileNotFoundError:  # another shipper finished it
                offsets.pop(path.name, None)
                continue
            except SpoolMovedError:
                self._offsets = None  # read again at the next look
                continue
            shipped += count
            pending += left
        if self._state.error is not None:
            _log.info("ledger entries are shipped again")
        self._state = msgspec.structs.replace(
            self._state, pending_bytes=pending, failing_since=None, error=None
        )
        return shipped

    def _known_offsets(self) -> dict[str, int]:
        if self._offsets is None:
            with self._database.write() as connection:
                ledger.forget_before(connection, now_micros() - _STALE_MICROS)
                self._offsets = ledger.progress(connection)
            for path in abandoned_files(self._directory, older_than=time.time() - _OPENING_SECONDS):
                path.unlink(missing_ok=True)
        return self._offsets

    def _ship_file(self, path: Path, offsets: dict[str, int]) -> tuple[int, int]:
        """Entries shipped, bytes that could not be yet."""
        gone = writer_is_gone(path)  # asked first: then what is read below is all there will ever be
        offset = offsets.get(path.name, 0)
        size = path.stat().st_size
        if not gone and size == offset:
            return 0, 0
        shipped = 0
        while True:
            batch = read_batch(path, offset, self._batch_size)
            if not batch.entries:
                break
            self._store([_Part(path.name, offset, batch)], offsets)
            offset = batch.offset
            shipped += len(batch.entries)
        if gone:
            self._finish(path, batch)
            offsets.pop(path.name, None)
            return shipped, 0
        return shipped, max(0, path.stat().st_size - max(offset, batch.offset))

    def _store(self, parts: list[_Part], offsets: dict[str, int]) -> None:
        """All of it, or nothing, in one transaction."""
        entries = tuple(entry for part in parts for entry in part.batch.entries)
        with self._database.write() as connection:
            ledger.add_entries(connection, entries)
            for part in parts:
                ledger.advance(connection, part.file, part.since, part.batch.offset)
        offsets.update({part.file: part.batch.offset for part in parts})
        self._state = msgspec.structs.replace(self._state, shipped=self._state.shipped + len(entries))
        for tell in self.told:
            try:
                tell(entries)
            except Exception:  # noqa: BLE001 - they are stored: a defect there is none of the ledger
                _log.exception("somebody who is told of ledger entries failed at it")

    def _finish(self, path: Path, last: Batch) -> None:
        if last.rest == "damaged":
            aside = path.with_name(path.name + _DAMAGED)
            path.rename(aside)
            _log.error("%s cannot be read from byte %d on; it is kept for inspection", aside, last.offset)
            self._state = msgspec.structs.replace(self._state, damaged=self._state.damaged + 1)
        else:
            if last.rest == "torn":
                _log.warning("%s ended in half a record: its writer was killed while it wrote", path.name)
                self._state = msgspec.structs.replace(self._state, torn=self._state.torn + 1)
            path.unlink()
        with self._database.write() as connection:
            ledger.forget(connection, path.name)
