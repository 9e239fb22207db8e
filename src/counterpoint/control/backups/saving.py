"""Writes a backup while the platform serves: every table as of one moment, in one transaction that only reads."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import msgspec
from sqlalchemy import Connection, LargeBinary, Table, func, select

from counterpoint import __version__
from counterpoint.control.backups.archive import (
    CONFIGURATION,
    FORMAT,
    LOT,
    MASTER_KEY,
    ArchiveWriter,
    Manifest,
    archived_tables,
    portable,
)
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database
from counterpoint.storage.migrate import revision_of

_LARGE = 32
"""Rows fetched at a time where each may hold a megabyte."""
Told = Callable[[int, int, float | None], None]
"""Rows and contents done, how many in all, seconds to go."""


class Originals(Protocol):
    """What documents were made of that nobody else has."""

    def versions(self, connection: Connection) -> Sequence[str]:
        """SHA-256 of each."""

    def named(self, connection: Connection, versions: Collection[str]) -> Sequence[str]:
        """The documents that still want these."""

    def read(self, version: str) -> bytes | None:
        """`None`: it is gone meanwhile, or lost."""


class Saved(msgspec.Struct, frozen=True):
    """What a backup has, and what it could not get: documents whose originals are lost, by name."""

    manifest: Manifest
    lost: Sequence[str] = ()


class Pace:
    """Tells how far a long work is, and estimates how long it takes on."""

    def __init__(self, total: int, told: Told) -> None:
        self._total = total
        self._told = told
        self._done = 0
        self._began = time.monotonic()

    def step(self, count: int) -> None:
        """So many more are done."""
        self._done += count
        passed = time.monotonic() - self._began
        left = passed / self._done * (self._total - self._done) if self._done else None
        self._told(self._done, self._total, left)


def save(
    database: Database,
    path: Path,
    *,
    configuration: bytes | None = None,
    master_key: bytes | None = None,
    originals: Originals | None = None,
    told: Told = lambda *_: None,
) -> Saved:
    """Writes the archive and says what is in it. `configuration`: the file as it stands. `master_key`: only for
    those who want everything in one place: with it, the archive opens every secret."""
    absent: list[str] = []
    with ArchiveWriter(path) as archive:
        with _snapshot(database) as connection:
            versions = originals.versions(connection) if originals is not None else ()
            tables = archived_tables()
            pace = Pace(sum(_count(connection, table) for table in tables) + len(versions), told)
            members = {
                str(table.name): archive.table(
                    str(table.name),
                    [str(column.name) for column in table.columns],
                    _rows(connection, table, pace),
                )
                for table in tables
            }
            manifest = Manifest(
                format=FORMAT,
                schema=revision_of(connection) or "",
                version=__version__,
                created=now_micros(),
                database=connection.dialect.name,
                tables=members,
            )
        if originals is not None:
            absent = list(_add(archive, originals, versions, pace))
        if configuration is not None:
            archive.text(CONFIGURATION, configuration)
        if master_key is not None:
            archive.text(MASTER_KEY, master_key)
        archive.manifest(manifest)
    return Saved(manifest, _lost(database, originals, absent))


def _add(archive: ArchiveWriter, originals: Originals, versions: Sequence[str], pace: Pace) -> Iterator[str]:
    """Those that are not there."""
    for version in versions:
        content = originals.read(version)
        if content is None:
            yield version
        else:
            archive.content(version, content)
        pace.step(1)


def _lost(database: Database, originals: Originals | None, absent: Sequence[str]) -> Sequence[str]:
    """What was taken away while the backup was written is missed by nobody."""
    if originals is None or not absent:
        return ()
    with database.read() as connection:
        return [
            name
            for first in range(0, len(absent), LOT)
            for name in originals.named(connection, absent[first : first + LOT])
        ]


@contextmanager
def _snapshot(database: Database) -> Iterator[Connection]:
    """A view of one moment, however long it is looked at. SQLite's is one from its first look on."""
    engine = database.engine
    if not database.is_sqlite:
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with engine.connect() as connection, connection.begin():
        yield connection


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _rows(connection: Connection, table: Table, pace: Pace) -> Iterator[Sequence[Any]]:
    kinds = [column.type for column in table.columns]
    names = [connection.dialect.name] * len(kinds)
    large = any(isinstance(kind, LargeBinary) and kind.length is None for kind in kinds)
    found = connection.execution_options(yield_per=_LARGE if large else LOT).execute(select(table))
    for rows in found.partitions():
        for row in rows:
            yield list(map(portable, kinds, row, names))
        pace.step(len(rows))
