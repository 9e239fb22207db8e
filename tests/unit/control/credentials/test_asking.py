"""One question to a token server: whatever comes back is an answer or a sentence."""

import pytest

from counterpoint.control.credentials.asking import ask, ask_form, lifetime_in, token_in
from counterpoint.i18n.complaint import Complaint
from tests.unit.control.credentials.token_server import token_server


def test_a_failing_server_is_told_apart_from_a_refusal() -> None:
    with token_server(lambda _: (503, "<b>busy</b>")) as server:
        with pytest.raises(Complaint, match="503") as told:
            ask_form("Google", server.url, {})
        assert told.value.kind == "unavailable"
    with token_server(lambda _: (400, {"message": "no"})) as server:
        with pytest.raises(Complaint, match="400: no") as told:
            ask_form("IBM Cloud", server.url, {})
        assert told.value.kind == "invalid"


def test_redirects_are_not_followed() -> None:
    with token_server(lambda _: (302, {})) as server, pytest.raises(Complaint):
        ask_form("Google", server.url, {"secret": "s"})
    assert len(server.asked) == 1


def test_addresses_that_are_none() -> None:
    for url in ("http://127.0.0.1:1/", "http://", "https://127.0.0.1:1"):
        with pytest.raises(Complaint, match="cannot be reached"):
            ask("Google", "GET", url, {}, seconds=2)


def test_what_a_token_may_be() -> None:
    assert token_in("Google", "https://x", {"access_token": "ya29.A-_~+/="}) == "ya29.A-_~+/="
    for token in ("", None, 5, "a\r\nx: y", "é"):
        with pytest.raises(Complaint):
            token_in("Google", "https://x", {"access_token": token})


def test_how_long_it_is_good_for() -> None:
    assert lifetime_in({"expires_in": "600"}) == 600
    assert lifetime_in({}) == lifetime_in({"expires_in": None}) == lifetime_in({"expires_in": "soon"}) == 3600
    assert lifetime_in({"expires_in": 0}) == 60
