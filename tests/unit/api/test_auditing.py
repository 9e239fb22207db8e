from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from starlette.requests import Request

from counterpoint.api.access import SAFE_METHODS, Caller
from counterpoint.api.application import create_app
from counterpoint.api.auditing import NOT_ACTS, act_of
from counterpoint.api.services import Services
from counterpoint.app.compose import Control
from counterpoint.control.audit import AuditQuery
from counterpoint.storage.audit.log import AuditEntry
from tests.unit.api.conftest import GOOD, OWN, set_up


def acts(control: Control) -> list[AuditEntry]:
    """Newest first."""
    return list(control.audit.entries(AuditQuery(), limit=500).items)


def test_a_key_that_is_made_is_an_act_with_what_it_is_and_without_its_secret(
    operator: TestClient, control: Control
) -> None:
    made = operator.post("/api/v1/keys", json={"name": "ci"}).json()
    newest = acts(control)[0]
    assert (newest.action, newest.outcome, newest.origin) == ("POST /api/v1/keys", "done", "testclient")
    assert newest.actor["kind"] == "token"
    assert {change.what for change in newest.changes} == {"key", "key_secret"}
    operator.post(f"/api/v1/keys/{made['key']['id']}/revoke")
    newest = acts(control)[0]
    assert newest.action == "POST /api/v1/keys/{key_id}/revoke"
    assert made["secret"] not in repr(acts(control))
    assert made["secret"][:20] not in repr(acts(control))


def test_who_signs_in_and_who_fails_to_is_in_the_log(control: Control, stranger: TestClient) -> None:
    set_up(control)
    for password in ("wrong", GOOD):
        given = {"login": "ada", "password": password}
        stranger.post("/api/v1/session", json=given, headers=OWN)
    opened, refused = acts(control)[:2]
    assert (opened.outcome, [change.what for change in opened.changes]) == ("done", ["session"])
    assert (refused.outcome, refused.changes, refused.actor["kind"]) == ("refused", (), "stranger")
    assert "wrong" not in repr(acts(control))


def test_what_is_forbidden_is_in_the_log_and_what_is_not_valid_is_not(
    services: Services, control: Control, stranger: TestClient, operator: TestClient
) -> None:
    secret = services.tokens.create("reader", "auditor", actor="owner", made_by="test").text
    before = len(acts(control))
    assert operator.post("/api/v1/keys", json={"name": ""}).status_code == 422
    assert stranger.post("/api/v1/keys", json={"name": "x"}).status_code == 401
    assert len(acts(control)) == before
    bearer = {"Authorization": f"Bearer {secret}"}
    assert stranger.post("/api/v1/keys", json={"name": "x"}, headers=bearer).status_code == 403
    (newest, *_) = acts(control)
    assert (newest.outcome, newest.actor["kind"], newest.actor["name"]) == (
        "refused",
        "service",
        "token reader",
    )


def test_an_export_is_an_act_and_a_look_is_not(operator: TestClient, control: Control) -> None:
    before = len(acts(control))
    operator.get("/api/v1/keys")
    operator.get("/api/v1/audit")
    assert len(acts(control)) == before
    for path in ("/api/v1/usage/export", "/api/v1/audit/export"):
        assert operator.get(path).status_code == 200
        assert acts(control)[0].action == f"GET {path}"


def test_every_route_that_may_change_something_is_an_act(services: Services) -> None:
    """And what changes a row of what people administer cannot pass the log, see `storage.audit.witness`."""
    app, walked = create_app(services), 0
    for route in iter_route_contexts(app.routes):
        path = route.path or ""
        for method in sorted((route.methods or set()) - SAFE_METHODS):
            scope = {"type": "http", "method": method, "path": path, "headers": [], "query_string": b""}
            scope |= {"server": ("127.0.0.1", 8601), "scheme": "http", "client": ("10.0.0.1", 1)}
            act = act_of(Request(scope), Caller("token", "token"))
            assert (act is None) is any(path.startswith(prefix) for prefix in NOT_ACTS), f"{method} {path}"
            walked += 1
    assert walked > 20


def test_each_of_them_leaves_an_entry(services: Services, control: Control, operator: TestClient) -> None:
    """Whatever does not fail for what it is asked: without a valid body, most refuse before they act."""
    app, left = create_app(services), 0
    for route in iter_route_contexts(app.routes):
        path = route.path or ""
        for method in sorted((route.methods or set()) - SAFE_METHODS):
            if any(path.startswith(prefix) for prefix in NOT_ACTS):
                continue
            before = len(acts(control))
            answer = operator.request(method, path.replace("{", "").replace("}", ""), follow_redirects=False)
            after = len(acts(control))
            is_act = answer.status_code < 400 or answer.status_code in {401, 403, 429}
            assert after - before == (1 if is_act else 0), f"{method} {path}: {answer.status_code}"
            left += after - before
    assert left
