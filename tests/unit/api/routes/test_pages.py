import re

import pytest
from fastapi.testclient import TestClient

from counterpoint.api.access import COOKIE
from counterpoint.app.compose import Control
from counterpoint.control.throttle import MOST_TOGETHER
from tests.unit.api.conftest import GOOD, OWN, TOKEN, set_up


def press(client: TestClient, **form: str) -> int:
    """Presses the button of the form."""
    return client.post("/sign-in", data=form, headers=OWN, follow_redirects=False).status_code


def test_a_link_signs_in_when_its_button_is_pressed_and_only_once(
    stranger: TestClient, control: Control
) -> None:
    token = control.sign_in.new_link()
    for _ in range(3):  # whatever looks ahead at links does not use them up
        page = stranger.get("/sign-in", params={"token": token})
        assert f'name="token" value="{token}"' in page.text
        assert COOKIE not in page.cookies
    assert press(stranger, token=token) == 303
    assert stranger.get("/api/v1/me").json()["signed_in_by"] == "session"
    stranger.cookies.clear()
    assert press(stranger, token=token) == 403
    assert stranger.get("/api/v1/me").status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    stranger: TestClient, control: Control
) -> None:
    answer = stranger.post(
        "/sign-in", data={"token": control.sign_in.new_link()}, headers=OWN, follow_redirects=False
    )
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age=" in cookie
    assert answer.headers["location"] == "."


def test_behind_tls_the_cookie_stays_there(stranger: TestClient, control: Control) -> None:
    answer = stranger.post(
        "/sign-in",
        data={"token": control.sign_in.new_link()},
        headers={"Host": "studio.example.com", "Origin": "https://studio.example.com"},
        follow_redirects=False,
    )
    assert "secure" in answer.headers["set-cookie"].lower()


def test_the_operators_token_signs_in_too(stranger: TestClient) -> None:
    assert 'name="admin_token"' in stranger.get("/").text
    assert press(stranger, admin_token="wrong") == 403
    assert press(stranger, admin_token=TOKEN) == 303
    assert stranger.get("/api/v1/me").status_code == 200


def test_signing_out_ends_the_session(stranger: TestClient, control: Control) -> None:
    press(stranger, token=control.sign_in.new_link())
    session = stranger.cookies[COOKIE]
    assert stranger.post("/sign-out", headers=OWN, follow_redirects=False).status_code == 303
    stranger.cookies.set(COOKIE, session)
    assert stranger.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example.com"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", **OWN},
    ],
)
def test_another_sites_page_cannot_act_for_whoever_is_signed_in(
    stranger: TestClient, control: Control, headers: dict[str, str]
) -> None:
    set_up(control)
    press(stranger, token=control.sign_in.new_link())
    answer = stranger.post("/api/v1/keys", json={"name": "ci"}, headers=headers)
    assert answer.status_code == 403
    assert stranger.post("/api/v1/keys", json={"name": "ci"}, headers=OWN).status_code == 201
    assert stranger.get("/api/v1/keys", headers=headers).status_code == 200


def test_attempts_are_slowed(stranger: TestClient) -> None:
    codes = [press(stranger, token="guess") for _ in range(MOST_TOGETHER + 1)]
    assert codes[-1] == 429
    assert set(codes[:-1]) == {403}


def test_the_first_start_asks_for_the_owners_account_before_anything_else(
    stranger: TestClient, control: Control
) -> None:
    press(stranger, token=control.sign_in.new_link())
    assert 'action="set-up"' in stranger.get("/").text
    form = {"name": "Ada", "login": "ada", "password": "short"}
    refused = stranger.post("/set-up", data=form, headers=OWN)
    assert refused.status_code == 422
    assert "easy to guess" in refused.text
    made = stranger.post("/set-up", data={**form, "password": GOOD}, headers=OWN, follow_redirects=False)
    assert made.status_code == 303
    assert 'action="set-up"' not in stranger.get("/").text
    stranger.cookies.clear()
    assert press(stranger, login="ada", password="wrong") == 403
    assert press(stranger, login="ada", password=GOOD) == 303


def test_whoever_may_not_see_how_it_runs_is_welcomed_all_the_same(
    stranger: TestClient, control: Control
) -> None:
    control.accounts.create(login="bob", name="Bob", role="user", password=GOOD, actor="owner")
    press(stranger, login="bob", password=GOOD)
    page = stranger.get("/").text
    assert "Bob" in page
    assert 'action="sign-out"' in page


def test_a_page_loads_nothing_from_elsewhere_and_runs_nothing(stranger: TestClient) -> None:
    page = stranger.get("/")
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page.text)
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_assets_may_be_kept(stranger: TestClient) -> None:
    page = stranger.get("/").text
    for name, kind in (("page.css", "text/css"), ("favicon.svg", "image/svg+xml")):
        address = re.search(rf'"({re.escape(name)}\?v=\w+)"', page)
        assert address is not None
        answer = stranger.get("/" + address[1])
        assert answer.headers["content-type"].startswith(kind)
        assert "immutable" in answer.headers["cache-control"]


def test_the_readers_language(stranger: TestClient) -> None:
    page = stranger.get("/", headers={"Accept-Language": "fr"})
    assert '<html lang="fr">' in page.text
    assert "Se connecter" in page.text
    assert page.headers["cache-control"] == "no-store"
