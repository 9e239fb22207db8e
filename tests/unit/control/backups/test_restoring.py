"""What a backup holds is what was there, on the same database or the other kind; and nothing is lost by trying."""

import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select

from counterpoint.canonical import Usage
from counterpoint.control.backups.archive import archived_tables, every_table, portable
from counterpoint.control.backups.restoring import restore
from counterpoint.control.backups.saving import save
from counterpoint.control.beginning import begin
from counterpoint.control.masterkey import load_master_keys, written_master_keys
from counterpoint.control.shelf import Shelf
from counterpoint.control.vault import Vault
from counterpoint.dialects.shelving import StoredFile
from counterpoint.i18n.complaint import Complaint
from counterpoint.ledger import Attempt, Entry
from counterpoint.storage import knowledge, ledger, organisations, processes
from counterpoint.storage import knowledge_sources as sources
from counterpoint.storage.database import Database, open_database
from counterpoint.storage.knowledge import Listed
from tests.databases import KINDS, fresh_url
from tests.entries import make_entry
from tests.unit.storage.test_processes import ROW


def entry(number: int) -> Entry:
    return make_entry(
        id=f"e{number}",
        cost=Decimal(number) / 1000,
        usage=Usage(input=number),
        key=f"k{number % 7}",
        total_micros=number * 999,
        attempts=(Attempt("h/m"),),
    )


FILE = StoredFile("file-1", "s", "o", "p", "a", "t", "batch", 3, 1)


@pytest.fixture(params=KINDS)
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A second database, empty."""
    folder = tmp_path / "other"
    folder.mkdir()
    with fresh_url(request.param, folder, migrated=False) as url:
        opened = open_database(url)
        yield opened
        opened.close()


@pytest.fixture
def filled(database: Database, tmp_path: Path) -> Database:
    vault = Vault(load_master_keys(tmp_path, None))
    beginning = begin(database, vault)
    with database.write() as connection:
        vault.put(connection, "provider", beginning.project_id, "key", "sk-a-secret-of-a-provider")
        ledger.add_entries(connection, [entry(number) for number in range(1200)])
        processes.sign(connection, ROW)
    Shelf(database).keep_file(FILE, b"\0abc" * 600_000)
    return database


def rows(database: Database) -> dict[str, list[Any]]:
    with database.read() as connection:
        return {
            table.name: sorted(
                (
                    tuple(
                        portable(each.type, row[each.name], connection.dialect.name) for each in table.columns
                    )
                    for row in connection.execute(select(table)).mappings()
                ),
                key=repr,
            )
            for table in archived_tables()
        }


def test_every_table_is_known(database: Database) -> None:
    with database.read() as connection:
        present = inspect(connection).get_table_names()
    partitions = ("usage_sums_of_", "ledger_entries_")
    assert {name for name in present if not name.startswith(partitions)} == {
        *every_table(),
        "alembic_version",
    }


def test_an_installation_moves_to_another_database(filled: Database, other: Database, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    manifest = save(
        filled, tmp_path / "b.zip", told=lambda done, total, _: told.append((done, total))
    ).manifest
    assert told[-1][0] == told[-1][1] == sum(member.rows for member in manifest.tables.values())
    restore(other, tmp_path, tmp_path / "b.zip")
    assert rows(other) == rows(filled)
    assert Shelf(other).content(FILE) == b"\0abc" * 600_000
    with other.write() as connection:  # which goes on where the other one was
        ledger.add_entries(connection, [entry(number) for number in range(1100, 1300)])
    assert len(rows(other)["ledger_entries"]) == 1300
    with pytest.raises(Complaint, match="in use"):
        restore(other, tmp_path, tmp_path / "b.zip")
    restore(other, tmp_path, tmp_path / "b.zip", replace=True)
    assert rows(other) == rows(filled)


def test_documents_are_read_again(filled: Database, other: Database, tmp_path: Path) -> None:
    with filled.write() as connection:
        found = organisations.find_organisation(connection, "default")
        assert found is not None
        id_ = sources.add(connection, found.id, name="s", kind="upload", settings={}, readers=[]).id
        knowledge.see(connection, id_, [Listed("a", "1", version="x")], 100)
        (row,) = knowledge.claim(connection, "read", "me", 60.0, 10)
        knowledge.settle(connection, "me", row, {"state": knowledge.READY, "indexed": "x", "embedded": True})
    save(filled, tmp_path / "b.zip")
    restore(other, tmp_path, tmp_path / "b.zip")
    with other.read() as connection:
        (row,) = knowledge.listed(connection, id_)
    assert (row.state, row.indexed, row.embedded, row.version) == (knowledge.WAITING, "", False, "x")


def test_a_damaged_archive_changes_nothing(filled: Database, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    save(filled, path)
    before = rows(filled)
    with zipfile.ZipFile(path) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    with zipfile.ZipFile(path, "w") as cut:
        for name, content in members.items():
            cut.writestr(name, content[:-500] if name == "tables/ledger_entries" else content)
    with filled.write() as connection:
        processes.leave(connection, ROW.id)
    with pytest.raises(Complaint, match="damaged"):
        restore(filled, tmp_path, path, replace=True)
    assert rows(filled) == before
    path.write_bytes(b"PK no archive")
    with pytest.raises(Complaint, match="no backup"):
        restore(filled, tmp_path, path, replace=True)


def test_nothing_is_restored_below_running_processes(filled: Database, tmp_path: Path) -> None:
    save(filled, tmp_path / "b.zip")
    with pytest.raises(Complaint, match="Stop them all"):
        restore(filled, tmp_path, tmp_path / "b.zip", replace=True)


def test_secrets_need_their_master_key(filled: Database, other: Database, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    save(filled, tmp_path / "b.zip")
    assert b"sk-a-secret" not in (tmp_path / "b.zip").read_bytes()
    with pytest.raises(Complaint, match="master key"):
        restore(other, elsewhere, tmp_path / "b.zip")
    (elsewhere / "master.key").unlink()
    masters = load_master_keys(tmp_path, None)
    save(
        filled,
        tmp_path / "k.zip",
        master_key=written_master_keys(masters).encode(),
        configuration=b"[server]\n",
    )
    restore(other, elsewhere, tmp_path / "k.zip")
    assert load_master_keys(elsewhere, None) == masters
    assert (elsewhere / "restored-counterpoint.toml").read_bytes() == b"[server]\n"


def test_what_is_written_meanwhile_is_not_in_it(filled: Database, other: Database, tmp_path: Path) -> None:
    """A view of one moment: what is added while tables are being read is in none of them."""
    before = rows(filled)
    added: list[bool] = []

    def told(*_: object) -> None:
        if not added:
            added.append(True)
            with filled.write() as connection:
                ledger.add_entries(connection, [entry(number) for number in range(5000, 5100)])

    save(filled, tmp_path / "b.zip", told=told)
    assert added
    restore(other, tmp_path, tmp_path / "b.zip")
    assert rows(other) == before
