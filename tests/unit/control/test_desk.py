"""Errands that are refused, and lists in pages; tests/clients has the rest, asked by official SDKs."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from counterpoint.canonical import FailureKind
from counterpoint.control.batches import Batches, BatchKeys
from counterpoint.control.calling import Answered
from counterpoint.control.desk import Desk
from counterpoint.control.shelf import Shelf
from counterpoint.dialects.registry import CHAT, SHELVES
from counterpoint.dialects.shelving import Batch, StoredFile
from counterpoint.directory import Directory, Host, Key
from counterpoint.kept.errands import Done, Errand
from counterpoint.transport import Pool

KEY = Key("k", "mine", "p", "o")
DEAD = Host("dead", "http://127.0.0.1:1", {"openai-files": "/files"})


def asked(folder: Path, directory: Directory | None = None, **errand: Any) -> Done:
    def known() -> Directory:
        return directory or Directory()

    async def ask(*_: object) -> Answered:
        raise AssertionError

    async def run() -> Done:
        pool = Pool()
        shelf = Shelf(folder)
        batches = Batches(shelf, SHELVES, ask, BatchKeys(known))
        desk = Desk(shelf, batches, SHELVES, CHAT, known, lambda: pool)
        fields = {
            "dialect": "openai-files",
            "operation": "files",
            "method": "GET",
            "argument": "",
            "query": "",
            "media_type": "",
            "body": b"",
            "key": KEY,
        }
        try:
            return await desk.run(Errand(**{**fields, **errand}))
        finally:
            await batches.stop()
            pool.close()
            await asyncio.sleep(0)  # connections end on the loop's next turn

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("errand", "kind"),
    [
        ({"argument": "file-none"}, FailureKind.not_found),
        ({"argument": "../x"}, FailureKind.not_found),
        ({"argument": "file-1/else"}, FailureKind.not_found),
        ({"operation": "batches", "argument": "batch_none"}, FailureKind.not_found),
        ({"operation": "batches", "method": "POST", "argument": "batch_1"}, FailureKind.not_found),
        ({"operation": "batches", "method": "GET", "argument": "batch_1/cancel"}, FailureKind.not_found),
        ({"operation": "batches", "method": "GET", "argument": "batch_1/results"}, FailureKind.bad_request),
        ({"operation": "batches", "method": "DELETE", "argument": "batch_1"}, FailureKind.bad_request),
        ({"operation": "batches", "method": "POST", "body": b"{"}, FailureKind.bad_request),
        ({"method": "POST", "body": b"x"}, FailureKind.bad_request),
    ],
)
def test_what_is_not_there_or_no_request(tmp_path: Path, errand: dict[str, Any], kind: FailureKind) -> None:
    Shelf(tmp_path).keep_file(StoredFile("file-1", "openai-files", "o", "p", "a", "t", "batch", 1, 1), b"x")
    Shelf(tmp_path).keep_batch(Batch("batch_1", "openai-files", "o", "p", "k", "/v1/embeddings", 1, 2), b"")
    done = asked(tmp_path, **errand)
    assert done.failure is not None
    assert done.failure.kind is kind


def test_an_api_sees_its_own_files_alone(tmp_path: Path) -> None:
    Shelf(tmp_path).keep_file(StoredFile("file_1", "anthropic-files", "o", "p", "a", "t", "", 1, 1), b"x")
    assert json.loads(asked(tmp_path).body)["data"] == []
    assert asked(tmp_path, argument="file_1").failure is not None
    assert asked(tmp_path, argument="file_1", dialect="anthropic-files").failure is None


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("limit=2", ["f4", "f3"]),
        ("limit=2&after=f3", ["f2", "f1"]),
        ("limit=2&after=f1", ["f0"]),
        ("limit=9&before=f3", ["f4"]),
        ("order=asc&limit=1", ["f0"]),
        ("limit=x", ["f4", "f3", "f2", "f1", "f0"]),
    ],
)
def test_pages(tmp_path: Path, query: str, ids: list[str]) -> None:
    shelf = Shelf(tmp_path)
    for place in range(5):
        shelf.keep_file(StoredFile(f"f{place}", "openai-files", "o", "p", "a", "t", "batch", 1, place), b"x")
    shown = json.loads(asked(tmp_path, query=query).body)
    assert [file["id"] for file in shown["data"]] == ids


def test_a_host_that_is_away(tmp_path: Path) -> None:
    Shelf(tmp_path).keep_file(
        StoredFile("file-1", "openai-files", "o", "p", "a", "t", "", 1, 1, host="dead"), None
    )
    done = asked(tmp_path, Directory(hosts={"dead": DEAD}), argument="file-1/content")
    assert done.failure is not None
    assert done.failure.code == "host_unreachable"
    gone = asked(tmp_path, argument="file-1/content")
    assert gone.failure is not None
    assert gone.failure.code == "unknown_host"
