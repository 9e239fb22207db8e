import struct
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from counterpoint.api.services import Services

MODELS = "/api/v1/models"


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    """A file that says that it is a model, and is none that could run."""
    facts = {"general.architecture": "llama", "general.name": "Tiny"}
    body = b"".join(text(name) + struct.pack("<I", 8) + text(value) for name, value in facts.items())
    path = tmp_path / "tiny.gguf"
    path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 0, 2) + body)
    return path


def finished(operator: TestClient, services: Services, job: dict[str, Any]) -> dict[str, Any]:
    """The job at its end."""
    services.jobs.find(job["id"]).wait(30)
    ended: dict[str, Any] = operator.get(f"/api/v1/jobs/{job['id']}").json()
    return ended


def test_a_pull_is_a_job(operator: TestClient, services: Services, gguf: Path) -> None:
    answer = operator.post(f"{MODELS}/pull", json={"source": f"file:{gguf}", "name": "ours"})
    assert answer.status_code == 202
    job = finished(operator, services, answer.json())
    assert (job["state"], job["error"]) == ("done", None)
    assert operator.get("/api/v1/jobs").json()["items"] == [job]
    (listed,) = operator.get(MODELS).json()["items"]
    assert (listed["name"], listed["state"], listed["display"]) == ("ours", "stopped", "Tiny")
    assert operator.get(f"{MODELS}/ours").json() == listed


def test_a_pull_that_fails_says_why(operator: TestClient, services: Services) -> None:
    job = operator.post(f"{MODELS}/pull", json={"source": "file:/nowhere.gguf"}).json()
    ended = finished(operator, services, job)
    assert ended["state"] == "failed"
    assert "/nowhere.gguf" in ended["error"]


def test_a_model_that_cannot_run_is_a_problem(operator: TestClient, services: Services, gguf: Path) -> None:
    services.models.store.add(gguf, name="broken")
    answer = operator.post(f"{MODELS}/broken/load")
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:counterpoint:problem:api.model_refused"
    assert operator.get(f"{MODELS}/broken").json()["state"] == "failed"
    assert operator.post(f"{MODELS}/broken/unload").json()["state"] == "stopped"
    assert operator.delete(f"{MODELS}/broken").status_code == 204
    assert gguf.exists()
    assert operator.delete(f"{MODELS}/broken").status_code == 404


def test_what_is_not_there(operator: TestClient) -> None:
    for method, path in (
        ("GET", f"{MODELS}/absent"),
        ("POST", f"{MODELS}/absent/load"),
        ("POST", f"{MODELS}/absent/unload"),
        ("DELETE", f"{MODELS}/absent"),
        ("GET", "/api/v1/jobs/absent"),
    ):
        assert operator.request(method, path).status_code == 404, path


@pytest.mark.parametrize(
    "body", [{}, {"source": 7}, {"source": "x", "sha256": "abc"}, {"source": "x", "kind": "rerank"}]
)
def test_wrong_input(operator: TestClient, body: object) -> None:
    assert operator.post(f"{MODELS}/pull", json=body).status_code == 422


def test_what_can_be_pulled_by_name_and_the_room_for_it(operator: TestClient) -> None:
    shelf = operator.get("/api/v1/pullable").json()
    demo = next(item for item in shelf["items"] if item["name"] == "smollm2-135m-instruct")
    assert demo["memory_bytes"] > demo["size"] > 0
    assert not demo["present"]
    assert shelf["memory"]["total"] > 0
    assert shelf["memory"]["occupied"] == 0
    assert shelf["disk_free"] > 0
    assert "hf:" in shelf["sources"]


def test_a_job_that_has_ended_is_not_cancelled(operator: TestClient, services: Services) -> None:
    job = operator.post(f"{MODELS}/pull", json={"source": "file:/nowhere.gguf"}).json()
    ended = finished(operator, services, job)
    assert operator.post(f"/api/v1/jobs/{job['id']}/cancel").json() == ended
    assert operator.post("/api/v1/jobs/none/cancel").status_code == 404
