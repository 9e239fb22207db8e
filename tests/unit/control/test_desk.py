"""Errands that are refused, and lists in pages; tests/clients has the rest, asked by official SDKs."""

import asyncio
import json
from typing import Any

import pytest

from counterpoint.canonical import FailureKind
from counterpoint.control.desk import Desk
from counterpoint.control.shelf import Shelf
from counterpoint.dialects.registry import CHAT, SHELVES
from counterpoint.dialects.shelving import Batch, StoredFile
from counterpoint.directory import Directory, Host, Key
from counterpoint.directory.routes import Constraints, Project
from counterpoint.kept.errands import Done, Errand
from counterpoint.limits import Limit
from counterpoint.storage.database import Database
from counterpoint.transport import Pool

KEY = Key("k", "mine", "p", "o")
DEAD = Host("dead", "http://127.0.0.1:1", {"openai-files": "/files"})


def asked(database: Database, directory: Directory | None = None, **errand: Any) -> Done:
    def known() -> Directory:
        return directory or Directory()

    async def run() -> Done:
        pool = Pool()
        shelf = Shelf(database)
        desk = Desk(shelf, SHELVES, CHAT, known, lambda: pool)
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
def test_what_is_not_there_or_no_request(
    database: Database, errand: dict[str, Any], kind: FailureKind
) -> None:
    Shelf(database).keep_file(StoredFile("file-1", "openai-files", "o", "p", "a", "t", "batch", 1, 1), b"x")
    Shelf(database).keep_batch(Batch("batch_1", "openai-files", "o", "p", "k", "/v1/embeddings", 1, 2), b"")
    done = asked(database, **errand)
    assert done.failure is not None
    assert done.failure.kind is kind


def test_an_api_sees_its_own_files_alone(database: Database) -> None:
    Shelf(database).keep_file(StoredFile("file_1", "anthropic-files", "o", "p", "a", "t", "", 1, 1), b"x")
    assert json.loads(asked(database).body)["data"] == []
    assert asked(database, argument="file_1").failure is not None
    assert asked(database, argument="file_1", dialect="anthropic-files").failure is None


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
def test_pages(database: Database, query: str, ids: list[str]) -> None:
    shelf = Shelf(database)
    for place in range(5):
        shelf.keep_file(StoredFile(f"f{place}", "openai-files", "o", "p", "a", "t", "batch", 1, place), b"x")
    shown = json.loads(asked(database, query=query).body)
    assert [file["id"] for file in shown["data"]] == ids


def test_a_host_that_is_away(database: Database) -> None:
    Shelf(database).keep_file(
        StoredFile("file-1", "openai-files", "o", "p", "a", "t", "", 1, 1, host="dead"), None
    )
    done = asked(database, Directory(hosts={"dead": DEAD}), argument="file-1/content")
    assert done.failure is not None
    assert done.failure.code == "host_unreachable"
    gone = asked(database, argument="file-1/content")
    assert gone.failure is not None
    assert gone.failure.code == "unknown_host"


BATCH = {
    "dialect": "anthropic-files",
    "operation": "batches",
    "method": "POST",
    "host": "dead",
    "body": b'{"requests": [{"custom_id": "a", "params": {"model": "m", "max_tokens": 1, "messages": []}}]}',
}
UPLOAD = {
    "method": "POST",
    "media_type": "multipart/form-data; boundary=x",
    "body": b'--x\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n'
    b'--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nhi\r\n--x--\r\n',
}


def told(database: Database, errand: dict[str, Any], constraints: Constraints, **more: Any) -> str:
    dialects = {"openai-files": "/files", "anthropic-files": "/v1/files"}
    host = Host("dead", "http://127.0.0.1:1", dialects, residency=("US",))
    directory = Directory(
        hosts={"dead": host},
        projects={"p": Project("p", "one", constraints=constraints)},
        limits=more.pop("limits", ()),
    )
    failure = asked(database, directory, **errand, **more).failure
    return "" if failure is None else failure.code or ""


def test_what_a_host_keeps_goes_only_where_the_project_may_send_it(database: Database) -> None:
    anywhere, europe = Constraints(), Constraints(residency=("EU",))
    named = UPLOAD | {"host": "dead"}
    assert told(database, named, anywhere) == "host_unreachable"
    assert told(database, named, europe) == "host_excluded"
    assert told(database, UPLOAD, anywhere) == "host_unreachable"
    assert told(database, UPLOAD, europe) == ""  # it stays here
    assert told(database, BATCH, europe) == "host_excluded"


def test_no_host_works_a_batch_off_past_what_binds_the_key(database: Database) -> None:
    limit = Limit("l", "project", "p", "money", 1)
    assert told(database, BATCH, Constraints()) == "host_unreachable"
    assert told(database, BATCH, Constraints(), limits=(limit,)) == "batch_unbound"
    assert told(database, BATCH, Constraints(open_weights=True)) == "batch_unbound"
    narrow = Key("k", "mine", "p", "o", models=("small*",))
    assert told(database, BATCH, Constraints(), key=narrow) == "batch_unbound"
