from typing import Any

import pytest
from fastapi.testclient import TestClient

from counterpoint.app.compose import Control
from counterpoint.ledger import Attempt
from counterpoint.limits import Charge
from tests.unit.api.ledger import write

USAGE = "/api/v1/usage"


def test_totals_and_groups(operator: TestClient, control: Control) -> None:
    write(control)
    write(control, model="large", cost=None, status=500)
    report = operator.get(USAGE, params={"by": ["model", "key"]}).json()
    assert report["total"]["exchanges"] == 2
    assert report["total"]["failures"] == report["total"]["unpriced"] == 1
    assert report["total"]["cost"] == {"USD": "0.5"}
    assert report["total"]["tokens"]["input"] == 2000
    rows = {row["group"]["model"]["id"]: row for row in report["rows"]}
    assert rows["large"]["cost"] == {}
    assert rows["small"]["group"]["key"]["name"] == "demo"


def test_a_series(operator: TestClient, control: Control) -> None:
    for hours in (0, 1, 30):
        write(control, hours=hours)
    days = operator.get(USAGE, params={"period": "day"}).json()["rows"]
    assert [(row["at"], row["exchanges"]) for row in days] == [
        ("2026-03-01T00:00:00Z", 2),
        ("2026-03-02T00:00:00Z", 1),
    ]
    shifted = operator.get(USAGE, params={"period": "day", "offset_minutes": 720}).json()["rows"]
    assert [row["exchanges"] for row in shifted] == [2, 1]
    there = operator.get(USAGE, params={"period": "day", "zone": "Pacific/Auckland"}).json()["rows"]
    assert [row["at"] for row in there] == ["2026-03-01T11:00:00Z", "2026-03-02T11:00:00Z"]
    unknown = operator.get(
        USAGE, params={"period": "day", "zone": "Etc/Unknown", "offset_minutes": 720}
    ).json()
    assert unknown["rows"] == shifted


def test_filters(operator: TestClient, control: Control) -> None:
    write(control)
    write(control, model="large", hours=5)

    def count(**filters: Any) -> int:
        return int(operator.get(USAGE, params=filters).json()["total"]["exchanges"])

    assert count(model="large") == 1
    assert count(key="demo") == 2
    assert count(key="absent") == 0
    assert count(since="2026-03-01T13:00:00Z") == 1
    assert count(until="2026-03-01T13:00:00Z") == 1
    assert count(failed=True) == 0
    assert count(operation="chat") == count(operation=["chat", "embed"]) == 2
    assert count(operation="embed") == count(dialect="absent") == count(offering="absent") == 0
    entries = operator.get(f"{USAGE}/entries", params={"model": "large", "operation": "chat"}).json()
    assert [item["model"] for item in entries["items"]] == ["large"]


def test_latencies(operator: TestClient, control: Control) -> None:
    assert operator.get(USAGE).json()["total"]["p50_total_ms"] is None
    for _ in range(3):
        write(control)
    total = operator.get(USAGE).json()["total"]
    assert total["p50_total_ms"] == pytest.approx(1500, rel=0.1)
    assert total["p95_total_ms"] == pytest.approx(1500, rel=0.1)
    quick = operator.get(USAGE, params={"latencies": False}).json()["total"]
    assert (quick["exchanges"], quick["p95_total_ms"]) == (3, None)


def test_entries_in_pages_and_one_by_its_id(operator: TestClient, control: Control) -> None:
    written = [write(control, hours=hours) for hours in range(5)]
    first = operator.get(f"{USAGE}/entries", params={"limit": 3}).json()
    rest = operator.get(f"{USAGE}/entries", params={"limit": 3, "cursor": first["next"]}).json()
    assert [item["id"] for item in first["items"] + rest["items"]] == [entry.id for entry in written[::-1]]
    shown = operator.get(f"{USAGE}/entries/{written[0].id}").json()
    assert shown == rest["items"][-1]
    assert shown["cost"] == "0.5"
    assert shown["total_ms"] == 1500.0
    assert shown["attempts"][0]["ms"] == 1400.0
    assert shown["losses"][0]["code"] == "tool.strict"
    assert operator.get(f"{USAGE}/entries/absent").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "by=colour",
        "period=week",
        "since=yesterday",
        "since=2026-03-01T00:00:00",
        "limit=0",
        "offset_minutes=9999",
    ],
)
def test_wrong_questions(operator: TestClient, query: str) -> None:
    assert operator.get(f"{USAGE}?{query}").status_code in {200, 422}
    if not query.startswith("limit"):
        assert operator.get(f"{USAGE}?{query}").status_code == 422
    else:
        assert operator.get(f"{USAGE}/entries?{query}").status_code == 422


def test_a_cursor_of_nobody(operator: TestClient) -> None:
    assert operator.get(f"{USAGE}/entries", params={"cursor": "x"}).status_code == 422


def test_what_an_exchange_did_beside(operator: TestClient, control: Control) -> None:
    parent = write(control)
    judge = write(control, model="large", purpose="judge", parent=parent.id, route="careful")
    write(control, model="large", purpose="judge", parent="another")
    beside = operator.get(f"{USAGE}/entries/{parent.id}/beside").json()["items"]
    assert [(each["id"], each["purpose"], each["parent"]) for each in beside] == [
        (judge.id, "judge", parent.id)
    ]
    assert operator.get(f"{USAGE}/entries/absent/beside").status_code == 404
    requests = operator.get(f"{USAGE}/entries", params={"purpose": ""}).json()["items"]
    assert [each["id"] for each in requests] == [parent.id]
    routed = operator.get(f"{USAGE}/entries", params={"route": "careful"}).json()["items"]
    assert [each["id"] for each in routed] == [judge.id]


def test_attempts_and_charges_in_full(operator: TestClient, control: Control) -> None:
    entry = write(
        control,
        attempts=(
            Attempt("host/small", status=500, failure="upstream_error", micros=300_000),
            Attempt("other/small", 200, None, 900_000, 350_000, 200_000, "fallback"),
        ),
        charges=(Charge("gone", "a", 0, 700), Charge("gone", "b", 0, 50)),
        user="someone",
    )
    shown = operator.get(f"{USAGE}/entries/{entry.id}").json()
    second = shown["attempts"][1]
    assert (second["after_ms"], second["first_event_ms"], second["reason"]) == (350, 200, "fallback")
    assert [(each["limit"], each["amount"], each["measure"]) for each in shown["charges"]] == [
        ("gone", 750, None)
    ]
    assert shown["user"] == "someone"
