"""Routes are listed, shown, and checked for whether anything answers to them."""

from pathlib import Path

import pytest

from counterpoint.app.compose import open_control
from counterpoint.app.settings import Settings
from counterpoint.directory.routes import Check, Constraints, Route, Target
from tests.unit.cli.conftest import Run


@pytest.fixture(autouse=True)
def routes(run: Run, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROQ_API_KEY", "gsk-a-secret-for-the-test")
    assert run("providers", "add", "groq", "--no-test").code == 0
    small, large = "groq/openai/gpt-oss-20b", "groq/openai/gpt-oss-120b"
    with open_control(Settings(data=data)) as control:
        check = Check("confidence", 0.8)
        control.routes.add(Route("climb", "cascade", (Target(small, check=check), Target(large))))
        control.routes.add(
            Route("home", targets=(Target(small),), constraints=Constraints(residency=("FR",)))
        )


def test_they_are_listed(run: Run) -> None:
    ran = run("routes", "list")
    assert ran.code == 0
    assert "climb" in ran.out
    assert "cascade" in ran.out
    assert [item["name"] for item in run("routes", "list", "--json").json["items"]] == ["climb", "home"]


def test_one_is_shown(run: Run) -> None:
    ran = run("routes", "show", "climb")
    assert "confidence ≥ 0.8" in ran.out
    assert "residency = FR" in run("routes", "show", "home").out
    assert run("routes", "show", "nobody").code == 3


def test_one_that_nothing_answers_to_is_a_no(run: Run) -> None:
    ran = run("routes", "check")
    assert ran.code == 1
    assert "climb: 2 of 2 candidates may answer." in ran.out
    assert "home: 0 of 1 candidates may answer." in ran.out
    assert "only FR is allowed" in ran.out
    assert run("routes", "check", "climb").code == 0
    assert run("routes", "check", "--json").json["ok"] is False
