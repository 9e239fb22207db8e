"""Tokens of Microsoft Entra ID."""

import time
from pathlib import Path

import pytest

from counterpoint.control.credentials.entra import fetch_entra
from counterpoint.control.credentials.values import EntraApplication, EntraMachine
from counterpoint.i18n.complaint import Complaint
from tests.unit.control.credentials.token_server import Asked, Reply, token_server

SCOPE = "https://cognitiveservices.azure.com/.default"


def test_an_application_shows_its_secret() -> None:
    def entra(asked: Asked) -> Reply:
        assert asked.path == "/contoso.example/oauth2/v2.0/token"
        assert asked.form == {
            "grant_type": "client_credentials",
            "client_id": "c",
            "client_secret": "s",
            "scope": SCOPE,
        }
        return 200, {"token_type": "Bearer", "expires_in": 3599, "access_token": "eyJ0"}

    with token_server(entra) as server:
        grant = fetch_entra(EntraApplication("contoso.example", "c", "s", SCOPE, server.url), {})
    assert grant.token == "eyJ0"
    assert 3500 < grant.expires - time.time() < 3600


def test_a_secret_that_has_expired_is_told() -> None:
    words = "AADSTS7000222: The provided client secret keys for app 'c' are expired."
    refusal = {"error": "invalid_client", "error_description": words}
    with (
        token_server(lambda _: (401, refusal)) as server,
        pytest.raises(Complaint, match="AADSTS7000222") as told,
    ):
        fetch_entra(EntraApplication("t", "c", "s", SCOPE, server.url), {})
    assert "has not expired" in told.value.text("en")


def test_the_identity_of_a_virtual_machine() -> None:
    def imds(asked: Asked) -> Reply:
        assert asked.path == "/metadata/identity/oauth2/token"
        assert asked.headers["metadata"] == "true"
        assert asked.query == {
            "api-version": "2018-02-01",
            "resource": "https://cognitiveservices.azure.com",
            "client_id": "mine",
        }
        return 200, {"access_token": "eyJ1", "expires_in": "86000", "expires_on": "1"}

    with token_server(imds) as server:
        environ = {"AZURE_POD_IDENTITY_AUTHORITY_HOST": server.url}
        grant = fetch_entra(EntraMachine(SCOPE, "mine"), environ)
    assert grant.token == "eyJ1"
    assert grant.expires - time.time() > 80000


def test_the_identity_of_an_app() -> None:
    def service(asked: Asked) -> Reply:
        assert asked.headers["x-identity-header"] == "h"
        assert asked.query["api-version"] == "2019-08-01"
        return 200, {"access_token": "eyJ2", "expires_on": str(int(time.time()) + 1000)}

    with token_server(service) as server:
        environ = {"IDENTITY_ENDPOINT": f"{server.url}/msi/token", "IDENTITY_HEADER": "h"}
        grant = fetch_entra(EntraMachine(SCOPE), environ)
    assert 900 < grant.expires - time.time() < 1001


def test_the_identity_of_a_pod(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("vouched\n")

    def entra(asked: Asked) -> Reply:
        assert asked.path == "/tenant/oauth2/v2.0/token"
        assert asked.form["client_assertion"] == "vouched"
        assert asked.form["client_id"] == "pod"
        assert asked.form["client_assertion_type"].endswith("jwt-bearer")
        return 200, {"access_token": "eyJ3", "expires_in": 3600}

    with token_server(entra) as server:
        environ = {
            "AZURE_FEDERATED_TOKEN_FILE": str(file),
            "AZURE_AUTHORITY_HOST": f"{server.url}/",
            "AZURE_TENANT_ID": "tenant",
            "AZURE_CLIENT_ID": "pod",
        }
        assert fetch_entra(EntraMachine(SCOPE), environ).token == "eyJ3"
        file.unlink()
        with pytest.raises(Complaint, match="cannot be used"):
            fetch_entra(EntraMachine(SCOPE), environ)
