from fastapi.testclient import TestClient


def test_status(operator: TestClient) -> None:
    status = operator.get("/api/v1/status").json()
    assert status["state"] == "ready"
    assert {"workers", "engines", "ledger", "components", "gateway", "started_at"} <= status.keys()
