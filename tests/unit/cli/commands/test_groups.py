from pathlib import Path

from counterpoint.app.compose import open_control
from counterpoint.app.settings import Settings
from tests.unit.cli.conftest import Run


def test_groups_are_made_filled_listed_and_removed(run: Run, data: Path) -> None:
    with open_control(Settings(data=data)) as control:
        for login in ("ada", "bob"):
            control.accounts.create(login=login, name=login, role="user", actor="owner")
    assert "no groups yet" in run("groups", "list").err
    assert run("groups", "add", "Finance", "--member", "ada").code == 0
    assert run("groups", "members", "Finance", "ada", "bob").code == 0
    assert "ada, bob" in run("groups", "list").out
    assert run("groups", "members", "Finance", "nobody").code == 3
    assert run("groups", "remove", "Finance").code != 0
    assert run("groups", "remove", "Finance", "--yes").code == 0
    assert run("groups", "list", "--json").json["items"] == []
