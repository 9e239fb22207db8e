"""OpenAI's words for files and batches."""

import json

import msgspec
import pytest

from counterpoint.canonical.errors import Refused
from counterpoint.dialects.openai_files import OpenAIFiles
from counterpoint.dialects.shelving import Batch, Result, StoredFile

DIALECT = OpenAIFiles()
FILE = StoredFile(
    "file-1", "openai-files", "o", "p", "a.jsonl", "text/plain", "batch", 3, 5_000_000, 9_000_000
)
BATCH = Batch("batch_1", "openai-files", "o", "p", "k", "/v1/embeddings", 1_000_000, 2_000_000, total=3)
ORDER = {"input_file_id": "file-1", "endpoint": "/v1/embeddings", "completion_window": "24h"}


def test_a_file() -> None:
    shown = DIALECT.file(FILE)
    assert (shown["id"], shown["bytes"], shown["created_at"], shown["expires_at"]) == ("file-1", 3, 5, 9)
    page = json.loads(DIALECT.files([shown], more=True))
    assert (page["object"], page["last_id"], page["has_more"]) == ("list", "file-1", True)
    assert json.loads(DIALECT.deleted("x"))["deleted"]


def test_an_upload_needs_its_purpose() -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n'
    purpose = b'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n--b--\r\n'
    kind = "multipart/form-data; boundary=b"
    assert DIALECT.upload(part + purpose, kind).purpose == "batch"
    with pytest.raises(Refused) as raised:
        DIALECT.upload(part + b"--b--\r\n", kind)
    assert raised.value.failure.param == "purpose"


def test_an_order() -> None:
    order = DIALECT.order(json.dumps({**ORDER, "metadata": {"a": "b"}}).encode())
    assert (order.endpoint, order.input, order.window, order.metadata) == (
        "/v1/embeddings",
        "file-1",
        86400,
        {"a": "b"},
    )


@pytest.mark.parametrize(
    "change",
    [{"endpoint": "/v1/files"}, {"completion_window": "1h"}, {"input_file_id": None}, {"metadata": {"a": 1}}],
)
def test_an_order_that_cannot_be(change: dict[str, object]) -> None:
    with pytest.raises(Refused) as raised:
        DIALECT.order(json.dumps({**ORDER, **change}).encode())
    assert (raised.value.failure.param or "").startswith(next(iter(change)))


def test_lines() -> None:
    good = {"custom_id": "a", "method": "POST", "url": "/v1/embeddings", "body": {"model": "m"}}
    lines = [
        good,
        good,
        {**good, "custom_id": "b", "url": "/v1/files"},
        {**good, "custom_id": "c", "body": {"stream": True}},
        7,
    ]
    found = list(DIALECT.lines(b"\n\n".join(json.dumps(line).encode() for line in lines)))
    assert (found[0].id, found[0].path, json.loads(found[0].body)) == ("a", "/v1/embeddings", {"model": "m"})
    assert [bool(line.fault) for line in found] == [False, True, True, True, True]


def test_results() -> None:
    line = json.loads(DIALECT.result(Result("a", 200, msgspec.Raw(b'{"x":1}'), "req")))
    assert (line["custom_id"], line["response"]["body"], line["error"]) == ("a", {"x": 1}, None)
    line = json.loads(DIALECT.result(Result("a", ended="expired")))
    assert (line["response"], line["error"]["code"]) == (None, "batch_expired")


def test_a_batch() -> None:
    shown = DIALECT.batch(BATCH, "")
    assert (shown["status"], shown["errors"], shown["completed_at"]) == ("in_progress", None, None)
    done = msgspec.structs.replace(BATCH, state="expired", ended=7_000_000, succeeded=1, expired=2)
    shown = DIALECT.batch(done, "")
    assert (shown["expired_at"], shown["request_counts"]) == (7, {"total": 3, "completed": 1, "failed": 2})
    failed = msgspec.structs.replace(BATCH, state="failed", ended=1, faults=((2, "no call"),))
    assert DIALECT.batch(failed, "")["errors"]["data"][0]["line"] == 2


def test_the_files_that_a_hosts_batch_names() -> None:
    assert DIALECT.native("batches", {"output_file_id": "file-o", "error_file_id": None}) == ("file-o",)
