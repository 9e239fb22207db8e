from fastapi.testclient import TestClient

from counterpoint.app.compose import Control
from counterpoint.directory.keytext import digest_of

CHAT = "/api/v1/gateway/v1/chat/completions"


def test_a_stranger_asks_no_model(stranger: TestClient) -> None:
    assert stranger.post(CHAT, json={}).status_code == 401
    assert stranger.get("/api/v1/gateway/v1/models").status_code == 401


def test_a_gateway_that_does_not_answer_is_told(operator: TestClient) -> None:
    answer = operator.post(CHAT, json={"model": "small"})
    assert answer.status_code == 503
    assert answer.json()["type"].endswith("api.gateway_away")


def test_what_is_no_door_of_the_gateway_is_not_there(operator: TestClient) -> None:
    for path in ("metrics", "v1", "v1/models/../../readyz", ""):
        assert operator.get(f"/api/v1/gateway/{path}").status_code == 404


def test_images_fit(operator: TestClient) -> None:
    body = {"model": "small", "image": "x" * 3_000_000}
    assert operator.post(CHAT, json=body).status_code == 503
    assert operator.post("/api/v1/keys", json=body).status_code == 413


def test_workers_know_the_studios_key(control: Control) -> None:
    assert control.directory().keys[digest_of(control.studio_key.text)].name == "studio"
    assert "studio" not in {key.name for key in control.keys.list().items}


def test_what_can_be_asked_and_where(operator: TestClient) -> None:
    told = operator.get("/api/v1/playground").json()
    assert told == {"gateway": "http://127.0.0.1:8600", "hosts": [], "models": []}
