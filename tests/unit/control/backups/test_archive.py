"""An archive is whole or not there, and nobody but its owner reads it."""

import hashlib
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest

from counterpoint.control.backups.archive import (
    FORMAT,
    LOT,
    LOT_BYTES,
    ArchiveReader,
    ArchiveWriter,
    Manifest,
    Member,
)
from counterpoint.i18n.complaint import Complaint


def manifest(members: dict[str, Member], format_: int = FORMAT) -> Manifest:
    return Manifest(format=format_, schema="0001", version="1", created=1, database="sqlite", tables=members)


def test_rows_come_back_in_lots(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    rows: list[list[Any]] = [[1, "a", b"\0"], [2, None, b""], [3, "ü", b"x"]]
    with ArchiveWriter(path) as archive:
        archive.manifest(manifest({"t": archive.table("t", ["id", "name", "body"], rows)}))
        archive.text("x.toml", b"[server]\n")
        assert not path.exists()
    assert path.stat().st_mode & 0o077 == 0
    with ArchiveReader(path) as read:
        assert list(read.lots("t")) == [rows]
        assert read.manifest.tables["t"].rows == 3
        assert (read.text("x.toml"), read.text("absent")) == (b"[server]\n", None)


def test_a_lot_ends_when_it_is_large(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    large, small = 9, 2 * LOT + 1
    rows = [[number, bytes(LOT_BYTES // 4 if number < large else 1)] for number in range(large + small)]
    with ArchiveWriter(path) as archive:
        archive.manifest(manifest({"t": archive.table("t", ["id", "piece"], rows)}))
    with ArchiveReader(path) as read:
        lots = list(read.lots("t"))
    assert [row for lot in lots for row in lot] == rows
    assert [len(lot) for lot in lots] == [4, 4, LOT, LOT, 2]


def test_a_lot_is_whole_whatever_its_length_promises(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    member = Member(["id"], 1, hashlib.sha256(framed := b"\xff\xff\xff\xff\x91\x91\x01").hexdigest())
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("tables/t", framed)
        file.writestr("tables/u", b"\0\0\0\x05\xdd\xff\xff\xff\xff")
        file.writestr("manifest.json", msgspec.json.encode(manifest({"t": member, "u": member})))
    with ArchiveReader(path) as read:
        for name in ("t", "u"):
            tracemalloc.start()
            with pytest.raises(Complaint, match="damaged"):
                list(read.lots(name))
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert most < 4 << 20


def test_an_archive_that_is_not_finished_leaves_the_last_one(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"the last one")

    def fail() -> None:
        with ArchiveWriter(path):
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        fail()
    assert path.read_bytes() == b"the last one"
    assert list(tmp_path.iterdir()) == [path]


def test_rows_that_are_not_those_that_were_written(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with ArchiveWriter(path) as archive:
        member = archive.table("t", ["id"], [[1]])
        archive.manifest(manifest({"t": Member(member.columns, 2, member.sha256), "gone": member}))
    with ArchiveReader(path) as read:
        for name in ("t", "gone"):
            with pytest.raises(Complaint, match="damaged"):
                list(read.lots(name))


def test_contents_that_are_not_those_that_were_written(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    right = hashlib.sha256(b"one").hexdigest()
    with ArchiveWriter(path) as archive:
        archive.content(right, b"one")
        archive.manifest(manifest({}))
    with ArchiveReader(path) as read:
        assert list(read.contents()) == [(right, b"one")]
    with ArchiveWriter(path) as archive:
        archive.content(right, b"two")
        archive.manifest(manifest({}))
    with ArchiveReader(path) as read, pytest.raises(Complaint, match="damaged"):
        list(read.contents())


def test_a_newer_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with ArchiveWriter(path) as archive:
        archive.manifest(manifest({}, FORMAT + 1))
    with pytest.raises(Complaint, match="newer version"):
        ArchiveReader(path)
    with zipfile.ZipFile(path, "w") as empty:
        empty.writestr("x", b"")
    with pytest.raises(Complaint, match="no backup"):
        ArchiveReader(path)
