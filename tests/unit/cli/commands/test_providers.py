from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosts import FakeHost, fake_host
from tests.unit.cli.conftest import Run

SECRET = "sk-the-right-secret-of-this-host"


@pytest.fixture
def host() -> Iterator[FakeHost]:
    with fake_host(SECRET) as running:
        running.lists("tiny-1", "tiny-2")
        yield running


@pytest.fixture
def connected(run: Run, host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    monkeypatch.setenv("HOST_KEY", SECRET)
    ran = run("providers", "add", "mine", "--base-url", f"{host.url}/v1", "--secret-env", "HOST_KEY")
    assert ran.code == 0, ran.err
    assert "connected" in ran.out
    return host


@pytest.mark.usefixtures("connected")
def test_a_provider_is_tried_listed_and_removed(run: Run) -> None:
    (listed,) = run("providers", "list", "--json").json["items"]
    assert (listed["name"], listed["state"], listed["found_models"]) == ("mine", "ready", 2)
    assert listed["secret"] == f"…{SECRET[-4:]}"
    tested = run("providers", "test", "mine", "--json").json
    assert tested["ok"] is True
    assert tested["models"] == ["tiny-1", "tiny-2"]
    assert run("explain", "mine/tiny-1", "--json").json["candidates"][0]["chosen"] is True
    assert run("providers", "disable", "mine", "--json").json["state"] == "disabled"
    assert run("explain", "mine/tiny-1").code == 3
    assert "in use" in run("providers", "enable", "mine").err
    assert run("providers", "remove", "mine", "--yes").code == 0
    assert run("providers", "remove", "mine", "--yes").code == 3
    assert run("providers", "disable", "mine").code == 3


@pytest.mark.usefixtures("connected")
def test_no_output_holds_the_secret(run: Run, data: Path) -> None:
    shown = "".join(
        ran.out + ran.err
        for ran in (
            run("providers", "list"),
            run("providers", "list", "--json"),
            run("providers", "test", "mine", "--json"),
            run("config", "show", "--json"),
        )
    )
    assert SECRET not in shown
    assert SECRET.encode() not in (data / "counterpoint.sqlite3").read_bytes()


def test_what_does_not_work_is_not_added(run: Run, host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST_KEY", "sk-a-wrong-secret-altogether")
    arguments = ("providers", "add", "mine", "--base-url", f"{host.url}/v1", "--secret-env", "HOST_KEY")
    ran = run(*arguments)
    assert ran.code == 1
    assert "refused the secret" in ran.err
    assert "sk-a-wrong" not in ran.err
    assert run("providers", "list", "--json").json["items"] == []
    assert run(*arguments, "--no-test").code == 0
    assert run("providers", "test", "mine").code == 1


def test_a_secret_comes_by_standard_input(run: Run, host: FakeHost) -> None:
    arguments = ("providers", "add", "mine", "--base-url", f"{host.url}/v1", "--secret-stdin", "--json")
    added = run(*arguments, stdin=SECRET + "\n").json
    assert added["test"]["ok"] is True
    assert added["provider"]["secret"].endswith(SECRET[-4:])
    assert run("providers", "set-secret", "mine", "--secret-stdin", stdin="").code == 2
    changed = run(
        "providers", "set-secret", "mine", "--secret-stdin", "--json", stdin="another-secret-1234"
    ).json
    assert changed["secret"] == "…1234"


def test_the_usual_variable_is_used_and_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GROQ_API_KEY", raising=False)
    ran = run("providers", "add", "groq", "--no-test")
    assert ran.code == 2
    assert "--secret-env GROQ_API_KEY" in ran.err
    monkeypatch.setenv("GROQ_API_KEY", "gsk-a-secret-for-the-test")
    ran = run("providers", "add", "groq", "--no-test")
    assert ran.code == 0
    assert "GROQ_API_KEY" in ran.err


def test_credentials_come_from_a_file_or_are_the_machines(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "pair.json"
    file.write_text('{"access_key_id": "AKIA1", "secret_access_key": "hush-hush"}')
    ran = run("providers", "add", "bedrock", "--secret-file", str(file), "--no-test", "--json")
    assert ran.json["provider"]["secret"] == "AKIA1"
    assert "hush" not in ran.out
    machine = run("providers", "set-secret", "bedrock", "--machine", "--json")
    assert machine.json["secret"] == "machine"
    assert run("providers", "set-secret", "bedrock", "--secret-file", "/absent").code == 2
    refused = run("providers", "add", "openai", "--machine", "--no-test")
    assert refused.code == 2
    assert "takes no credentials of the kind 'machine'" in refused.err


def test_exit_codes_and_hints(run: Run) -> None:
    ran = run("providers", "add", "groqq", "--no-test")
    assert ran.code == 3
    assert "groq" in ran.err
    assert run("providers", "test", "absent").code == 3
    assert (
        run("providers", "add", "x", "--base-url", "http://127.0.0.1:9/v1", "--setting", "noequals").code == 2
    )
    assert run("providers", "add", "x", "--secret-env", "NOT_SET_ANYWHERE").code in {2, 3}


def test_french(run: Run) -> None:
    assert "Il n'y a pas encore de fournisseur" in run("providers", "list", lang="fr").err
