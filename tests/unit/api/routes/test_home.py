from fastapi.testclient import TestClient

from counterpoint.api.services import Services


def test_home(operator: TestClient) -> None:
    shown = operator.get("/api/v1/home", params={"offset_minutes": 60}).json()
    assert shown["state"] == "ready"
    assert shown["today"]["exchanges"] == 0
    assert {step["code"] for step in shown["steps"]} >= {"add_provider", "make_key"}


def test_events_tell_the_present_and_end_with_the_platform(operator: TestClient, services: Services) -> None:
    services.closing.set()
    answer = operator.get("/api/v1/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "event: status\n" in answer.text
    assert answer.text.startswith("retry:")
