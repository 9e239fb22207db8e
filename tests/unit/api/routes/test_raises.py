from fastapi.testclient import TestClient

from counterpoint.app.compose import Control


def budget_of(operator: TestClient, **fields: str) -> str:
    made = operator.post("/api/v1/budgets", json={"amount": "100", **fields})
    return str(made.json()["id"])


def test_who_holds_a_key_asks_and_the_owner_decides(
    control: Control, operator: TestClient, stranger: TestClient
) -> None:
    key = control.keys.create("ci")
    budget = budget_of(operator, scope="key", subject="ci")
    other = budget_of(operator, per="day")
    held = {"Authorization": f"Bearer {key.text}"}
    binding = stranger.get("/api/v1/raises/limits", headers=held).json()
    assert [item["id"] for item in binding] == [budget, other]
    wanted = {"budget": budget, "amount": "50", "reason": "the release"}
    asked = stranger.post("/api/v1/raises", json=wanted, headers=held)
    assert asked.status_code == 201
    assert (asked.json()["state"], asked.json()["mine"], asked.json()["asked_by"]) == ("open", True, "key ci")
    where = f"/api/v1/raises/{asked.json()['id']}"
    assert stranger.post(f"{where}/approve", headers=held).status_code == 403
    assert stranger.get("/api/v1/budgets", headers=held).status_code == 403
    listed = operator.get("/api/v1/raises", params={"state": "open"}).json()["items"]
    assert [(item["id"], item["mine"]) for item in listed] == [(asked.json()["id"], False)]
    approved = operator.post(f"{where}/approve", json={"note": "once", "amount": "20"}).json()
    assert (approved["state"], approved["amount"], approved["note"]) == ("approved", "20", "once")
    assert operator.get(f"/api/v1/budgets/{budget}").json()["allowed"] == "120"
    assert operator.post(f"{where}/refuse").status_code == 409


def test_a_request_is_refused_or_withdrawn(operator: TestClient) -> None:
    wanted = {"budget": budget_of(operator), "amount": "5", "reason": "growth"}
    first, second = (operator.post("/api/v1/raises", json=wanted).json()["id"] for _ in range(2))
    assert operator.post(f"/api/v1/raises/{first}/refuse", json={"note": "no"}).json()["state"] == "refused"
    assert operator.post(f"/api/v1/raises/{second}/withdraw").json()["state"] == "withdrawn"
    assert operator.post("/api/v1/raises/absent/withdraw").status_code == 404


def test_keys_that_are_revoked_ask_nothing(control: Control, stranger: TestClient) -> None:
    key = control.keys.create("ci")
    control.keys.revoke("ci")
    held = {"Authorization": f"Bearer {key.text}"}
    assert stranger.get("/api/v1/raises/limits", headers=held).status_code == 401
