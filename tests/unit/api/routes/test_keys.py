import pytest
from fastapi.testclient import TestClient

from counterpoint.api.services import Services
from counterpoint.directory.keytext import digest_of

KEYS = "/api/v1/keys"


def test_a_key_from_first_to_last(operator: TestClient) -> None:
    made = operator.post(
        KEYS, json={"name": "ci", "models": ["local/*"], "expires_at": "2999-01-01T00:00:00Z"}
    )
    assert made.status_code == 201
    key, secret = made.json()["key"], made.json()["secret"]
    assert secret.startswith("cp-")
    assert key["state"] == "active"
    assert key["expires_at"] == "2999-01-01T00:00:00Z"
    assert operator.get(f"{KEYS}/{key['id']}").json() == key

    rotated = operator.post(f"{KEYS}/{key['id']}/rotate", json={"grace_seconds": 0}).json()
    assert rotated["secret"] != secret
    assert operator.post(f"{KEYS}/{key['id']}/rotate").status_code == 200

    assert operator.post(f"{KEYS}/{key['id']}/revoke").json()["state"] == "revoked"
    assert operator.post(f"{KEYS}/{key['id']}/rotate").status_code == 409
    assert secret not in operator.get(KEYS, params={"revoked": True}).text


def test_a_pair_to_sign_with_is_shown_once(operator: TestClient) -> None:
    made = operator.post(KEYS, json={"name": "ci", "pair": True}).json()
    assert made["pair"]["access_key_id"].startswith("CPAK")
    newer = operator.post(f"{KEYS}/{made['key']['id']}/pair").json()
    assert newer["pair"]["access_key_id"] != made["pair"]["access_key_id"]
    shown = operator.get(KEYS).text
    assert made["pair"]["secret_access_key"] not in shown
    assert newer["pair"]["secret_access_key"] not in shown
    assert operator.post(KEYS, json={"name": "other"}).json()["pair"] is None


def test_pages(operator: TestClient) -> None:
    for name in ("a", "b", "c"):
        operator.post(KEYS, json={"name": name})
    first = operator.get(KEYS, params={"limit": 2}).json()
    second = operator.get(KEYS, params={"limit": 2, "cursor": first["next"]}).json()
    assert [item["name"] for item in first["items"] + second["items"]] == ["c", "b", "a", "demo"]
    assert second["next"] is None


def test_an_unknown_project_is_told(operator: TestClient) -> None:
    answer = operator.get(KEYS, params={"project": "absent"})
    assert answer.status_code == 404
    assert "absent" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path", ["keys", "accounts", "tokens", "providers", "models", "jobs", "catalog/models"]
)
@pytest.mark.parametrize("cursor", ["xyz", "", "é", "2", "019a0000-0000-7000-8000-000000000000", "a2V5cw"])
def test_what_is_no_cursor_is_refused_and_not_the_first_page(
    operator: TestClient, path: str, cursor: str
) -> None:
    answer = operator.get(f"/api/v1/{path}", params={"cursor": cursor})
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("bad_cursor")


def test_a_cursor_of_another_list_is_refused(operator: TestClient) -> None:
    for name in ("a", "b"):
        operator.post(KEYS, json={"name": name})
    cursor = operator.get(KEYS, params={"limit": 1}).json()["next"]
    assert operator.get("/api/v1/tokens", params={"cursor": cursor}).status_code == 422


def test_keys_are_found_by_state_and_name(operator: TestClient) -> None:
    for name in ("CI of web", "ci of app", "other"):
        operator.post(KEYS, json={"name": name})
    operator.post(f"{KEYS}/other/revoke")

    def names(**asked: str) -> list[str]:
        return [item["name"] for item in operator.get(KEYS, params=asked).json()["items"]]

    assert names(q="ci") == ["ci of app", "CI of web"]
    assert names(state="revoked") == ["other"]
    assert names(state="active") == ["ci of app", "CI of web", "demo"]
    assert names(state="expired") == []
    assert names(q="%") == []


def test_a_key_is_changed_without_its_holder(operator: TestClient) -> None:
    made = operator.post(KEYS, json={"name": "ci", "models": ["local/*"]}).json()["key"]
    shown = operator.get(f"{KEYS}/{made['id']}")
    assert shown.headers["etag"] == f'"{made["revision"]}"'
    edit = {"name": "builds", "models": [], "expires_at": "2999-01-01T00:00:00Z"}
    changed = operator.patch(f"{KEYS}/{made['id']}", json=edit, headers={"If-Match": shown.headers["etag"]})
    assert changed.status_code == 200
    key = changed.json()
    assert (key["name"], key["models"], key["expires_at"]) == ("builds", [], "2999-01-01T00:00:00Z")
    assert key["hint"] == made["hint"]
    ends_never = operator.patch(
        f"{KEYS}/{made['id']}", json={"expires_at": None}, headers={"If-Match": changed.headers["etag"]}
    ).json()
    assert (ends_never["name"], ends_never["expires_at"]) == ("builds", None)
    for late in (shown.headers["etag"], '"0"', "W/1"):
        answer = operator.patch(f"{KEYS}/{made['id']}", json={"name": "x"}, headers={"If-Match": late})
        assert answer.status_code == 412
    assert operator.patch(f"{KEYS}/{made['id']}", json={"name": "x"}).status_code == 428


@pytest.mark.parametrize(
    ("edit", "status"),
    [
        ({"name": "demo"}, 409),
        ({"name": ""}, 422),
        ({"name": None}, 422),
        ({"models": ["a b"]}, 422),
        ({"expires_at": "2000-01-01T00:00:00Z"}, 422),
        ({"expires_at": "2999-01-01T00:00:00"}, 422),
        ({"project": "other"}, 422),
    ],
)
def test_what_cannot_become_of_a_key(operator: TestClient, edit: dict[str, object], status: int) -> None:
    operator.post(KEYS, json={"name": "ci"})
    assert operator.patch(f"{KEYS}/ci", json=edit, headers={"If-Match": "*"}).status_code == status


def test_a_revoked_key_stays_as_it_was(operator: TestClient) -> None:
    made = operator.post(KEYS, json={"name": "ci"}).json()["key"]
    operator.post(f"{KEYS}/{made['id']}/revoke")
    answer = operator.patch(f"{KEYS}/{made['id']}", json={"name": "x"}, headers={"If-Match": "*"})
    assert answer.status_code == 409


def test_a_scope_that_is_taken_away_is_gone_from_the_directory(
    operator: TestClient, services: Services
) -> None:
    made = operator.post(KEYS, json={"name": "ci"}).json()

    def scope() -> tuple[str, ...]:
        return services.directory().keys[digest_of(made["secret"])].models

    assert scope() == ()
    before = services.directory().revision
    answer = operator.patch(f"{KEYS}/ci", json={"models": ["local/*"]}, headers={"If-Match": "*"})
    assert answer.status_code == 200
    assert services.directory().revision > before
    assert scope() == ("local/*",)
