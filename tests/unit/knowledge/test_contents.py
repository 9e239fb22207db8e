import os
import threading
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from counterpoint.knowledge.contents import Contents, digest
from counterpoint.knowledge.documents import Block, Box, Line, Parsed
from tests.buckets import BUCKET, buckets

PARSED = Parsed(
    "Some text.", (Block("paragraph", 0, 10),), lines=(Line(0, 10, Box(1, 0.1, 0.2, 0.3, 0.4)),), pages=1
)


@pytest.fixture(params=["folder", "bucket"])
def contents(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Contents:
    if request.param == "folder":
        return Contents(str(tmp_path / "contents"))
    for name, value in buckets().environment.items():
        monkeypatch.setenv(name, value)
    return Contents(f"s3://{BUCKET}/{uuid.uuid4().hex}")


def test_bytes_are_kept_by_what_they_are(contents: Contents) -> None:
    version = contents.put(b"some bytes")
    assert version == digest(b"some bytes") == contents.put(b"some bytes")
    assert contents.get(version) == b"some bytes"
    assert contents.get(digest(b"others")) is None
    assert contents.get(contents.put(b"")) == b""


def test_what_a_document_says_is_kept_by_version(contents: Contents) -> None:
    contents.put_parsed("d", "1", PARSED)
    contents.put_parsed("d", "2", PARSED)
    contents.put_parsed("dd", "1", PARSED)
    assert contents.get_parsed("d", "1") == PARSED
    assert contents.get_parsed("d", "3") is None
    contents.forget("d", keep="2")
    assert contents.get_parsed("d", "1") is None
    assert contents.get_parsed("d", "2") == PARSED
    contents.forget("d")
    contents.forget("d")
    assert contents.get_parsed("d", "2") is None
    assert contents.get_parsed("dd", "1") == PARSED


def test_what_nobody_refers_to_is_swept_away(contents: Contents) -> None:
    kept, unused = contents.put(b"kept"), contents.put(b"unused")
    later = datetime.now(UTC) + timedelta(hours=2)
    assert contents.sweep(lambda versions: set(), datetime.now(UTC)) == 0
    assert contents.sweep(lambda versions: {kept} & set(versions), later) == 1
    assert contents.get(kept) == b"kept"
    assert contents.get(unused) is None


def test_what_is_put_again_is_not_swept_away_on_its_way(tmp_path: Path) -> None:
    contents = Contents(str(tmp_path))
    version = contents.put(b"the only copy")
    (path,) = (tmp_path / "bytes").rglob(version)
    long_ago = (datetime.now(UTC) - timedelta(hours=2)).timestamp()
    os.utime(path, (long_ago, long_ago))

    def in_use(versions: object) -> set[str]:
        """At this moment somebody brings it again: no row refers to it yet."""
        assert contents.put(b"the only copy") == version
        return set()

    assert contents.sweep(in_use) == 0
    assert contents.get(version) == b"the only copy"
    assert contents.sweep(lambda versions: set()) == 0, "its grace has begun anew"


def test_damaged_bytes_are_as_good_as_none(tmp_path: Path) -> None:
    contents = Contents(str(tmp_path))
    version = contents.put(b"some bytes")
    (path,) = (tmp_path / "bytes").rglob(version)
    path.write_bytes(b"some")
    assert contents.get(version) is None
    assert contents.put(b"some bytes") == version
    assert contents.get(version) == b"some bytes"
    contents.put_parsed("d", "1", PARSED)
    (tmp_path / "parsed" / "d" / "1").write_bytes(b"")
    assert contents.get_parsed("d", "1") is None


def test_many_put_the_same_at_once(tmp_path: Path) -> None:
    contents = Contents(str(tmp_path))
    threads = [threading.Thread(target=contents.put, args=(b"x" * 100_000,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert contents.get(digest(b"x" * 100_000)) == b"x" * 100_000
