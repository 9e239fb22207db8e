from fastapi.testclient import TestClient

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
