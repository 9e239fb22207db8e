"""Files and batches of an earlier version are found in the database after the first start of this one."""

from pathlib import Path

import msgspec

from counterpoint.control.shelf import Shelf
from counterpoint.control.shelfmoving import move_in
from counterpoint.dialects.shelving import Batch, Result, StoredFile
from counterpoint.storage.database import Database


def test_everything_is_moved_once(database: Database, tmp_path: Path) -> None:
    shelf = Shelf(database)
    assert move_in(tmp_path, shelf) == 0
    files, batches = tmp_path / "shelf" / "files", tmp_path / "shelf" / "batches"
    files.mkdir(parents=True)
    batches.mkdir()
    here = StoredFile("file-1", "s", "o", "p", "a", "t", "batch", 3, 1)
    there = StoredFile("file-2", "s", "o", "p", "a", "t", "", 3, 1, host="h", shown={"id": "file-2"})
    for file in (here, there):
        (files / f"{file.id}.json").write_bytes(msgspec.json.encode(file))
    (files / "file-1.content").write_bytes(b"abc")
    batch = Batch("batch_1", "s", "o", "p", "k", "/v1/x", 1, 2, total=3, succeeded=1, failed=7)
    (batches / "batch_1.json").write_bytes(msgspec.json.encode(batch))
    (batches / "batch_1.lines").write_bytes(b"lines")
    result = msgspec.json.encode(Result("a", 200, msgspec.Raw(b"{}")))
    (batches / "batch_1.results").write_bytes(result + b"\n" + b'{"id":"half')
    assert move_in(tmp_path, shelf) == 3
    assert [file.id for file in shelf.files("p", "s")] == ["file-2", "file-1"]
    assert shelf.content(here) == b"abc"
    (found,) = shelf.unfinished()
    assert (found.succeeded, found.failed, shelf.lines(found)) == (1, 0, b"lines")
    assert [each.id for each in shelf.results(found)] == ["a"]
    assert move_in(tmp_path, shelf) == 0
    assert [path for path in (tmp_path / "shelf").rglob("*") if path.is_file()] == []
