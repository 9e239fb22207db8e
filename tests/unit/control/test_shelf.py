"""What is stored survives, and is its project's alone."""

from pathlib import Path

import msgspec

from counterpoint.control.shelf import Shelf
from counterpoint.dialects.shelving import Batch, Result, StoredFile
from counterpoint.storage.clock import now_micros

FILE = StoredFile("file-1", "s", "o", "p", "a", "t", "batch", 3, 1)
BATCH = Batch("batch_1", "s", "o", "p", "k", "/v1/x", 1, 2)


def test_a_file_comes_back_to_its_project(tmp_path: Path) -> None:
    Shelf(tmp_path).keep_file(FILE, b"abc")
    shelf = Shelf(tmp_path)
    assert shelf.file("p", "file-1") == FILE
    assert shelf.content(FILE) == b"abc"
    assert shelf.file("other", "file-1") is None
    assert (shelf.files("p", "s"), shelf.files("p", "t"), shelf.files("other", "s")) == ([FILE], [], [])
    shelf.drop_file(FILE)
    assert shelf.files("p", "s") == []


def test_ids_lead_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_bytes(msgspec.json.encode(FILE))
    (tmp_path / "files").mkdir()
    shelf = Shelf(tmp_path)
    for id_ in ("../secret", "", "a/b", "..", "x" * 500):
        assert shelf.file("p", id_) is None
        assert shelf.batch("p", id_) is None


def test_what_has_expired_is_gone(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.keep_file(msgspec.structs.replace(FILE, expires=now_micros() - 1), b"abc")
    assert shelf.file("p", "file-1") is None
    assert list((tmp_path / "files").iterdir()) == []


def test_a_batch_and_its_results(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.keep_batch(BATCH, b"lines")
    assert (shelf.batch("p", "batch_1"), shelf.batch("other", "batch_1")) == (BATCH, None)
    assert (shelf.lines(BATCH), shelf.results(BATCH), shelf.unfinished()) == (b"lines", [], [BATCH])
    shelf.add_result(BATCH, Result("a", 200, msgspec.Raw(b"{}")))
    with (tmp_path / "batches" / "batch_1.results").open("ab") as out:
        out.write(b'{"id":"half')  # a kill in the middle
    shelf.add_result(BATCH, Result("b", 500))
    assert [result.id for result in shelf.results(BATCH)] == ["a", "b"]
    ended = msgspec.structs.replace(BATCH, state="completed")
    shelf.keep_batch(ended)
    assert (shelf.unfinished(), shelf.batches("p", "s")) == ([], [ended])
    shelf.drop_batch(ended)
    assert shelf.batches("p", "s") == []
