"""Tokens of IBM Cloud."""

import pytest

from counterpoint.control.credentials.ibm import fetch_ibm
from counterpoint.control.credentials.values import IbmKey
from counterpoint.i18n.complaint import Complaint
from tests.unit.control.credentials.token_server import Asked, Reply, token_server


def iam(asked: Asked) -> Reply:
    assert asked.path == "/identity/token"
    assert asked.form["grant_type"] == "urn:ibm:params:oauth:grant-type:apikey"
    if asked.form["apikey"] != "right":
        return 400, {"errorCode": "BXNIM0415E", "errorMessage": "Provided API key could not be found."}
    return 200, {"access_token": "eyJ", "refresh_token": "not_supported", "expires_in": 3600}


def test_a_key_becomes_a_token() -> None:
    with token_server(iam) as server:
        assert fetch_ibm(IbmKey("right", server.url)).token == "eyJ"
        with pytest.raises(Complaint, match="could not be found"):
            fetch_ibm(IbmKey("wrong", server.url))
