from fastapi.testclient import TestClient

from tests.unit.api.conftest import StillRunning


def test_probes_need_no_credentials(stranger: TestClient) -> None:
    assert stranger.get("/healthz").text == "ok\n"
    assert stranger.get("/readyz").status_code == 200
    assert stranger.head("/healthz").status_code == 200
    assert stranger.get("/readyz", headers={"Host": "counterpoint:8601"}).status_code == 200


def test_not_ready_is_said(stranger: TestClient, running: StillRunning) -> None:
    running.ready = False
    assert stranger.get("/readyz").status_code == 503
    assert stranger.get("/healthz").status_code == 200
