from fastapi.testclient import TestClient

MONTHLY = {"amount": "500"}


def test_a_budget_is_set_changed_and_removed(operator: TestClient) -> None:
    made = operator.post("/api/v1/budgets", json=MONTHLY)
    assert made.status_code == 201
    budget = made.json()
    assert (budget["amount"], budget["left"], budget["currency"], budget["scope"]) == (
        "500",
        "500",
        "USD",
        "organisation",
    )
    where = f"/api/v1/budgets/{budget['id']}"
    assert operator.patch(where, json={"amount": "800"}).status_code == 428
    seen = {"If-Match": made.headers["etag"]}
    changed = operator.patch(where, json={"amount": "800.50", "route": "small"}, headers=seen)
    assert (changed.json()["amount"], changed.json()["on_hit"]) == ("800.5", "downgrade")
    assert operator.patch(where, json={"amount": "1"}, headers=seen).status_code == 412
    assert operator.get(where).json() == changed.json()
    assert operator.get("/api/v1/budgets").json() == {"items": [changed.json()], "next": None}
    assert operator.delete(where, headers={"If-Match": changed.headers["etag"]}).status_code == 204
    assert operator.get(where).status_code == 404


def test_budgets_that_cannot_be(operator: TestClient) -> None:
    for wrong in (
        {"amount": "-1"},
        {"amount": 1},
        {"amount": "1.5", "measure": "tokens"},
        {"amount": "1", "per": "minute"},
        {"amount": "1", "surprise": True},
    ):
        assert operator.post("/api/v1/budgets", json=wrong).status_code == 422
    absent = {"amount": "1", "scope": "project", "subject": "absent"}
    assert operator.post("/api/v1/budgets", json=absent).status_code == 404
    operator.post("/api/v1/budgets", json=MONTHLY)
    assert operator.post("/api/v1/budgets", json=MONTHLY).status_code == 409


def test_without_a_past_there_is_no_forecast(operator: TestClient) -> None:
    budget = operator.post("/api/v1/budgets", json=MONTHLY).json()
    spending = operator.get(f"/api/v1/budgets/{budget['id']}/spending").json()
    assert spending == {"steps": [], "unpriced": 0, "forecast": None}
    assert operator.get("/api/v1/budgets/absent/spending").status_code == 404
