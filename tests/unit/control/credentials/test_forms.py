"""What a person is asked for, and what is found without asking."""

import json
from pathlib import Path

import pytest

from counterpoint.catalog.hosts import bundled_hosts
from counterpoint.control.credentials.forms import forms_for, found_in, of_this_machine
from counterpoint.control.credentials.reading import credential_of
from counterpoint.control.credentials.values import AwsPair, EntraApplication, EntraMachine, GoogleUser
from counterpoint.i18n.complaint import Complaint

ROWS = bundled_hosts()


def test_a_form_for_each_kind_that_a_host_takes() -> None:
    assert [form.kind for form in forms_for(ROWS["openai"])] == ["header"]
    assert [form.kind for form in forms_for(ROWS["bedrock"])] == ["header", "aws", "machine"]
    assert [form.kind for form in forms_for(ROWS["vertex"])] == ["google", "header", "machine"]
    assert [form.kind for form in forms_for(ROWS["watsonx"])] == ["ibm"]
    for row in ROWS.values():
        for form in forms_for(row):
            assert all(
                field.hidden for field in form.fields if "secret" in field.name or "token" in field.name
            )


def test_what_a_form_asks_for_is_what_is_understood() -> None:
    for name, kind in (("azure", "entra"), ("bedrock", "aws")):
        (form,) = (form for form in forms_for(ROWS[name]) if form.kind == kind)
        text = json.dumps({field.name: "x" for field in form.fields if field.required})
        assert isinstance(credential_of(ROWS[name], text, {}), EntraApplication | AwsPair)
    assert isinstance(credential_of(ROWS["azure"], of_this_machine(), {}), EntraMachine)


def test_what_the_clouds_own_tools_would_find(tmp_path: Path) -> None:
    aws = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s"}
    found = found_in(ROWS["bedrock"], aws)
    assert found is not None
    assert credential_of(ROWS["bedrock"], found[1], {}) == AwsPair("AKIA", "s")
    assert found_in(ROWS["openai"], aws) is None
    assert found_in(ROWS["bedrock"], {"AWS_ACCESS_KEY_ID": "AKIA"}) is None
    azure = {"AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c", "AZURE_CLIENT_SECRET": "s"}
    found = found_in(ROWS["azure"], azure)
    assert found is not None
    assert found[0] == "AZURE_TENANT_ID"
    file = tmp_path / "adc.json"
    file.write_text(
        '{"type": "authorized_user", "client_id": "c", "client_secret": "s", "refresh_token": "r"}'
    )
    found = found_in(ROWS["vertex"], {"GOOGLE_APPLICATION_CREDENTIALS": str(file)})
    assert found is not None
    assert credential_of(ROWS["vertex"], found[1], {}) == GoogleUser("c", "s", "r")
    with pytest.raises(Complaint, match="absent"):
        found_in(ROWS["vertex"], {"GOOGLE_APPLICATION_CREDENTIALS": "/absent"})
