import pytest
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from counterpoint.api.guard import HEADERS, Guard, int_or_zero, is_known_host
from counterpoint.api.services import Services
from tests.unit.api.conftest import BEARER


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/me", "/api/v1/absent"])
def test_every_answer_has_the_headers(stranger: TestClient, path: str) -> None:
    answer = stranger.get(path)
    for name, value in HEADERS:
        assert answer.headers[name] == value
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1:8601", True),
        ("[::1]:8601", True),
        ("192.168.1.7:8601", True),
        ("localhost", True),
        ("studio.localhost:1", True),
        ("studio.example.com", True),
        ("STUDIO.example.com:443", True),
        ("evil.example.com", False),
        ("localhost.example.com", False),
        ("127.0.0.1.nip.io", False),
        ("", False),
        ("[::1", False),
        ("a b", False),
        ("evil.example.com@127.0.0.1", False),
        ("127.0.0.1/evil.example.com", False),
        ("127.0.0.1:8601:80", False),
        ("127.0.0.1#evil.example.com", False),
        ("localhost.", False),
    ],
)
def test_known_hosts(host: str, known: bool) -> None:
    assert is_known_host(host, {"studio.example.com"}) is known


def test_a_rebound_name_is_refused_with_what_to_do(operator: TestClient) -> None:
    answer = operator.get("/api/v1/me", headers={"Host": "evil.example.com"})
    assert answer.status_code == 421
    assert "COUNTERPOINT_ADMIN_HOSTS" in answer.json()["detail"]
    assert operator.get("/api/v1/me", headers={"Host": "studio.example.com"}).status_code == 200


def test_two_names_are_none(operator: TestClient) -> None:
    names = [("Host", "127.0.0.1"), ("Host", "evil.example.com")]
    assert operator.get("/api/v1/me", headers=[*BEARER.items(), *names]).status_code == 421


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "http://[::1",
        "http://127.0.0.1:8602",
        "https://evil.example.com",
        "http://127.0.0.1:8601@evil",
    ],
)
def test_a_request_from_elsewhere_is_refused(stranger: TestClient, origin: str) -> None:
    answer = stranger.post("/api/v1/session", json={}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("api.other_origin")


def test_a_large_body_is_refused(operator: TestClient) -> None:
    body = b'{"name": "' + b"x" * 1_100_000 + b'"}'
    answer = operator.post("/api/v1/keys", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_large_body_without_a_length_is_refused(operator: TestClient) -> None:
    pieces = (b" " * 65536 for _ in range(20))
    answer = operator.post("/api/v1/keys", content=pieces, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("", 0), ("-1", 0), ("1e9", 0), ("٣", 0), ("9" * 30, 0)]
)
def test_claimed_lengths(text: str, number: int) -> None:
    assert int_or_zero(text) == number


async def _fails(scope: Scope, receive: Receive, send: Send) -> None:
    raise RuntimeError("a wheel came off, with a secret in it")


def test_a_defect_is_a_problem_without_details(services: Services) -> None:
    client = TestClient(Guard(_fails, services), base_url="http://127.0.0.1", headers=BEARER)
    answer = client.get("/api/v1/me")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.json()["type"] == "urn:counterpoint:problem:api.defect"
    assert "content-security-policy" in answer.headers


def test_a_wrong_token_is_not_made_good_by_a_cookie(stranger: TestClient) -> None:
    headers = {"Authorization": "Bearer wrong", "Cookie": "counterpoint_session=x"}
    assert stranger.get("/api/v1/me", headers=headers).status_code == 401
