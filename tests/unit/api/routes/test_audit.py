import json

from fastapi.testclient import TestClient

from counterpoint.control.audit import verify_file


def test_acts_come_in_pages_newest_first_and_are_found(operator: TestClient) -> None:
    for number in range(5):
        operator.post("/api/v1/keys", json={"name": f"key-{number}"})
    seen, cursor = [], None
    while True:
        page = operator.get("/api/v1/audit", params={"limit": 2, **({"cursor": cursor} if cursor else {})})
        seen += page.json()["items"]
        cursor = page.json()["next"]
        if cursor is None:
            break
    assert [act["sequence"] for act in seen] == list(range(len(seen), 0, -1))
    (found,) = operator.get("/api/v1/audit", params={"words": "KEY-3"}).json()["items"]
    assert found["changes"][0]["name"] == "key-3"
    for which in ({"actor": "token"}, {"action": "POST /api/v1/keys"}, {"outcome": "done", "actor": "token"}):
        assert len(operator.get("/api/v1/audit", params=which).json()["items"]) == 5
    assert operator.get("/api/v1/audit", params={"outcome": "refused"}).json()["items"] == []
    assert operator.get("/api/v1/audit", params={"since": "2100-01-01T00:00:00Z"}).json()["items"] == []
    assert operator.get("/api/v1/audit", params={"cursor": "x"}).status_code == 422


def test_one_act_is_shown_and_an_export_is_what_was_hashed(operator: TestClient) -> None:
    operator.post("/api/v1/keys", json={"name": "ci"})
    act = operator.get("/api/v1/audit").json()["items"][0]
    assert operator.get(f"/api/v1/audit/{act['sequence']}").json() == act
    assert operator.get("/api/v1/audit/999999").status_code == 404
    lines = operator.get("/api/v1/audit/export").text.splitlines()
    verdict = verify_file(lines)
    assert (verdict.broken, verdict.entries) == (None, act["sequence"] + 1)
    assert json.loads(lines[-2])["hash"] == act["hash"]
    assert json.loads(lines[-1])["action"] == "GET /api/v1/audit/export"
    told = operator.get("/api/v1/audit/verdict").json()
    assert told == {
        "whole": True,
        "entries": act["sequence"] + 1,
        "anchors": 0,
        "fault": None,
        "sequence": None,
    }
