import json

from tests.unit.cli.conftest import Run


def test_a_budget_is_set_shown_changed_and_removed(run: Run) -> None:
    made = json.loads(run("budgets", "set", "500", "--json").out)
    assert (made["amount"], made["per"]) == ("500", "month")
    listed = run("budgets", "list").out
    assert "organisation" in listed
    assert "500" in listed
    run("budgets", "set", "80", "--id", made["id"])
    shown = run("budgets", "show", made["id"]).out
    assert "80" in shown
    assert "too little" in shown
    assert json.loads(run("budgets", "show", made["id"], "--json").out)["spending"]["forecast"] is None
    assert run("budgets", "remove", made["id"], "--yes").code == 0
    assert run("budgets", "show", made["id"]).code == 3


def test_what_cannot_be_set(run: Run) -> None:
    assert run("budgets", "set", "much").code == 2
    assert run("budgets", "set", "1.5", "--measure", "tokens").code == 2
    assert run("budgets", "set", "5", "--scope", "project", "--of", "absent").code == 3


def test_raises_are_asked_for_and_decided(run: Run) -> None:
    budget = json.loads(run("budgets", "set", "4", "--measure", "concurrent", "--json").out)["id"]
    granted = json.loads(run("budgets", "raise", budget, "2", "--reason", "load", "--approve", "--json").out)
    assert granted["state"] == "approved"
    asked = json.loads(run("budgets", "raise", budget, "9", "--reason", "more", "--json").out)["id"]
    assert "open" in run("budgets", "raises", "--state", "open").out
    assert run("budgets", "refuse", asked, "--note", "enough").code == 0
    assert run("budgets", "approve", asked).code == 4
    assert json.loads(run("budgets", "show", budget, "--json").out)["budget"]["allowed"] == "6"
