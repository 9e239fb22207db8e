"""An archive is whole or not there, and nobody but its owner reads it."""

import hashlib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from counterpoint.control.backups.archive import FORMAT, ArchiveReader, ArchiveWriter, Manifest, Member
from counterpoint.i18n.complaint import Complaint


def manifest(members: dict[str, Member], format_: int = FORMAT) -> Manifest:
    return Manifest(format=format_, schema="0001", version="1", created=1, database="sqlite", tables=members)


def test_rows_come_back_in_lots(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    lots: list[list[list[Any]]] = [[[1, "a", b"\0"], [2, None, b""]], [[3, "ü", b"x"]]]
    with ArchiveWriter(path) as archive:
        archive.manifest(manifest({"t": archive.table("t", ["id", "name", "body"], lots)}))
        archive.text("x.toml", b"[server]\n")
        assert not path.exists()
    assert path.stat().st_mode & 0o077 == 0
    with ArchiveReader(path) as read:
        assert list(read.lots("t")) == lots
        assert read.manifest.tables["t"].rows == 3
        assert (read.text("x.toml"), read.text("absent")) == (b"[server]\n", None)


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
        member = archive.table("t", ["id"], [[[1]]])
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
