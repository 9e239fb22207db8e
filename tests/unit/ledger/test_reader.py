from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoint.ledger import Entry
from counterpoint.ledger.frames import MAGIC, frame
from counterpoint.ledger.reader import abandoned_files, read_batch, spool_files, writer_is_gone
from counterpoint.ledger.spool import SpoolWriter
from tests.entries import ENTRIES, make_entry


@given(st.lists(ENTRIES, max_size=5), st.data())
@settings(max_examples=100)
def test_any_cut_of_the_file_yields_a_prefix(
    tmp_path_factory: pytest.TempPathFactory, entries: list[Entry], data: st.DataObject
) -> None:
    whole = MAGIC + b"".join(frame(entry) for entry in entries)
    cut = data.draw(st.integers(0, len(whole)))
    path = tmp_path_factory.mktemp("cut") / "w-1.spool"
    path.write_bytes(whole[:cut])
    first = read_batch(path, 0)
    assert list(first.entries) == entries[: len(first.entries)]
    # What is appended later is read from where the first reading stopped, and nothing twice.
    path.write_bytes(whole)
    second = read_batch(path, first.offset)
    assert list(first.entries + second.entries) == entries
    assert second.rest == "none"


def test_records_longer_than_one_reading_are_read(tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path, "w0")
    entries = [make_entry(), make_entry(requested="x" * 3_000_000), make_entry()]
    for entry in entries:
        writer.append(entry)
    found: list[Entry] = []
    offset = 0
    while (batch := read_batch(writer.path, offset)).entries:
        found += batch.entries
        offset = batch.offset
    assert found == entries
    assert batch.rest == "none"


def test_a_file_of_another_kind_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "w-1.spool"
    path.write_bytes(b"something else entirely")
    assert read_batch(path, 0).rest == "damaged"


def test_a_writer_is_gone_when_it_closed(tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path, "w0")
    path = writer.path
    assert not writer_is_gone(path)
    writer.close()
    assert writer_is_gone(path)


def test_only_spools_are_listed(tmp_path: Path) -> None:
    assert spool_files(tmp_path / "absent") == []
    (tmp_path / "notes.txt").write_text("")
    writer = SpoolWriter(tmp_path, "w0")
    assert spool_files(tmp_path) == [writer.path]


def test_unnamed_files_are_found_once_they_are_old(tmp_path: Path) -> None:
    assert abandoned_files(tmp_path / "absent", older_than=0) == []
    opening = tmp_path / "w0-x.opening"
    opening.write_bytes(b"")
    modified = opening.stat().st_mtime
    assert abandoned_files(tmp_path, older_than=modified) == []
    assert abandoned_files(tmp_path, older_than=modified + 1) == [opening]
