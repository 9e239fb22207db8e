"""What is stored survives, and is its project's alone."""

import msgspec

from counterpoint.control.shelf import PIECE, Shelf
from counterpoint.dialects.shelving import Batch, Result, StoredFile
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database

FILE = StoredFile("file-1", "s", "o", "p", "a", "t", "batch", 3, 1)
BATCH = Batch("batch_1", "s", "o", "p", "k", "/v1/x", 1, 2)


def test_a_file_comes_back_to_its_project(database: Database) -> None:
    Shelf(database).keep_file(FILE, b"abc")
    shelf = Shelf(database)
    assert shelf.file("p", "file-1") == FILE
    assert shelf.content(FILE) == b"abc"
    assert shelf.file("other", "file-1") is None
    assert (shelf.files("p", "s"), shelf.files("p", "t"), shelf.files("other", "s")) == ([FILE], [], [])
    shelf.drop_file(FILE)
    assert shelf.files("p", "s") == []
    assert shelf.content(FILE) == b""


def test_large_contents_come_back_whole(database: Database) -> None:
    content = bytes(range(256)) * (PIECE // 100)
    shelf = Shelf(database)
    shelf.keep_file(FILE, content)
    assert shelf.content(FILE) == content
    shelf.keep_file(FILE, b"shorter")
    assert shelf.content(FILE) == b"shorter"


def test_ids_that_no_file_has(database: Database) -> None:
    shelf = Shelf(database)
    for id_ in ("../secret", "", "a/b", "..", "x" * 500, "a\0b"):
        assert shelf.file("p", id_) is None
        assert shelf.batch("p", id_) is None


def test_what_has_expired_is_gone(database: Database) -> None:
    shelf = Shelf(database)
    old = msgspec.structs.replace(FILE, expires=now_micros() - 1)
    shelf.keep_file(old, b"abc")
    shelf.keep_file(msgspec.structs.replace(FILE, id="file-2", expires=now_micros() + 10**9), b"def")
    assert shelf.file("p", "file-1") is None
    assert [file.id for file in shelf.files("p", "s")] == ["file-2"]
    assert (shelf.expire(), shelf.expire()) == (1, 0)
    assert shelf.content(old) == b""


def test_a_batch_and_its_results(database: Database) -> None:
    shelf = Shelf(database)
    shelf.keep_batch(BATCH, b"lines")
    assert (shelf.batch("p", "batch_1"), shelf.batch("other", "batch_1")) == (BATCH, None)
    assert (shelf.lines(BATCH), shelf.results(BATCH), shelf.unfinished()) == (b"lines", [], [BATCH])
    shelf.add_result(BATCH, Result("b", 200, msgspec.Raw(b"{}")))
    counted = shelf.add_result(BATCH, Result("a", 500))
    assert (counted.succeeded, counted.failed) == (1, 1)
    assert shelf.add_result(BATCH, Result("a", 200)) == counted, "a line has one result"
    assert [(result.id, result.status) for result in shelf.results(BATCH)] == [("b", 200), ("a", 500)]
    ended = shelf.change_batch("batch_1", lambda batch: msgspec.structs.replace(batch, state="completed"))
    assert ended is not None
    assert (shelf.unfinished(), shelf.batches("p", "s")) == ([], [ended])
    shelf.drop_batch(ended)
    assert (shelf.batches("p", "s"), shelf.results(ended), shelf.lines(ended)) == ([], [], b"")
    assert shelf.change_batch("batch_1", lambda batch: batch) is None
