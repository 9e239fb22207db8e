import pytest
from fastapi.testclient import TestClient

from counterpoint.api.access import COOKIE
from counterpoint.app.compose import Control
from counterpoint.control.throttle import MOST_TOGETHER
from tests.unit.api.conftest import GOOD, OWN, TOKEN, set_up

SESSION = "/api/v1/session"
OTHER = "another sentence, as good"


def sign_in(client: TestClient, password: str = GOOD, login: str = "ada") -> int:
    body = {"login": login, "password": password}
    return client.post(SESSION, json=body, headers=OWN).status_code


def test_the_first_link_leads_to_the_owners_account_and_to_nothing_else(
    stranger: TestClient, control: Control
) -> None:
    assert stranger.get(SESSION).json() == {"signed_in": False, "set_up": False, "admin_token": True}
    body = {"token": control.sign_in.new_link()}
    me = stranger.post(f"{SESSION}/link", json=body, headers=OWN).json()
    assert (me["set_up"], me["rights"], me["role"]) == (False, ["me", "setup"], None)
    assert stranger.get("/api/v1/keys").status_code == 403
    assert stranger.get("/api/v1/status").status_code == 403
    before = stranger.cookies[COOKIE]

    owner = {"login": "Ada", "name": "Ada Lovelace", "password": GOOD}
    assert stranger.post("/api/v1/setup", json={**owner, "password": "x"}, headers=OWN).status_code == 422
    me = stranger.post("/api/v1/setup", json=owner, headers=OWN).json()
    assert (me["set_up"], me["role"], me["login"]) == (True, "owner", "ada")
    assert stranger.cookies[COOKIE] != before
    assert stranger.get("/api/v1/keys").status_code == 200
    assert stranger.post(f"{SESSION}/link", json=body, headers=OWN).status_code == 401
    stranger.cookies.clear()
    stranger.cookies.set(COOKIE, before)
    assert stranger.get("/api/v1/me").status_code == 401


def test_the_operators_token_may_set_up_too_once(operator: TestClient) -> None:
    owner = {"login": "ada", "name": "Ada", "password": GOOD}
    assert operator.post("/api/v1/setup", json=owner).status_code == 200
    assert operator.post("/api/v1/setup", json=owner).status_code == 409


def test_the_cookie_is_out_of_reach_of_scripts_and_changes_at_every_sign_in(
    stranger: TestClient, control: Control
) -> None:
    set_up(control)
    answer = stranger.post(SESSION, json={"login": "ada", "password": GOOD}, headers=OWN)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    first = stranger.cookies[COOKIE]
    assert sign_in(stranger) == 200
    assert stranger.cookies[COOKIE] != first
    stranger.cookies.clear()
    stranger.cookies.set(COOKIE, first)
    assert stranger.get("/api/v1/me").status_code == 401


def test_wrong_logins_and_wrong_passwords_look_alike_and_are_slowed(
    stranger: TestClient, control: Control
) -> None:
    set_up(control)
    wrong = [
        stranger.post(SESSION, json={"login": login, "password": OTHER}, headers=OWN)
        for login in ("ada", "nobody")
    ]
    assert wrong[0].status_code == wrong[1].status_code == 401
    assert wrong[0].text == wrong[1].text
    codes = [sign_in(stranger, OTHER) for _ in range(MOST_TOGETHER)]
    assert codes[-1] == 429
    slowed = stranger.post(SESSION, json={"login": "ada", "password": GOOD}, headers=OWN)
    assert slowed.status_code == 429
    assert int(slowed.headers["retry-after"]) > 0


def test_changing_my_password(stranger: TestClient, control: Control) -> None:
    set_up(control)
    sign_in(stranger)
    path = "/api/v1/me/password"
    assert stranger.post(path, json={"password": OTHER}, headers=OWN).status_code == 403
    body = {"password": OTHER, "current": GOOD}
    assert stranger.post(path, json=body, headers=OWN).status_code == 200
    assert stranger.get("/api/v1/me").status_code == 200
    assert sign_in(stranger) == 401
    assert sign_in(stranger, OTHER) == 200


def test_signing_out_here_and_everywhere(stranger: TestClient, control: Control) -> None:
    set_up(control)
    sign_in(stranger)
    session = stranger.cookies[COOKIE]
    assert stranger.delete(SESSION, headers=OWN).status_code == 204
    stranger.cookies.clear()
    stranger.cookies.set(COOKIE, session)
    assert stranger.get("/api/v1/me").status_code == 401
    stranger.cookies.clear()
    sign_in(stranger)
    assert stranger.post("/api/v1/me/sign-out-everywhere", headers=OWN).status_code == 204
    assert stranger.get(SESSION).json()["signed_in"] is False


def test_a_program_has_no_password(operator: TestClient) -> None:
    assert operator.post("/api/v1/me/password", json={"password": OTHER}).status_code == 403
    assert operator.post("/api/v1/me/sign-out-everywhere").status_code == 403


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.example.com"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_another_site_cannot_sign_anybody_in(
    stranger: TestClient, control: Control, headers: dict[str, str]
) -> None:
    set_up(control)
    body = {"login": "ada", "password": GOOD}
    assert stranger.post(SESSION, json=body, headers=headers).status_code == 403


def test_the_operators_token_opens_a_session_of_the_first_owner(
    stranger: TestClient, control: Control
) -> None:
    path = f"{SESSION}/token"
    assert stranger.post(path, json={"token": TOKEN}, headers=OWN).json()["set_up"] is False
    set_up(control)
    assert stranger.post(path, json={"token": "wrong"}, headers=OWN).status_code == 401
    assert stranger.post(path, json={"token": TOKEN}, headers=OWN).json()["login"] == "ada"


@pytest.mark.parametrize("way", ["link", "token"])
def test_guessing_a_link_or_the_token_is_slowed(stranger: TestClient, way: str) -> None:
    answers = [
        stranger.post(f"{SESSION}/{way}", json={"token": "guess"}, headers=OWN)
        for _ in range(MOST_TOGETHER + 1)
    ]
    assert {answer.status_code for answer in answers[:-1]} == {401}
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0
