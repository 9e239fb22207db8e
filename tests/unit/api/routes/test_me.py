from fastapi.testclient import TestClient

from counterpoint.app.compose import Control
from tests.unit.api.conftest import GOOD, OWN


def test_the_caller_sees_what_it_may_do(operator: TestClient) -> None:
    me = operator.get("/api/v1/me").json()
    assert me["signed_in_by"] == "token"
    assert "keys.write" in me["rights"]


def test_the_api_describes_itself(operator: TestClient) -> None:
    described = operator.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    create = described["paths"]["/api/v1/keys"]["post"]
    assert create["summary"] == "Create a key"
    assert {"201", "401", "409", "422"} <= create["responses"].keys()
    assert described["components"]["schemas"]["KeyShape"]["properties"]["hint"]["description"]


def test_each_role_says_what_it_may_do_and_whether_it_is_mine_to_give(
    stranger: TestClient, control: Control
) -> None:
    control.accounts.create(login="bob", name="Bob", role="admin", password=GOOD, actor="owner")
    body = {"login": "bob", "password": GOOD}
    assert stranger.post("/api/v1/session", json=body, headers=OWN).status_code == 200
    roles = {role["name"]: role for role in stranger.get("/api/v1/roles").json()}
    assert list(roles) == ["owner", "admin", "maker", "user", "auditor"]
    assert {name for name, role in roles.items() if role["mine_to_give"]} == {"admin", "maker", "user"}
    assert "keys.write" in roles["admin"]["rights"]
    assert "keys.write" not in roles["auditor"]["rights"]


def test_who_may_make_no_account_gives_no_role(stranger: TestClient, control: Control) -> None:
    control.accounts.create(login="bob", name="Bob", role="user", password=GOOD, actor="owner")
    stranger.post("/api/v1/session", json={"login": "bob", "password": GOOD}, headers=OWN)
    assert not any(role["mine_to_give"] for role in stranger.get("/api/v1/roles").json())


def test_anybody_changes_the_name_that_others_see_and_nothing_else(
    stranger: TestClient, operator: TestClient, control: Control
) -> None:
    bob = control.accounts.create(login="bob", name="Bob", role="user", password=GOOD, actor="owner")
    stranger.post("/api/v1/session", json={"login": "bob", "password": GOOD}, headers=OWN)
    renamed = stranger.patch("/api/v1/me", json={"name": "Robert"}, headers=OWN)
    assert renamed.status_code == 200, renamed.text
    assert (renamed.json()["name"], renamed.json()["role"]) == ("Robert", "user")
    assert stranger.get("/api/v1/me").json() == renamed.json()
    assert control.accounts.find(bob.id).name == "Robert"
    assert stranger.patch("/api/v1/me", json={"name": "B", "role": "owner"}, headers=OWN).status_code == 422
    assert stranger.patch("/api/v1/me", json={"name": "  "}, headers=OWN).status_code == 422
    assert operator.patch("/api/v1/me", json={"name": "Nobody"}).status_code == 403
