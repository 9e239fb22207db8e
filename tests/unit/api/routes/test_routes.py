"""Routes are made, changed, tried out and removed; what is wrong with one is told."""

from typing import Any

from fastapi.testclient import TestClient

from counterpoint.api.services import Services
from counterpoint.control.providers import NewProvider

ROUTE = {
    "name": "chat",
    "policy": "weighted",
    "targets": [{"model": "mistral-small-latest", "weight": 3}, {"model": "mistral/mistral-large-latest"}],
    "fallbacks": ["mistral/open-mistral-nemo"],
    "constraints": {"jurisdictions": ["EU"], "max_input_price": "2.5", "losses": "refuse"},
}


def _ready(services: Services) -> None:
    services.providers.add(NewProvider(name="mistral"), secret="sk-of-some-length")
    services.providers.add(NewProvider(name="groq"), secret="gsk-of-some-length")


def test_a_route_comes_and_goes(operator: TestClient) -> None:
    made = operator.post("/api/v1/routes", json=ROUTE)
    assert made.status_code == 201, made.text
    shown: dict[str, Any] = made.json()
    assert shown["targets"][0] == {"model": "mistral-small-latest", "weight": 3, "check": None}
    assert shown["constraints"]["max_input_price"] == "2.5"
    assert shown["constraints"]["losses"] == "refuse"
    assert (shown["owner"], shown["revision"]) == ("studio", 1)
    found = operator.get("/api/v1/routes/chat")
    assert found.headers["etag"] == '"1"'
    edited = ROUTE | {"policy": "priority", "name": "talk"}
    after = operator.put("/api/v1/routes/chat", json=edited, headers={"If-Match": '"1"'})
    assert (after.json()["name"], after.json()["revision"]) == ("talk", 2)
    late = operator.put("/api/v1/routes/talk", json=ROUTE, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    assert [item["name"] for item in operator.get("/api/v1/routes").json()["items"]] == ["talk"]
    assert operator.delete("/api/v1/routes/talk").status_code == 204
    assert operator.get("/api/v1/routes/talk").status_code == 404


def test_what_is_wrong_is_told(operator: TestClient) -> None:
    assert operator.post("/api/v1/routes", json=ROUTE).status_code == 201
    assert operator.post("/api/v1/routes", json=ROUTE).status_code == 409
    wrongs: tuple[dict[str, Any], ...] = (
        {"name": "a/b"},
        {"targets": []},
        {"policy": "canary", "targets": [{"model": "m"}]},
        {"constraints": {"max_input_price": "two"}},
        {"constraints": {"residency": ["France"]}},
        {"constraints": {"losses": "perhaps"}},
        {"retrying": {"attempts": 99}},
        {"constraints": {"not_makers": ["opnai"]}},
        {"constraints": {"not_hosts": ["azure-foundy"]}},
        {"shadows": ["chat"]},
    )
    for wrong in wrongs:
        answer = operator.post("/api/v1/routes", json=ROUTE | {"name": "other"} | wrong)
        expected = 201 if wrong == {"shadows": ["chat"]} else 422
        assert answer.status_code == expected, (wrong, answer.text)
        if "retrying" in wrong:
            assert answer.json()["detail"].startswith("retrying.attempts: ")
    circle = ROUTE | {"targets": [{"model": "other"}]}
    answer = operator.put("/api/v1/routes/chat", json=circle, headers={"If-Match": "*"})
    assert answer.status_code == 422
    assert "leads back to itself" in answer.text


def test_a_dry_run_tells_every_candidate(operator: TestClient, services: Services) -> None:
    _ready(services)
    draft = ROUTE | {
        "targets": [
            {"model": "mistral/mistral-small-latest", "weight": 1},
            {"model": "groq/llama-3.3-70b-versatile"},
        ]
    }
    call = {"messages": [{"role": "user", "content": "Hello there"}], "max_tokens": 100}
    answer = operator.post("/api/v1/routes/dry-run", json={"route": draft, "request": call})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["route"], told["policy"], told["facts"]["output"]) == ("chat", "weighted", 100)
    assert told["facts"]["tokens"] > 1
    by = {item["offering"]: item for item in told["candidates"]}
    assert by["mistral/mistral-small-latest"]["chosen"]
    assert by["mistral/mistral-small-latest"]["share"] == 1.0
    assert float(by["mistral/mistral-small-latest"]["price"]) > 0
    assert by["groq/llama-3.3-70b-versatile"]["code"] == "jurisdiction"
    assert told["candidates"][-1]["offering"] == "groq/llama-3.3-70b-versatile"
    assert operator.get("/api/v1/routes").json()["items"] == []  # nothing was kept


def test_a_dry_run_of_what_cannot_be(operator: TestClient, services: Services) -> None:
    _ready(services)
    strict = ROUTE | {"constraints": {"hosts": ["nobody"]}}
    told = operator.post("/api/v1/routes/dry-run", json={"route": strict}).json()
    assert not any(item["chosen"] for item in told["candidates"])
    assert "not among those allowed" in told["refusal"]
    assert operator.post("/api/v1/routes/dry-run", json={}).status_code == 422
    unread = {"model": "x", "request": {"messages": 3}}
    assert operator.post("/api/v1/routes/dry-run", json=unread).status_code == 422
    assert operator.post("/api/v1/routes/dry-run", json={"model": "x", "project": "none"}).status_code == 404


def test_a_project_says_what_it_may_send_where(operator: TestClient, services: Services) -> None:
    _ready(services)
    assert operator.post("/api/v1/projects", json={"name": "law"}).status_code == 201
    wanted = {"data_class": "secret", "constraints": {"hosts": ["groq"]}}
    after = operator.put("/api/v1/projects/law", json=wanted, headers={"If-Match": '"1"'})
    assert (after.json()["data_class"], after.json()["revision"]) == ("secret", 2)
    call = {"model": "mistral/mistral-small-latest", "project": "law"}
    told = operator.post("/api/v1/routes/dry-run", json=call).json()
    assert (told["project"], told["data_class"]) == ("law", "secret")
    assert [item["code"] for item in told["candidates"]] == ["not_host"]
    explained = operator.get(
        "/api/v1/explain", params={"model": "groq/llama-3.3-70b-versatile", "project": "law"}
    )
    assert explained.json()["candidates"][0]["chosen"]
    assert operator.put("/api/v1/projects/nobody", json={}, headers={"If-Match": "*"}).status_code == 404
    assert "law" in {item["name"] for item in operator.get("/api/v1/projects").json()["items"]}
