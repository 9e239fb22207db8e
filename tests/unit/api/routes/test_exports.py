import csv
import io
import json
from typing import Any

import pytest
from arro3.io import read_parquet
from fastapi.testclient import TestClient

from counterpoint.app.compose import Control
from tests.unit.api.ledger import write

EXPORT = "/api/v1/usage/export"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_exchange_that_the_filters_count(operator: TestClient, control: Control) -> None:
    written = [write(control, hours=hours) for hours in range(3)]
    write(control, model="large")
    answer = operator.get(EXPORT, params={"model": "small"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "counterpoint-exchanges-" in answer.headers["content-disposition"]
    assert [row["id"] for row in rows(answer.text)] == [entry.id for entry in written]
    assert {row["cost"] for row in rows(answer.text)} == {"0.5"}
    assert rows(operator.get(EXPORT, params={"failed": True}).text) == []


def test_more_than_a_chunk_of_rows(operator: TestClient, control: Control) -> None:
    for number in range(60):
        write(control, hours=number)
    assert len(rows(operator.get(EXPORT).text)) == 60


def test_lines_and_arrays_of_json_say_the_same(operator: TestClient, control: Control) -> None:
    for hours in (0, 1):
        write(control, hours=hours, cost=None)
    lines = [json.loads(line) for line in operator.get(EXPORT, params={"as": "jsonl"}).text.splitlines()]
    assert lines == operator.get(EXPORT, params={"as": "json"}).json()
    assert [line["cost"] for line in lines] == [None, None]
    assert lines[0]["losses"][0]["code"] == "tool.strict"


def test_parquet(operator: TestClient, control: Control) -> None:
    entry = write(control)
    answer = operator.get(EXPORT, params={"as": "parquet"})
    table = read_parquet(io.BytesIO(answer.content)).read_all()
    assert table.column("id").to_pylist() == [entry.id]


def test_sums_by_group_and_day(operator: TestClient, control: Control) -> None:
    for hours in (0, 1, 30):
        write(control, hours=hours)
    asked: dict[str, Any] = {"of": "sums", "by": ["model"], "period": "day"}
    found = rows(operator.get(EXPORT, params=asked).text)
    assert [(row["at"], row["model"], row["exchanges"]) for row in found] == [
        ("2026-03-01T00:00:00Z", "small", "2"),
        ("2026-03-02T00:00:00Z", "small", "1"),
    ]


@pytest.mark.parametrize("asked", [{"as": "xlsx"}, {"of": "prompts"}, {"period": "week"}])
def test_what_there_is_not(operator: TestClient, asked: dict[str, str]) -> None:
    assert operator.get(EXPORT, params=asked).status_code == 422


def test_charges_in_the_columns_of_focus(operator: TestClient) -> None:
    answer = operator.get("/api/v1/usage/export", params={"of": "focus", "period": "hour"})
    assert answer.status_code == 200
    assert answer.text.startswith("BilledCost,BillingAccountId,")
    parquet = operator.get("/api/v1/usage/export", params={"of": "focus", "as": "parquet"})
    assert parquet.content[:4] == b"PAR1"
