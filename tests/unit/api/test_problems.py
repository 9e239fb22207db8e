import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from fastapi.testclient import TestClient

from counterpoint.api.application import create_app
from counterpoint.api.problems import STATUS, TITLES
from counterpoint.api.services import Services
from counterpoint.app.compose import open_control
from counterpoint.app.settings import Settings
from counterpoint.i18n import say
from counterpoint.i18n.complaint import ComplaintKind
from tests.databases import fresh_url
from tests.unit.api.conftest import BEARER


def test_every_kind_of_complaint_has_a_status_and_a_title() -> None:
    assert set(STATUS) == set(get_args(ComplaintKind))
    for status in STATUS.values():
        assert say(TITLES[status], lang="fr")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/api/v1/absent", None, 404),
        ("GET", "/api/v1/keys/absent", None, 404),
        ("DELETE", "/api/v1/me", None, 405),
        ("POST", "/api/v1/keys", {"name": "demo"}, 409),
        ("POST", "/api/v1/keys", {"name": " "}, 422),
        ("POST", "/api/v1/keys", {}, 422),
        ("POST", "/api/v1/keys", {"name": "x", "expires_at": "2027-01-01T00:00:00"}, 422),
        ("POST", "/api/v1/keys", {"name": "x", "expires_at": "9999-12-31T23:59:59-23:59"}, 422),
        ("POST", "/api/v1/keys", [], 422),
        ("GET", "/api/v1/keys?limit=x", None, 422),
    ],
)
def test_every_error_is_a_problem(
    operator: TestClient, method: str, path: str, body: object, status: int
) -> None:
    answer = operator.request(method, path, json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert re.fullmatch(r"urn:counterpoint:problem:[a-z_.]+", problem["type"])
    assert problem["title"]
    assert problem["detail"].endswith(".")


def test_flaws_say_where(operator: TestClient) -> None:
    answer = operator.post("/api/v1/keys", json={"name": 7, "models": "all"})
    assert {flaw["where"] for flaw in answer.json()["flaws"]} == {"body.name", "body.models"}


def test_broken_json_is_told(operator: TestClient) -> None:
    answer = operator.post("/api/v1/keys", content=b"{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


def test_text_that_is_none_is_told(operator: TestClient) -> None:
    json = {"Content-Type": "application/json"}
    assert operator.post("/api/v1/keys", content=b'{"name":"\xff"}', headers=json).status_code == 422
    deep = b'{"name":' + b"[" * 20_000 + b"]" * 20_000 + b"}"
    assert operator.post("/api/v1/keys", content=deep, headers=json).status_code == 422


def test_the_readers_language(operator: TestClient) -> None:
    answer = operator.get("/api/v1/absent", headers={"Accept-Language": "fr-CA, en;q=0.5"})
    assert answer.headers["content-language"] == "fr"
    assert answer.json()["title"] == "Introuvable"


def test_text_that_the_database_cannot_hold(tmp_path: Path, services: Services) -> None:
    """PostgreSQL refuses a NUL in text where SQLite stores it."""
    with (
        fresh_url("postgresql", tmp_path) as url,
        open_control(Settings(data=tmp_path / "pg", database=url)) as control,
        TestClient(
            create_app(replace(services, keys=control.keys)), base_url="http://127.0.0.1", headers=BEARER
        ) as client,
    ):
        answer = client.get("/api/v1/keys/%00")
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:counterpoint:problem:api.unstorable"
        assert "SELECT" not in answer.text


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/api/v1/keys", "GET, POST"),
        ("/api/v1/keys/x", "GET, PATCH"),
        ("/api/v1/providers/try", "POST"),
        ("/healthz", "GET, HEAD"),
    ],
)
def test_what_a_path_takes_is_told_whole(operator: TestClient, path: str, methods: str) -> None:
    answer = operator.request("OPTIONS", path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == methods
