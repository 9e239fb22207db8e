from pathlib import Path

import pytest

from tests.unit.cli.conftest import Run

SHAPE = {
    "id": str,
    "name": str,
    "project": str,
    "state": str,
    "models": list,
    "hint": str,
    "owner": str,
    "created_at": str,
    "expires_at": (str, type(None)),
    "revoked_at": (str, type(None)),
    "revision": int,
}


def test_a_new_key_is_alone_on_standard_output(run: Run) -> None:
    ran = run("keys", "create", "ci")
    assert ran.code == 0
    assert ran.out.startswith("cp-")
    assert len(ran.out.split()) == 1
    assert "not shown again" in ran.err
    assert ran.out.strip() not in run("keys", "list").out + run("keys", "list", "--json").out


def test_json_of_a_key(run: Run) -> None:
    made = run("keys", "create", "ci", "--model", "local/*", "--expires", "90d", "--json").json
    assert made.keys() == {"key", "secret", "pair"}
    listed = run("keys", "list", "--json").json
    assert listed.keys() == {"items", "next"}
    assert listed["items"][0] == made["key"]
    assert made["key"].keys() == SHAPE.keys()
    for name, kind in SHAPE.items():
        assert isinstance(made["key"][name], kind), name  # type: ignore[arg-type]  # types and tuples of types
    assert made["key"]["models"] == ["local/*"]
    assert made["key"]["state"] == "active"


def test_pages(run: Run) -> None:
    for name in ("a", "b", "c"):
        run("keys", "create", name)
    first = run("keys", "list", "--limit", "2")
    assert "--cursor" in first.err
    page = run("keys", "list", "--limit", "2", "--json").json
    assert [item["name"] for item in page["items"]] == ["c", "b"]
    rest = run("keys", "list", "--limit", "2", "--cursor", page["next"], "--json").json
    assert [item["name"] for item in rest["items"]] == ["a", "demo"]
    assert rest["next"] is None


def test_rotation_shows_the_new_secret_and_how_long_the_old_one_lives(run: Run) -> None:
    old = run("keys", "create", "ci").out
    ran = run("keys", "rotate", "ci", "--grace", "1h")
    assert ran.out.startswith("cp-")
    assert ran.out != old
    assert "stays valid until" in ran.err
    assert "no longer valid" in run("keys", "rotate", "ci", "--grace", "0s").err


def test_a_revoked_key_is_listed_on_demand(run: Run) -> None:
    run("keys", "create", "ci")
    assert run("keys", "revoke", "ci", "--yes", "--json").json["state"] == "revoked"
    assert "ci" not in run("keys", "list").out
    assert "revoked" in run("keys", "list", "--revoked").out


def test_exit_codes_tell_what_went_wrong(run: Run) -> None:
    run("keys", "create", "ci")
    assert run("keys", "create", "ci").code == 4
    assert run("keys", "revoke", "absent", "--yes").code == 3
    assert run("keys", "create", "late", "--expires", "2020-01-01").code == 2
    assert run("keys", "create", "odd", "--expires", "soon").code == 2
    assert run("keys", "list", "--limit", "0").code == 2


def test_french(run: Run) -> None:
    run("keys", "create", "ci")
    assert "État" in run("keys", "list", lang="fr").out
    assert "Copiez-la maintenant" in run("keys", "create", "x", lang="fr").err
    assert run("keys", "create", "ci", lang="fr").err.startswith("Erreur : Une clé nommée « ci »")


def test_a_value_comes_from_the_environment_only(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "a-key-of-our-own-choice")
    assert run("keys", "create", "own", "--value-env", "MY_KEY").out.strip() == "a-key-of-our-own-choice"
    assert run("keys", "create", "none", "--value-env", "NOT_SET").code == 2


def test_the_demo_key_of_the_environment_is_not_ours_to_change(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERPOINT_DEMO_KEY", "a-demo-key-of-our-own")
    ran = run("keys", "revoke", "demo", "--yes")
    assert ran.code == 4
    assert "COUNTERPOINT_DEMO_KEY" in ran.err


def test_another_folder_is_another_installation(run: Run, tmp_path: Path) -> None:
    run("keys", "create", "ci")
    assert "ci" not in run("keys", "list", "--data", str(tmp_path / "other")).out


def test_what_cannot_be_undone_is_not_done_unasked(run: Run) -> None:
    run("keys", "create", "ci")
    ran = run("keys", "revoke", "ci")
    assert ran.code == 2
    assert "--yes" in ran.err
    assert "ci" in run("keys", "list").out
    assert "--yes" in run("keys", "revoke", "ci", lang="fr").err


def test_an_edit_changes_what_it_names(run: Run) -> None:
    run("keys", "create", "ci", "--model", "local/*")
    edited = run("keys", "edit", "ci", "--name", "builds", "--expires", "2999-01-01", "--json").json
    assert (edited["name"], edited["models"]) == ("builds", ["local/*"])
    assert edited["expires_at"].startswith("2999-01-01")
    assert "builds" in run("keys", "edit", "builds", "--all-models", "--never-expires").err
    (key,) = (item for item in run("keys", "list", "--json").json["items"] if item["name"] == "builds")
    assert (key["models"], key["expires_at"]) == ([], None)
    assert run("keys", "edit", "builds").code == 2
    assert run("keys", "edit", "builds", "--model", "a", "--all-models").code == 2
    assert run("keys", "edit", "builds", "--name", "demo").code == 4
    assert run("keys", "edit", "absent", "--all-models").code == 3


def test_a_pair_is_printed_as_the_tools_of_aws_take_it(run: Run) -> None:
    made = run("keys", "create", "ci", "--aws").out.splitlines()
    assert [line.partition("=")[0] for line in made[1:]] == ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
    later = run("keys", "aws", "ci", "--grace", "1h").out.splitlines()
    assert later[0].startswith("AWS_ACCESS_KEY_ID=CPAK")
    assert later != made[1:]
    assert len(run("keys", "rotate", "ci").out.splitlines()) == 3
    assert run("keys", "aws", "ci", "--json").json["pair"]["secret_access_key"]
    assert run("keys", "aws", "absent").code == 3


def test_a_cursor_that_is_none_is_told(run: Run) -> None:
    for kind in ("keys", "providers"):
        ran = run(kind, "list", "--cursor", "xyz")
        assert ran.code == 2
        assert "xyz" in ran.err
