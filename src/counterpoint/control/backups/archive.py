"""The file that a backup is: a ZIP with one member for each table, and `manifest.json`, which says what must be in it.

What documents were made of that nobody else has is in it, too, each under its SHA-256.

A member is a sequence of lots, each its length in four bytes and then an array of rows in MessagePack. A lot ends when
it is large, so that nobody has to hold much of a table at once. Values are those that Python sees, not those that a
database stores, so an archive of one database can be restored into the other. Secrets are in it as they lie in the
database: encrypted.
"""

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import msgspec
from sqlalchemy import Table
from sqlalchemy.types import TypeEngine

from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import money_tables, shared_tables
from counterpoint.storage.audit import tables as audit_tables
from counterpoint.storage.latencies import Latencies, loaded, split, stored
from counterpoint.storage.schema import metadata
from counterpoint.storage.types import Money

FORMAT = 1
MANIFEST = "manifest.json"
MASTER_KEY = "master.key"
CONFIGURATION = "counterpoint.toml"
CONTENTS = "contents/"
_TRANSIENT = (shared_tables.processes.name, shared_tables.claims.name)
"""Of processes that run now: nothing of them is there at another place or time."""
_MODULES = (money_tables, shared_tables, audit_tables)
"""Named so that all tables are known when this is imported."""
_LEVEL = 3
LOT = 500
"""Rows of a lot at most."""
LOT_BYTES = 8 << 20
"""A lot ends with the row that brings it there."""
_READ = 1 << 20


class Member(msgspec.Struct, frozen=True):
    """A table in an archive. `sha256`: of its lots."""

    columns: Sequence[str]
    rows: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """`schema`: up to which migration the rows are. `version`: which wrote it. `created`: microseconds since the epoch.
    `database`: of which kind it was."""

    format: int
    schema: str
    version: str
    created: int
    database: str
    tables: Mapping[str, Member]


def archived_tables() -> list[Table]:
    """All that belongs to an archive, in an order in which rows can be added."""
    return [table for table in metadata.sorted_tables if table.name not in _TRANSIENT]


def every_table() -> list[str]:
    """The names of all tables."""
    return [table.name for table in metadata.sorted_tables]


def portable(kind: TypeEngine[Any], value: Any, dialect: str) -> Any:
    """A value as an archive has it, whichever database it comes from."""
    if isinstance(kind, Latencies) and value is not None:
        return split(loaded(value), dialect)
    return value


def native(kind: TypeEngine[Any], value: Any, dialect: str) -> Any:
    """A value of an archive as that database wants it."""
    if value is None:
        return None
    if isinstance(kind, Money):
        return Decimal(value)
    return stored(value, dialect) if isinstance(kind, Latencies) else value


def _lots(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, bytes]]:
    """How many rows are in each, and it: what MessagePack makes of a list of them."""
    held: list[bytes] = []
    size = 0
    for row in rows:
        held.append(msgspec.msgpack.encode(row))
        size += len(held[-1])
        if len(held) == LOT or size >= LOT_BYTES:
            yield len(held), _array(held)
            held, size = [], 0
    if held:
        yield len(held), _array(held)


def _array(items: Sequence[bytes]) -> bytes:
    return b"\xdc" + len(items).to_bytes(2, "big") + b"".join(items)


def _read(source: IO[bytes], size: int) -> bytearray:
    """So much, or what is there: room is made for what comes, not for what a length promises."""
    body = bytearray()
    while len(body) < size and (part := source.read(min(size - len(body), _READ))):
        body += part
    return body


class ArchiveWriter:
    """Writes beside `path` and moves there at the end: an archive is whole or not there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beside = path.with_name(f"{path.name}.new")
        self._beside.unlink(missing_ok=True)
        self._beside.touch(mode=0o600)
        self._zip = zipfile.ZipFile(self._beside, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)

    def __enter__(self) -> "ArchiveWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()
        if kind is None:
            self._beside.replace(self._path)
        else:
            self._beside.unlink()

    def table(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Member:
        """Writes a table's rows as they come."""
        digest, count = hashlib.sha256(), 0
        with self._zip.open(f"tables/{name}", "w", force_zip64=True) as out:
            for held, body in _lots(rows):
                framed = len(body).to_bytes(4, "big") + body
                digest.update(framed)
                out.write(framed)
                count += held
        return Member(columns, count, digest.hexdigest())

    def text(self, name: str, content: bytes) -> None:
        """Writes a small file."""
        self._zip.writestr(name, content)

    def content(self, version: str, content: bytes) -> None:
        """Writes what a document was made of."""
        self._zip.writestr(f"{CONTENTS}{version}", content)

    def manifest(self, manifest: Manifest) -> None:
        """Writes what must be in it."""
        self.text(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))


class ArchiveReader:
    """An archive that is there. Raises `Complaint` when it is none, or damaged."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = msgspec.json.decode(self._zip.read(MANIFEST), type=Manifest)
        except (OSError, KeyError, zipfile.BadZipFile, msgspec.DecodeError) as error:
            raise self._damaged(error) from error
        if self.manifest.format > FORMAT:
            raise Complaint("control.backup.newer", kind="conflict", file=path, version=self.manifest.version)

    def _damaged(self, reason: object) -> Complaint:
        return Complaint("control.backup.damaged", file=self._path, reason=reason)

    def __enter__(self) -> "ArchiveReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def lots(self, name: str) -> Iterator[list[list[Any]]]:
        """A table's rows. At the end they have been found to be those that were written, else raises `Complaint`."""
        member, digest, count = self.manifest.tables[name], hashlib.sha256(), 0
        try:
            with self._zip.open(f"tables/{name}") as source:
                while head := source.read(4):
                    size = int.from_bytes(head, "big")
                    body = _read(source, size)
                    if len(body) < size:
                        raise self._damaged(name)
                    digest.update(head)
                    digest.update(body)
                    rows: list[list[Any]] = msgspec.msgpack.decode(body)
                    count += len(rows)
                    yield rows
        except (KeyError, zipfile.BadZipFile, zlib.error, msgspec.DecodeError, EOFError) as error:
            raise self._damaged(f"{name}: {error}") from error
        if (digest.hexdigest(), count) != (member.sha256, member.rows):
            raise self._damaged(name)

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """What documents were made of, by SHA-256. Raises `Complaint` at one that is not what was written."""
        for name in self._zip.namelist():
            if not name.startswith(CONTENTS):
                continue
            try:
                content = self._zip.read(name)
            except (zipfile.BadZipFile, zlib.error, EOFError) as error:
                raise self._damaged(f"{name}: {error}") from error
            version = name.removeprefix(CONTENTS)
            if hashlib.sha256(content).hexdigest() != version:
                raise self._damaged(name)
            yield version, content

    def text(self, name: str) -> bytes | None:
        """A small file, if it is there."""
        return self._zip.read(name) if name in self._zip.namelist() else None
