from pathlib import Path

import pytest
from msgspec import structs

from counterpoint.app.compose import open_control
from counterpoint.app.settings import Settings
from counterpoint.control.config_check import load
from counterpoint.ledger import Attempt
from counterpoint.storage.ledger import add_entries
from tests.entries import make_entry
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
    first = found["candidates"][0]
    assert {name: first[name] for name in ("offering", "chosen", "reason", "code", "losses")} == {
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
    assert "the key may not use it" in ran.out
    assert run("explain", "gpt-oss-20b", "--key", "absent").code == 3


def test_aliases_of_the_file_are_followed(run: Run, data: Path) -> None:
    with open_control(Settings(data=data)) as control:
        control.rules.replace([("fast", "gpt-oss-20b")], [])
    ran = run("explain", "fast", lang="fr")
    assert "Chemin : fast → gpt-oss-20b" in ran.out
    assert "« fast » désigne groq/openai/gpt-oss-20b." in ran.out


def test_the_policy_on_losses_is_told(run: Run, data: Path) -> None:
    assert "Losses" not in run("explain", "gpt-oss-20b").out
    with open_control(Settings(data=data)) as control:
        control.rules.replace([], [], [("groq/*", "refuse; severity=meaning")])
    assert "refuse; severity=meaning" in run("explain", "gpt-oss-20b").out
    (first, *_) = run("explain", "gpt-oss-20b", "--json").json["candidates"]
    assert (first["offering"], first["losses"]) == ("groq/openai/gpt-oss-20b", "refuse; severity=meaning")


ROUTED = """
[[routes]]
name = "careful"
policy = "weighted"
targets = [{ model = "groq/openai/gpt-oss-20b", weight = 3 }, "groq/llama-3.3-70b-versatile"]
[[projects]]
name = "legal"
data_class = "secret"
constraints = { licences = ["Apache-*"] }
"""


def _declared(data: Path) -> None:
    data.mkdir(exist_ok=True)
    (data / "counterpoint.toml").write_text(ROUTED)
    settings = Settings(data=data, config=data / "counterpoint.toml")
    configuration = load(data / "counterpoint.toml")
    with open_control(structs.replace(settings, configuration=configuration), starting=True) as control:
        control.declare()


def test_a_route_is_explained_with_its_shares_and_prices(run: Run, data: Path) -> None:
    _declared(data)
    ran = run("explain", "careful", "--tokens", "1000")
    assert ran.code == 0
    assert "Route 'careful', policy 'weighted'." in ran.out
    assert "USD" in ran.out
    found = run("explain", "careful", "--json").json
    assert [item["chosen"] for item in found["candidates"]] == [True, True]
    assert found["candidates"][0]["share"] + found["candidates"][1]["share"] == 1


def test_what_a_project_may_not_send_somewhere_is_told(run: Run, data: Path) -> None:
    _declared(data)
    ran = run("explain", "careful", "--project", "legal")
    assert ran.code == 0
    assert "class of its data: secret" in ran.out
    assert "its licence is LicenseRef-Llama-3.3" in ran.out


def test_afterwards_a_request_tells_who_was_asked(run: Run, data: Path) -> None:
    entry = make_entry(
        requested="careful",
        route="careful",
        attempts=(
            Attempt("groq/one", 500, "upstream_error", micros=200_000),
            Attempt("groq/two", 200, micros=900_000, after=450_000, reason="fallback"),
        ),
    )
    with open_control(Settings(data=data)) as control:
        entry = structs.replace(entry, organisation=control.beginning.organisation_id)
        with control.database.write() as connection:
            add_entries(connection, [entry])
    ran = run("explain", entry.id)
    assert ran.code == 0
    assert "groq/one" in ran.out
    assert "the one before failed" in ran.out
    assert run("explain", entry.id, "--json").json["attempts"][1]["reason"] == "fallback"
    assert run("explain", "01932f6e-8a5d-7c1e-9b51-0d6a3c1f2b7e").code == 3
