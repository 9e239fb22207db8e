"""What an operator enters as a secret, and what it is taken for."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.catalog.hosts import parse_row
from counterpoint.catalog.values import AUTHS, HostRow
from counterpoint.control.credentials.reading import credential_of, hint_of
from counterpoint.control.credentials.values import (
    AwsMachine,
    AwsPair,
    AwsRole,
    Credential,
    EntraApplication,
    EntraMachine,
    GoogleAccount,
    GoogleMachine,
    GoogleUser,
    IbmKey,
    Plain,
)
from counterpoint.i18n.complaint import Complaint


def row(*auth: str) -> HostRow:
    fields = {
        "display": "Cloud",
        "base_url": "https://{region}.cloud.example",
        "dialects": {"openai-chat": "/chat"},
        "settings": {"region": {"description": "region", "default": "eu-west-1"}},
        "auth": list(auth),
        "token_scope": "scope",
        "signing_service": "bedrock",
    }
    return parse_row("cloud", fields)


def read(secret: object, *auth: str) -> Credential | None:
    text = secret if isinstance(secret, str) else json.dumps(secret)
    return credential_of(row(*auth), text, {})


def test_each_kind_is_recognised() -> None:
    account = {"type": "service_account", "client_email": "e", "private_key": "k", "private_key_id": "i"}
    assert read(account, "google") == GoogleAccount("e", "k", "i", scope="scope")
    user = {"type": "authorized_user", "client_id": "c", "client_secret": "s", "refresh_token": "r"}
    assert read(user, "google") == GoogleUser("c", "s", "r")
    entra = {"tenant_id": "t", "client_id": "c", "client_secret": "s"}
    assert read(entra, "header", "entra") == EntraApplication("t", "c", "s", "scope")
    pair = {"access_key_id": "AKIA", "secret_access_key": " s\n"}
    assert read(pair, "aws") == AwsPair("AKIA", "s")
    role = {**pair, "role_arn": "arn", "external_id": "x"}
    assert read(role, "aws") == AwsRole("arn", AwsPair("AKIA", "s"), "eu-west-1", "x")
    assert read("an-api-key", "ibm") == IbmKey("an-api-key")
    assert read("an-api-key", "header", "aws") == Plain("an-api-key")
    assert credential_of(row("aws"), None, {}) is None


def test_the_machines_identity_is_the_clouds() -> None:
    machine = {"type": "machine"}
    assert read(machine, "header", "google") == GoogleMachine("scope")
    assert read({**machine, "client_id": "c"}, "entra") == EntraMachine("scope", "c")
    assert read(machine, "aws") == AwsMachine("eu-west-1")
    assert read({**machine, "role_arn": "arn"}, "aws") == AwsRole("arn", AwsMachine("eu-west-1"), "eu-west-1")
    with pytest.raises(Complaint, match="takes no credentials of the kind 'machine'"):
        read(machine, "header")


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        ("{", "no JSON"),
        ({}, "no credentials that are known"),
        ({"type": "external_account"}, "no credentials that are known"),
        ({"type": "service_account", "client_email": "e"}, "private_key"),
        ({"access_key_id": "a", "secret_access_key": 5}, "secret_access_key"),
        (
            {"tenant_id": "t", "client_id": "c", "client_secret": "s"},
            "takes no credentials of the kind 'entra'",
        ),
        (
            {"type": "service_account", "client_email": "e", "private_key": "k", "token_uri": "http://evil"},
            "must begin with https",
        ),
    ],
)
def test_what_is_missing_or_out_of_place_is_told(secret: object, words: str) -> None:
    with pytest.raises(Complaint, match=words):
        read(secret, "google", "aws")


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists, max_leaves=4
)
_NAMES = st.sampled_from(
    [
        "type",
        "client_email",
        "private_key",
        "tenant_id",
        "client_id",
        "client_secret",
        "access_key_id",
        "role_arn",
    ]
)


@given(fields=st.dictionaries(_NAMES, _VALUES | st.sampled_from(["machine", "service_account"])))
def test_any_json_is_a_credential_or_a_sentence(fields: dict[str, object]) -> None:
    said = ""
    try:
        read(fields, *AUTHS)
    except Complaint as complaint:
        said = complaint.text("fr")
    assert "{" not in said.replace('{"type"', "")


def test_credentials_are_recognised_by_their_public_part() -> None:
    assert hint_of('{"type": "service_account", "client_email": "a@p", "private_key": "k"}') == "a@p"
    assert hint_of('{"access_key_id": "AKIA1", "secret_access_key": "hush"}') == "AKIA1"
    assert hint_of('{"type": "machine"}') == "machine"
    assert hint_of("sk-a-long-plain-secret") == "…cret"
    assert hint_of("{") == "…"
