"""How providers do, over the admin API."""

from fastapi.testclient import TestClient

from counterpoint.app.compose import Control
from tests.unit.api.ledger import write


def test_nothing_was_asked(operator: TestClient) -> None:
    found = operator.get("/api/v1/standing").json()
    assert found["hosts"] == []
    assert found["measured"] is False


def test_hours_are_bounded(operator: TestClient, control: Control) -> None:
    write(control)
    assert operator.get("/api/v1/standing", params={"hours": 24}).json()["hosts"] == []
    assert operator.get("/api/v1/standing", params={"hours": 0}).status_code == 422
    assert operator.get("/api/v1/standing", params={"hours": 1000}).status_code == 422
