import tomllib
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from counterpoint.api.access import (
    PUBLIC,
    Caller,
    Permission,
    admit,
    is_public,
    is_token,
    permission_of,
    require,
    unguarded,
)
from counterpoint.api.application import create_app
from counterpoint.api.services import Services
from counterpoint.control.roles import RIGHTS, ROLES, Role
from counterpoint.i18n.complaint import Complaint

MATRIX: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("permissions.toml").read_text())
"""Who may ask what: the one place where a change of permission shows."""


def routes(services: Services) -> list[tuple[str, str, str | None]]:
    """Method, path and right of every route."""
    app = create_app(services)
    return [
        (method, route.path or "", permission_of(route))
        for route in iter_route_contexts(app.routes)
        for method in sorted(route.methods or ())
    ]


def test_no_route_answers_a_stranger(services: Services, stranger: TestClient) -> None:
    walked = 0
    for method, path, _ in routes(services):
        if is_public(method, path):
            continue
        answer = stranger.request(method, path.replace("{", "").replace("}", ""))
        assert answer.status_code == 401, f"{method} {path}"
        assert answer.headers["www-authenticate"].startswith("Bearer")
        walked += 1
    assert walked > 5


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/absent",
        "/absent",
        "/api/v1/keys/",
        "/api//v1/keys",
        "/healthz/",
        "/healthz/..%2fapi/v1/keys",
        "/docs",
    ],
)
def test_a_stranger_does_not_learn_what_there_is(stranger: TestClient, path: str) -> None:
    assert stranger.get(path).status_code == 401


def test_what_is_public_exists_and_every_right_is_asked_for(services: Services) -> None:
    found = routes(services)
    open_to_all = {(method, path) for method, path, right in found if right is None and method != "HEAD"}
    assert open_to_all == PUBLIC
    assert {right for _, _, right in found if right} == RIGHTS


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        "Basic YTpi",
        "an-admin-token-for-tests",
        "Bearer an-admin-token-for-test",
    ],
)
def test_only_the_token_opens(stranger: TestClient, header: str) -> None:
    assert stranger.get("/api/v1/me", headers={"Authorization": header}).status_code == 401


def test_without_a_token_of_the_operator_none_opens(services: Services) -> None:
    assert not is_token("", None)
    assert not is_token("None", None)
    assert is_token("töken", "töken")


def test_a_right_that_is_missing_is_named(services: Services) -> None:
    request = Request({"type": "http"})
    admit(request.scope, Caller("session", "reader", frozenset({"keys.read"})))
    assert Permission("keys.read")(request).name == "reader"
    with pytest.raises(Complaint, match=r"keys\.write") as caught:
        Permission("keys.write")(request)
    assert caught.value.kind == "denied"


def test_an_unguarded_route_is_found() -> None:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    @app.get("/open")
    def leak() -> str:
        return "everything"

    @app.get("/closed", dependencies=[require("keys.read")])
    def closed() -> str:
        return ""

    assert list(unguarded(app)) == ["GET /open"]


def test_a_caller_may_do_everything_by_default() -> None:
    assert Caller("token", "token").rights == RIGHTS


def test_the_table_names_every_route(services: Services) -> None:
    found = {f"{method} {path}" for method, path, _ in routes(services) if not is_public(method, path)}
    assert set(MATRIX) == found


@pytest.mark.parametrize("role", ROLES)
def test_every_route_lets_in_whom_the_table_says(
    services: Services, stranger: TestClient, role: Role
) -> None:
    secret = services.tokens.create("walker", role, actor="owner", made_by="test").text
    services.closing.set()  # streams of events end at once
    bearer = {"Authorization": f"Bearer {secret}"}
    for request, allowed in MATRIX.items():
        method, path = request.split()
        answer = stranger.request(
            method, path.replace("{", "").replace("}", ""), headers=bearer, follow_redirects=False
        )
        refused = answer.status_code == 403 and answer.json()["type"].endswith("api.not_permitted")
        assert refused is (role not in allowed), f"{role}: {request}: {answer.status_code}"
        assert answer.status_code not in {401, 500}, f"{role}: {request}"
