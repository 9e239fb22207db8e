"""Anthropic's words for files and message batches."""

import json

import msgspec
import pytest

from counterpoint.canonical.errors import Refused
from counterpoint.dialects.anthropic_files import AnthropicFiles
from counterpoint.dialects.shelving import Batch, Result, StoredFile

DIALECT = AnthropicFiles()
FILE = StoredFile("file_1", "anthropic-files", "o", "p", "a.txt", "text/plain", "", 3, 1_000_000)
BATCH = Batch("msgbatch_1", "anthropic-files", "o", "p", "k", "/v1/messages", 1_000_000, 2_000_000, total=3)


def test_a_file() -> None:
    shown = DIALECT.file(FILE)
    assert (shown["size_bytes"], shown["created_at"]) == (3, "1970-01-01T00:00:01Z")
    assert json.loads(DIALECT.files([], more=False)) == {
        "data": [],
        "has_more": False,
        "first_id": None,
        "last_id": None,
    }
    assert json.loads(DIALECT.deleted("file_1"))["type"] == "file_deleted"
    assert json.loads(DIALECT.deleted("msgbatch_1"))["type"] == "message_batch_deleted"


def test_an_order_and_its_lines() -> None:
    params = {"model": "m", "messages": [], "text": "a\nb"}
    order = DIALECT.order(
        json.dumps(
            {"requests": [{"custom_id": "a", "params": params}, {"custom_id": "b", "params": {}}]}
        ).encode()
    )
    lines = list(DIALECT.lines(order.lines))
    assert [(line.id, line.path) for line in lines] == [("a", "/v1/messages"), ("b", "/v1/messages")]
    assert json.loads(lines[0].body) == params


@pytest.mark.parametrize(
    ("requests", "param"),
    [
        ([], "requests"),
        ([{"params": {}}], "requests[0].custom_id"),
        ([{"custom_id": "a"}], "requests[0].params"),
        ([{"custom_id": "a", "params": {}}, {"custom_id": "a", "params": {}}], "requests[1].custom_id"),
        ([{"custom_id": "a", "params": {"stream": True}}], "requests[0].params.stream"),
    ],
)
def test_an_order_that_cannot_be(requests: list[object], param: str) -> None:
    with pytest.raises(Refused) as raised:
        DIALECT.order(json.dumps({"requests": requests}).encode())
    assert raised.value.failure.param == param


def test_results() -> None:
    kinds = {
        "succeeded": Result("a", 200, msgspec.Raw(b"{}")),
        "errored": Result("a", 429, msgspec.Raw(b'{"type":"error"}')),
        "expired": Result("a", ended="expired"),
        "canceled": Result("a", ended="cancelled"),
    }
    for kind, result in kinds.items():
        assert json.loads(DIALECT.result(result))["result"]["type"] == kind


def test_a_batch() -> None:
    shown = DIALECT.batch(msgspec.structs.replace(BATCH, succeeded=1), "http://x")
    assert (shown["processing_status"], shown["results_url"]) == ("in_progress", None)
    assert shown["request_counts"]["processing"] == 2
    done = DIALECT.batch(msgspec.structs.replace(BATCH, state="cancelled", ended=5_000_000), "http://x")
    assert (done["processing_status"], done["results_url"]) == (
        "ended",
        "http://x/v1/messages/batches/msgbatch_1/results",
    )
    assert DIALECT.native("batches", {"id": "x"}) == ()
