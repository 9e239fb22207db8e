from fastapi.testclient import TestClient

TOKENS = "/api/v1/tokens"


def test_a_token_from_first_to_last(operator: TestClient, stranger: TestClient) -> None:
    made = operator.post(TOKENS, json={"name": "ci", "role": "auditor"})
    assert made.status_code == 201
    token, bearer = made.json()["token"], {"Authorization": f"Bearer {made.json()['secret']}"}
    me = stranger.get("/api/v1/me", headers=bearer).json()
    assert (me["name"], me["signed_in_by"], me["role"]) == ("ci", "service", "auditor")
    assert stranger.get("/api/v1/keys", headers=bearer).status_code == 200
    refused = stranger.post("/api/v1/keys", json={"name": "x"}, headers=bearer)
    assert refused.status_code == 403
    assert "keys.write" in refused.json()["detail"]
    assert made.json()["secret"] not in operator.get(TOKENS).text
    assert operator.get(f"{TOKENS}/{token['id']}").json()["state"] == "active"
    assert operator.post(f"{TOKENS}/{token['id']}/revoke").json()["state"] == "revoked"
    assert stranger.get("/api/v1/me", headers=bearer).status_code == 401
    assert len(operator.get(TOKENS, params={"revoked": True}).json()["items"]) == 1


def test_a_token_makes_none_that_may_do_more(operator: TestClient, stranger: TestClient) -> None:
    secret = operator.post(TOKENS, json={"name": "a", "role": "admin"}).json()["secret"]
    bearer = {"Authorization": f"Bearer {secret}"}
    answer = stranger.post(TOKENS, json={"name": "b", "role": "owner"}, headers=bearer)
    assert answer.status_code == 403
    made = stranger.post(TOKENS, json={"name": "b", "role": "admin"}, headers=bearer).json()
    assert made["token"]["made_by"] == "token a"
