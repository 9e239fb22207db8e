"""Google's tokens, from a server that checks signatures as Google does."""

import json
import time
from pathlib import Path

import pytest

from counterpoint.control.credentials.google import fetch_google
from counterpoint.control.credentials.values import GoogleAccount, GoogleMachine, GoogleUser
from counterpoint.i18n.complaint import Complaint
from tests.unit.control.credentials.token_server import PEM, Asked, Reply, claims_of, token_server

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
GIVEN = {"access_token": "ya29.x", "expires_in": 3599, "token_type": "Bearer"}


def test_a_service_account_signs_for_itself() -> None:
    def google(asked: Asked) -> Reply:
        said = claims_of(asked.form["assertion"])
        assert asked.form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        assert (said["alg"], said["kid"], said["iss"]) == ("RS256", "k1", "a@p.iam.gserviceaccount.com")
        assert (said["scope"], said["aud"]) == (SCOPE, f"{server.url}/token")
        assert abs(said["iat"] - time.time()) < 60
        assert said["exp"] - said["iat"] == 3600
        return 200, GIVEN

    with token_server(google) as server:
        account = GoogleAccount("a@p.iam.gserviceaccount.com", PEM, "k1", f"{server.url}/token", SCOPE)
        grant = fetch_google(account, {})
    assert grant.token == "ya29.x"
    assert 3500 < grant.expires - time.time() <= 3599


def test_what_google_says_of_a_refusal_is_told_with_what_to_do() -> None:
    refusal = {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
    with token_server(lambda _: (400, refusal)) as server:
        account = GoogleAccount("a", PEM, "k1", f"{server.url}/token", SCOPE)
        with pytest.raises(Complaint, match="Invalid JWT Signature") as refused:
            fetch_google(account, {})
    assert "replace the secret" in refused.value.text("en")
    assert "BEGIN" not in repr(account)


def test_a_key_that_is_none_is_told_before_anybody_is_asked() -> None:
    with pytest.raises(Complaint, match="private_key"):
        fetch_google(GoogleAccount("a", "-----BEGIN nothing", "k1"), {})


def test_a_person_who_signed_in() -> None:
    def google(asked: Asked) -> Reply:
        assert asked.form == {
            "grant_type": "refresh_token",
            "client_id": "c",
            "client_secret": "s",
            "refresh_token": "r",
        }
        return 200, GIVEN

    with token_server(google) as server:
        assert fetch_google(GoogleUser("c", "s", "r", server.url), {}).token == "ya29.x"


def test_the_machines_own_identity_is_a_file_or_its_metadata(tmp_path: Path) -> None:
    def google(asked: Asked) -> Reply:
        if asked.method == "GET":
            assert asked.headers["metadata-flavor"] == "Google"
            assert asked.path == "/computeMetadata/v1/instance/service-accounts/default/token"
            return 200, {**GIVEN, "access_token": "of-the-machine"}
        return 200, {**GIVEN, "access_token": "of-the-file"}

    with token_server(google) as server:
        environ = {"GCE_METADATA_HOST": server.place, "HOME": str(tmp_path)}
        assert fetch_google(GoogleMachine(SCOPE), environ).token == "of-the-machine"
        file = tmp_path / "adc.json"
        account = {
            "type": "service_account",
            "client_email": "a",
            "private_key": PEM,
            "token_uri": server.url,
        }
        file.write_text(json.dumps(account))
        named = {**environ, "GOOGLE_APPLICATION_CREDENTIALS": str(file)}
        assert fetch_google(GoogleMachine(SCOPE), named).token == "of-the-file"
        file.write_text('{"type": "external_account"}')
        with pytest.raises(Complaint, match="external_account"):
            fetch_google(GoogleMachine(SCOPE), named)


def test_no_server_is_a_sentence() -> None:
    with (
        token_server(lambda _: (200, "<html>")) as server,
        pytest.raises(Complaint, match="answered is none"),
    ):
        fetch_google(GoogleUser("c", "s", "r", server.url), {})
    with pytest.raises(Complaint, match="cannot be reached"):
        fetch_google(GoogleUser("c", "s", "r", server.url), {})
