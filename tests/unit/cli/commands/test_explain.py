from pathlib import Path

import pytest

from counterpoint.app.compose import open_control
from counterpoint.app.settings import Settings
from tests.unit.cli.conftest import Run


@pytest.fixture(autouse=True)
def provider(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROQ_API_KEY", "gsk-a-secret-for-the-test")
    assert run("providers", "add", "groq", "--no-test").code == 0


def test_a_bare_name_is_explained(run: Run) -> None:
    ran = run("explain", "gpt-oss-20b")
    assert ran.code == 0
    assert "'gpt-oss-20b' uses groq/openai/gpt-oss-20b." in ran.out
    found = run("explain", "gpt-oss-20b", "--json").json
    assert found["candidates"][0] == {
        "offering": "groq/openai/gpt-oss-20b",
        "chosen": True,
        "reason": "groq is configured and speaks openai-chat",
        "code": "kept",
        "losses": None,
    }


def test_an_unknown_name_gets_the_nearest(run: Run) -> None:
    ran = run("explain", "gpt-os-20b")
    assert ran.code == 3
    assert "gpt-oss-20b" in ran.err


def test_known_but_unable_is_a_no(run: Run) -> None:
    ran = run("explain", "gpt-oss-20b", "--operation", "embed")
    assert ran.code == 1
    assert "does not offer the operation 'embed'" in ran.out


def test_a_key_that_may_not(run: Run) -> None:
    run("keys", "create", "local-only", "--model", "local/*")
    ran = run("explain", "gpt-oss-20b", "--key", "local-only")
    assert ran.code == 1
    assert "the key 'local-only' may not use it" in ran.out
    assert run("explain", "gpt-oss-20b", "--key", "absent").code == 3


def test_aliases_of_the_file_are_followed(run: Run, data: Path) -> None:
    with open_control(Settings(data=data)) as control:
        control.rules.replace([("fast", "gpt-oss-20b")], [])
    ran = run("explain", "fast", lang="fr")
    assert "Alias : fast → gpt-oss-20b" in ran.out
    assert "« fast » désigne groq/openai/gpt-oss-20b." in ran.out


def test_the_policy_on_losses_is_told(run: Run, data: Path) -> None:
    assert "Losses" not in run("explain", "gpt-oss-20b").out
    with open_control(Settings(data=data)) as control:
        control.rules.replace([], [], [("groq/*", "refuse; severity=meaning")])
    assert "refuse; severity=meaning" in run("explain", "gpt-oss-20b").out
    (first, *_) = run("explain", "gpt-oss-20b", "--json").json["candidates"]
    assert (first["offering"], first["losses"]) == ("groq/openai/gpt-oss-20b", "refuse; severity=meaning")
