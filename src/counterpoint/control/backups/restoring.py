"""Makes an installation from a backup: in one transaction, so that there is the whole of it or what was there before.

The rows go into tables of the version that they are of, and are migrated from there, as they would have been in place.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, func, inspect, select, text
from sqlalchemy.types import Integer, NullType, TypeEngine

from counterpoint.control.backups.archive import (
    CONFIGURATION,
    MASTER_KEY,
    ArchiveReader,
    Manifest,
    archived_tables,
    every_table,
    native,
)
from counterpoint.control.backups.saving import Pace, Told
from counterpoint.control.masterkey import (
    FILE_NAME,
    MasterKey,
    load_master_keys,
    read_master_keys,
    store_master_keys,
)
from counterpoint.control.vault import Vault
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import knowledge as documents
from counterpoint.storage import processes
from counterpoint.storage.database import Database
from counterpoint.storage.migrate import migrate_on, refuse_newer
from counterpoint.storage.schema import metadata

_FUNCTIONS = ("audit_entries_refuse",)
"""Of PostgreSQL, beside the tables."""


def restore(
    database: Database,
    data: Path,
    path: Path,
    *,
    given: str | None = None,
    replace: bool = False,
    told: Told = lambda *_: None,
) -> Manifest:
    """Fills the database, and the data folder with what else is in the archive; returns what was in it. `given`: the
    master key of the environment. `replace`: what is there may go. Raises `Complaint`; then all is as before."""
    with ArchiveReader(path) as archive:
        manifest = archive.manifest
        refuse_newer(manifest.schema)
        masters, brought = _masters(archive, data, given, replace=replace)
        with database.write() as connection:
            _clear(connection, replace=replace)
            migrate_on(connection, to=manifest.schema)
            _fill(connection, archive, Pace(sum(each.rows for each in manifest.tables.values()), told))
            migrate_on(connection)
            if masters is not None:
                Vault(masters).check(connection)
            _verify(connection, manifest)
            documents.read_all_again(connection)  # what they are found in is not in the archive
            if brought and masters is not None:
                store_master_keys(data, masters)
        declared = archive.text(CONFIGURATION)
        if declared is not None:
            (data / f"restored-{CONFIGURATION}").write_bytes(declared)
    return manifest


def bring(path: Path, keep: Callable[[bytes], str]) -> int:
    """Gives `keep` what documents were made of, one after the other; how many there were. Raises `Complaint`."""
    with ArchiveReader(path) as archive:
        return sum(1 for _, content in archive.contents() if keep(content))


def _masters(
    archive: ArchiveReader, data: Path, given: str | None, *, replace: bool
) -> tuple[tuple[MasterKey, ...], bool]:
    """The keys that must open what is restored, and whether they come with the archive."""
    packed = archive.text(MASTER_KEY)
    if packed is None or given:
        return load_master_keys(data, given), False
    keys = read_master_keys(packed.decode("ascii", "replace"), MASTER_KEY)
    if (data / FILE_NAME).exists() and not replace and load_master_keys(data, None) != keys:
        raise Complaint("control.backup.other_key", kind="conflict", file=data / FILE_NAME)
    return keys, True


def _clear(connection: Connection, *, replace: bool) -> None:
    names = set(inspect(connection).get_table_names())
    known = [name for name in (*reversed(every_table()), "alembic_version") if name in names]
    if "processes" in names and processes.listed(connection, living=True):
        raise Complaint("control.backup.running", kind="conflict")
    if "organisations" in names and not replace:
        organisations = metadata.tables["organisations"]
        if connection.execute(select(func.count()).select_from(organisations)).scalar():
            raise Complaint("control.backup.not_empty", kind="conflict")
    cascade = "" if connection.dialect.name == "sqlite" else " CASCADE"
    for name in known:
        connection.execute(text(f'DROP TABLE "{name}"{cascade}'))
    if cascade:
        for name in _FUNCTIONS:
            connection.execute(text(f"DROP FUNCTION IF EXISTS {name}"))


def _fill(connection: Connection, archive: ArchiveReader, pace: Pace) -> None:
    present = set(inspect(connection).get_table_names())
    order = [table.name for table in archived_tables()]
    named = sorted(archive.manifest.tables, key=lambda name: order.index(name) if name in order else -1)
    for name in named:
        if name not in present:
            raise Complaint("control.backup.damaged", file=name, reason=archive.manifest.schema)
        columns = archive.manifest.tables[name].columns
        table = _as_archived(name, columns)
        if connection.execute(select(table).limit(1)).first() is not None:
            connection.execute(table.delete())  # what migrations put there stands in the archive, too
        kinds = [column.type for column in table.columns]
        dialects = [connection.dialect.name] * len(kinds)
        for lot in archive.lots(name):
            if lot:
                values = [dict(zip(columns, map(native, kinds, row, dialects), strict=True)) for row in lot]
                connection.execute(table.insert(), values)
            pace.step(len(lot))
        if connection.dialect.name != "sqlite":
            _count_on(connection, table)


def _as_archived(name: str, columns: Iterable[str]) -> Table:
    """A table with the columns that the archive has of it, which may be of an earlier version."""
    today = metadata.tables.get(name)

    def kind(column: str) -> TypeEngine[Any]:
        return NullType() if today is None or column not in today.c else today.c[column].type

    return Table(name, MetaData(), *(Column(column, kind(column)) for column in columns))


def _count_on(connection: Connection, table: Table) -> None:
    """Numbers that PostgreSQL gives go on after the largest that is there."""
    for column in table.columns:
        if not isinstance(column.type, Integer) or column.name != "id":
            continue
        query = text("SELECT pg_get_serial_sequence(:table, :column)")
        sequence = connection.execute(query, {"table": table.name, "column": column.name}).scalar()
        if sequence is not None:
            most = connection.execute(select(func.max(column))).scalar() or 0
            move = text("SELECT setval(CAST(:name AS regclass), :most, :used)")
            connection.execute(move, {"name": sequence, "most": max(most, 1), "used": most > 0})


def _verify(connection: Connection, manifest: Manifest) -> None:
    """As many rows as were written are there."""
    for name, member in manifest.tables.items():
        table = metadata.tables.get(name)
        if table is None:
            continue
        found = connection.execute(select(func.count()).select_from(table)).scalar()
        if found != member.rows:
            raise Complaint("control.backup.count", table=name, found=found, wanted=member.rows)
