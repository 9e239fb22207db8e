from pathlib import Path

import pytest

from counterpoint.app.compose import open_control
from counterpoint.app.knowing import Knowing
from counterpoint.app.settings import Settings
from counterpoint.knowledge.administering import NewSource
from tests.unit.cli.conftest import Run


@pytest.fixture
def notice(data: Path) -> None:
    """A document that everybody may see."""
    with open_control(Settings(data=data)) as control:
        control.accounts.create(login="ada", name="Ada", role="user", actor="owner")
        knowing = Knowing(control, str)
        sources = knowing.service().sources
        source = sources.add(NewSource(name="Handbook", kind="upload", readers=("user:ada",)))
        text = b"# Handbook\n\nThe notice period for managers is three months."
        sources.put_file(source.row.id, "notice.md", text, control.groups.asker(None))
        syncing = knowing.syncing()
        while syncing.work_once():
            pass
        knowing.close()


@pytest.mark.usefixtures("notice")
def test_what_may_be_seen_is_found_and_told_from(run: Run) -> None:
    found = run("search", "notice period", "--as", "ada")
    assert "Handbook: notice.md" in found.out
    assert "by word alone" in found.err
    assert "Nothing was found" in run("search", "notice period").err
    assert run("search", "notice", "--as", "ada", "--json").json["items"][0]["path"] == "notice.md"
    told = run("ask", "What is the notice period for managers?", "--as", "ada")
    assert (told.code, told.out) == (0, "The notice period for managers is three months.\n  notice.md\n")
